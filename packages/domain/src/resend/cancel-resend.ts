import { authorize } from "../actor.ts";
import { Conflict } from "../change.ts";
import { auditDone, type Ctx } from "../context.ts";
import { orderSubject } from "../order/order-subject.ts";
import { refuse } from "../refusal.ts";
import type { ResendRequestId } from "../values/ids.ts";
import type { ResendRequest } from "./resend-request.ts";
import { settled } from "./settle-resend.ts";

/** Takes back a request that is still queued. Throws `not-cancellable` once it is being forwarded or has ended. */
export async function cancelResend(ctx: Ctx, requestId: ResendRequestId): Promise<ResendRequest> {
  authorize(ctx.actor, "orders:resend");
  const request = await ctx.store.resendRequest(requestId);
  const order = request && (await ctx.store.order(request.orderId));
  if (!request || !order) throw refuse({ code: "not-found", what: "request" });
  if (request.status !== "requested") throw refuse({ code: "not-cancellable" });
  const now = ctx.clock.now();
  const cancelled = settled(request, { status: "not-sent", reason: "cancelled" }, now);
  const details = { requestId, kind: request.kind };
  const audit = [auditDone(ctx, now, { act: "resend.cancel", subject: orderSubject(order), details })];
  try {
    await ctx.store.commit({
      writes: [{ write: "resend-moved", request: cancelled, from: "requested" }],
      audit,
    });
    return cancelled;
  } catch (error) {
    if (error instanceof Conflict) throw refuse({ code: "not-cancellable" }, error);
    throw error;
  }
}
