import { auditDone, type Ctx, traceRefusal } from "../context.ts";
import type { CancelSignal } from "../ports/cancel-signal.ts";
import { CaError } from "../ports/certificate-authority.ts";
import type { MaterialInput } from "../ports/material-reader.ts";
import { type Refusal, refuse } from "../refusal.ts";
import type { OrderId } from "../values/ids.ts";
import { downloadRefusal } from "./download-policy.ts";
import { getOrder } from "./get-order.ts";
import { latestIssuance } from "./order.ts";
import { orderSubject } from "./order-subject.ts";

/**
 * Fetches the certificate in force and its intermediates from the order's CA, for the import that follows. Resolves to
 * the files as the CA gave them; nothing of them is kept, only the trace that they were fetched. Throws `not-found`,
 * what `downloadRefusal` says, or `ca-error` with the CA's words; refused acts are traced.
 */
export async function downloadFromCa(
  ctx: Ctx,
  orderId: OrderId,
  signal: CancelSignal,
): Promise<readonly MaterialInput[]> {
  const { row, account } = await getOrder(ctx, orderId);
  const { order } = row;
  const trace = { act: "order.download", subject: orderSubject(order) } as const;
  const refused = async (refusal: Refusal, cause?: unknown) =>
    refuse(await traceRefusal(ctx, ctx.clock.now(), trace, refusal), cause);
  const { status } = order;
  const { capabilities, state: accountState } = account;
  const mayImport = ctx.actor.rights.has("certificates:import");
  const refusal = downloadRefusal({ mayImport, capabilities, accountState, status });
  if (refusal) throw await refused(refusal);
  try {
    const authority = await ctx.openAuthority(account, "person");
    const caCertificateId = latestIssuance(order)?.caCertificateId ?? null;
    const inputs = await authority.download?.({ caOrderId: order.caOrderId, caCertificateId }, signal);
    if (!inputs) throw await refused({ code: "download-unsupported" });
    await ctx.store.commit({ writes: [], audit: [auditDone(ctx, ctx.clock.now(), trace)] });
    return inputs;
  } catch (error) {
    if (!(error instanceof CaError)) throw error;
    throw await refused({ code: "ca-error", kind: error.kind, caMessage: error.caMessage }, error);
  }
}
