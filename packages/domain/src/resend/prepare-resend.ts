import type { Ctx } from "../context.ts";
import { getOrder, type OrderDetails, refreshOrder } from "../order/get-order.ts";
import type { EmailKind } from "../order/order.ts";
import type { CancelSignal } from "../ports/cancel-signal.ts";
import { type Refusal, RefusalError } from "../refusal.ts";
import type { OrderId } from "../values/ids.ts";
import type { ResendPolicy } from "./resend-policy.ts";

/** What a confirmation shows before a mail is asked for. */
export interface ResendPreparation {
  readonly details: OrderDetails;
  /** Mails of this kind to the order's recipients within the last 24 hours; the highest count of them. */
  readonly mailsToday: number;
  readonly policy: ResendPolicy;
  /** Why the order could not be read afresh; what is shown is then as old as its `syncedAt`. */
  readonly refreshFault: Refusal | null;
}

/** Reads the order afresh, so that the person confirms today's address. A CA that does not answer is told, not hidden. */
export async function prepareResend(
  ctx: Ctx,
  input: { readonly orderId: OrderId; readonly kind: EmailKind },
  signal: CancelSignal,
): Promise<ResendPreparation> {
  let refreshFault: Refusal | null = null;
  const details = await refreshOrder(ctx, input.orderId, signal).catch(async (error: unknown) => {
    if (!(error instanceof RefusalError) || !isCaTrouble(error.refusal)) throw error;
    refreshFault = error.refusal;
    return await getOrder(ctx, input.orderId);
  });
  const mailsToday = await highestCount(ctx, details, input.kind);
  return { details, mailsToday, policy: ctx.resendPolicy, refreshFault };
}

function isCaTrouble(refusal: Refusal): boolean {
  return refusal.code === "ca-error" || refusal.code === "account-paused";
}

async function highestCount(ctx: Ctx, { row }: OrderDetails, kind: EmailKind): Promise<number> {
  const recipients = row.order.recipients[kind];
  if (recipients === "not-loaded") return 0;
  const dayAgo = new Date(ctx.clock.now().getTime() - 24 * 60 * 60 * 1000);
  const counts = recipients.map(({ address }) => ctx.store.countMailsTo(address, kind, dayAgo));
  return Math.max(0, ...(await Promise.all(counts)));
}
