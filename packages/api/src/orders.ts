import {
  attentions,
  caAccountIdSchema,
  cancelResend,
  countOrders,
  emailKinds,
  getOrder,
  getResendRequest,
  listOrders,
  mostResends,
  orderIdSchema,
  orderSorts,
  orderStatuses,
  prepareResend,
  readFirstSteps,
  readResendPolicy,
  refreshOrder,
  requestResend,
  requestResendInput,
  requestResends,
  requestResendsInput,
  resendRequestIdSchema,
  validationTypes,
} from "@sealpost/domain";
import { z } from "zod";
import { toJson } from "./json.ts";
import { procedure, router } from "./trpc.ts";
import { orderDetailsView, orderRowView, requestView } from "./views.ts";

/** Orders that ended longer ago are left out of the list until asked for, and counted. */
const hideExpiredAfterDays = 90;
const dayMs = 24 * 60 * 60 * 1000;

const listInput = z.object({
  sort: z.enum(orderSorts).default("needs-action-first"),
  search: z.string().max(200).default(""),
  orderIds: z.array(orderIdSchema).max(200).default([]),
  attentions: z.array(z.enum(attentions)).max(attentions.length).default([]),
  statuses: z.array(z.enum(orderStatuses)).max(orderStatuses.length).default([]),
  caAccountIds: z.array(caAccountIdSchema).max(100).default([]),
  adapters: z.array(z.string().max(50)).max(50).default([]),
  validationTypes: z.array(z.enum(validationTypes)).max(validationTypes.length).default([]),
  expiresWithinDays: z.int().min(0).max(3650).nullable().default(null),
  showLongExpired: z.boolean().default(false),
  cursor: z.string().max(1000).nullable().default(null),
  limit: z.int().min(1).max(200).default(50),
});

const orderInput = z.object({ orderId: orderIdSchema });
const requestInput = z.object({ requestId: resendRequestIdSchema });
const requestsInput = z.object({ requestIds: z.array(resendRequestIdSchema).min(1).max(mostResends) });

export const ordersRouter = router({
  list: procedure.input(listInput).query(async ({ ctx, input }) => {
    const now = ctx.verb.clock.now();
    const daysFromNow = (days: number) => new Date(now.getTime() + days * dayMs);
    const { expiresWithinDays, showLongExpired, ...query } = input;
    const page = await listOrders(ctx.verb, {
      ...query,
      expiresBefore: expiresWithinDays === null ? null : daysFromNow(expiresWithinDays),
      hideExpiredBefore: showLongExpired ? null : daysFromNow(-hideExpiredAfterDays),
      now,
    });
    return { rows: page.rows.map(orderRowView), nextCursor: page.nextCursor, hiddenCount: page.hiddenCount };
  }),

  /** Which first steps have been gone in this console; asked anew with the orders, of which it is made. */
  firstSteps: procedure.query(async ({ ctx }) => await readFirstSteps(ctx.verb)),
  counts: procedure.query(({ ctx }) => countOrders(ctx.verb)),

  get: procedure.input(orderInput).query(async ({ ctx, input }) => {
    return orderDetailsView(await getOrder(ctx.verb, input.orderId));
  }),

  refresh: procedure.input(orderInput).mutation(async ({ ctx, input }) => {
    return orderDetailsView(await refreshOrder(ctx.verb, input.orderId, ctx.signal));
  }),

  /** What the confirmation shows: a mutation, since it reads the order from the CA. */
  prepareResend: procedure
    .input(z.object({ orderId: orderIdSchema, kind: z.enum(emailKinds) }))
    .mutation(async ({ ctx, input }) => {
      const { details, mailsToday, policy, refreshFault } = await prepareResend(ctx.verb, input, ctx.signal);
      return {
        order: orderDetailsView(details),
        mailsToday,
        policy,
        refreshFault: refreshFault && toJson(refreshFault),
      };
    }),

  requestResend: procedure.input(requestResendInput).mutation(async ({ ctx, input }) => {
    const request = await requestResend(ctx.verb, input);
    ctx.services.nudgeWorker();
    return requestView(request);
  }),

  /** Several at once: each answers for itself, with its request or why there is none. */
  requestResends: procedure.input(requestResendsInput).mutation(async ({ ctx, input }) => {
    const outcomes = await requestResends(ctx.verb, input);
    ctx.services.nudgeWorker();
    return outcomes.map(({ orderId, request, refusal }) => ({
      orderId,
      request: request && requestView(request),
      refusal: refusal && toJson(refusal),
    }));
  }),

  cancelResend: procedure.input(requestInput).mutation(async ({ ctx, input }) => {
    return requestView(await cancelResend(ctx.verb, input.requestId));
  }),

  resendRequest: procedure.input(requestInput).query(async ({ ctx, input }) => {
    return requestView(await getResendRequest(ctx.verb, input.requestId));
  }),

  /** Several at once: a call each would use up what one person may ask for. In the order asked for. */
  resendRequests: procedure.input(requestsInput).query(async ({ ctx, input }) => {
    const found = await Promise.all(input.requestIds.map((id) => getResendRequest(ctx.verb, id)));
    return found.map(requestView);
  }),

  /** The rules the page greys *Send* by. */
  resendPolicy: procedure.query(({ ctx }) => readResendPolicy(ctx.verb)),
});
