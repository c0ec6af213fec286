import { authorize } from "../actor.ts";
import type { Ctx } from "../context.ts";
import type { OrderCounts, OrderListQuery, OrderPage } from "../ports/store.ts";
import type { ResendPolicy } from "../resend/resend-policy.ts";

/** A page of the orders one may see. Throws `forbidden`, or `invalid-input` for a cursor that is none. */
export async function listOrders(ctx: Ctx, query: Omit<OrderListQuery, "scope">): Promise<OrderPage> {
  authorize(ctx.actor, "orders:see");
  return await ctx.store.listOrders(query);
}

/** How many of the orders one may see need what. */
export async function countOrders(ctx: Ctx): Promise<OrderCounts> {
  authorize(ctx.actor, "orders:see");
  return await ctx.store.countOrders(ctx.clock.now());
}

/** The rules by which mails may be asked for. */
export function readResendPolicy(ctx: Ctx): ResendPolicy {
  authorize(ctx.actor, "orders:see");
  return ctx.resendPolicy;
}
