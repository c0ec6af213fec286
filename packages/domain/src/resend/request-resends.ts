import { z } from "zod";
import { type Ctx, traceRefusal } from "../context.ts";
import { orderSubject } from "../order/order-subject.ts";
import { type Refusal, RefusalError, refuse } from "../refusal.ts";
import type { OrderId } from "../values/ids.ts";
import { type RequestResendInput, requestResend, requestResendInput } from "./request-resend.ts";
import type { ResendRequest } from "./resend-request.ts";

/** Most mails asked for in one act. */
export const mostResends = 50;

export const requestResendsInput = z.object({
  /** Each with a key of its own and the addresses the person saw for it. */
  requests: z
    .array(requestResendInput)
    .min(1)
    .max(mostResends)
    .refine((all) => new Set(all.map(({ orderId }) => orderId)).size === all.length, "an order named twice"),
});
export type RequestResendsInput = z.infer<typeof requestResendsInput>;

/** What became of one of them: its request as stored, or why there is none. */
export interface ResendOutcome {
  readonly orderId: OrderId;
  readonly request: ResendRequest | null;
  readonly refusal: Refusal | null;
}

/**
 * Asks for one more email for each of several orders; a right of its own. Each is decided, committed and traced as if
 * it were asked for alone, one after the other, so that one refused does not hold up the rest. Throws
 * `forbidden` without the right, traced for each order, and `not-found` where one is not there; then nothing was asked.
 */
export async function requestResends(ctx: Ctx, { requests }: RequestResendsInput): Promise<ResendOutcome[]> {
  const right = "orders:resend-bulk";
  if (!ctx.actor.rights.has(right)) throw await refusedForAll(ctx, requests, { code: "forbidden", right });
  for (const { orderId } of requests)
    if (!(await ctx.store.order(orderId))) throw refuse({ code: "not-found", what: "order" });
  const outcomes: ResendOutcome[] = [];
  for (const input of requests) outcomes.push(await oneOfThem(ctx, input));
  return outcomes;
}

async function oneOfThem(ctx: Ctx, input: RequestResendInput): Promise<ResendOutcome> {
  const { orderId } = input;
  try {
    return { orderId, request: await requestResend(ctx, input), refusal: null };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return { orderId, request: null, refusal: error.refusal };
  }
}

async function refusedForAll(ctx: Ctx, requests: readonly RequestResendInput[], refusal: Refusal) {
  const now = ctx.clock.now();
  for (const { orderId } of requests) {
    const order = await ctx.store.order(orderId);
    if (order) await traceRefusal(ctx, now, { act: "resend.request", subject: orderSubject(order) }, refusal);
  }
  return refuse(refusal);
}
