import { z } from "zod";
import type { CaAccount } from "../account/ca-account.ts";
import { type Change, Conflict } from "../change.ts";
import { auditDone, type Ctx, traceRefusal } from "../context.ts";
import { emailKinds, type Order } from "../order/order.ts";
import { orderSubject } from "../order/order-subject.ts";
import { type ResendRefusal, refuse } from "../refusal.ts";
import { emailAddressSchema, sameAddresses } from "../values/email-address.ts";
import {
  idempotencyKeySchema,
  orderIdSchema,
  personIdSchema,
  type ResendRequestId,
  resendRequestIdSchema,
} from "../values/ids.ts";
import { type ResendPolicy, resendRefusal, unknownBefore } from "./resend-policy.ts";
import type { ResendRequest } from "./resend-request.ts";

export const requestResendInput = z.object({
  orderId: orderIdSchema,
  kind: z.enum(emailKinds),
  idempotencyKey: idempotencyKeySchema,
  /** The addresses the person saw in the confirmation. */
  confirmedRecipients: z.array(emailAddressSchema).min(1).max(20),
  /** The count the person was shown and agreed to go beyond, when there was such a warning. */
  confirmedDailyCount: z.int().min(0).optional(),
  /** Whether the person was told that an earlier mail may have been sent, and asks all the same. */
  confirmedUnknown: z.boolean().optional(),
});
export type RequestResendInput = z.infer<typeof requestResendInput>;

/** What the decision looks at, loaded beforehand. */
export interface ResendSituation {
  readonly order: Order;
  readonly account: CaAccount;
  readonly history: readonly ResendRequest[];
  /** Per confirmed recipient: mails of this kind asked for within the last 24 hours. */
  readonly mailsToday: Readonly<Record<string, number>>;
}

/**
 * Asks for one more email. Resolves to the request as stored, in `requested`; the worker forwards it.
 * The same idempotency key again resolves to the first request. Throws a ResendRefusal, `not-found` or `forbidden`;
 * refused acts are traced.
 */
export async function requestResend(ctx: Ctx, input: RequestResendInput): Promise<ResendRequest> {
  const first = await ctx.store.resendByKey(input.idempotencyKey);
  if (first) return sameRequest(first, input);
  const now = ctx.clock.now();
  const situation = await loadSituation(ctx, input, now);
  const decision = decideResend(ctx, situation, input, now);
  if ("code" in decision) {
    const trace = { act: "resend.request" as const, subject: orderSubject(situation.order) };
    throw refuse(await traceRefusal(ctx, now, trace, decision));
  }
  try {
    await ctx.store.commit(decision.change);
    return decision.request;
  } catch (error) {
    return await afterConflict(ctx, input, error);
  }
}

async function loadSituation(ctx: Ctx, input: RequestResendInput, now: Date): Promise<ResendSituation> {
  const order = await ctx.store.order(input.orderId);
  const account = order && (await ctx.store.account(order.caAccountId));
  if (!order || !account) throw refuse({ code: "not-found", what: "order" });
  const dayAgo = new Date(now.getTime() - 24 * 60 * 60 * 1000);
  const mailsToday: Record<string, number> = {};
  for (const address of input.confirmedRecipients) {
    mailsToday[address] = await ctx.store.countMailsTo(address, input.kind, dayAgo);
  }
  return { order, account, history: await ctx.store.resendHistory(order.orderId), mailsToday };
}

/** The decision, pure: a change to commit, or why not. */
export function decideResend(
  ctx: Pick<Ctx, "actor" | "newId" | "resendPolicy">,
  situation: ResendSituation,
  input: RequestResendInput,
  now: Date,
): { readonly request: ResendRequest; readonly change: Change } | ResendRefusal {
  const refusal =
    situationRefusal(ctx, situation, input, now) ?? confirmationRefusal(situation, input, ctx.resendPolicy);
  if (refusal) return refusal;
  const request: ResendRequest = {
    requestId: resendRequestIdSchema.parse(ctx.newId()),
    orderId: situation.order.orderId,
    kind: input.kind,
    idempotencyKey: input.idempotencyKey,
    confirmedRecipients: input.confirmedRecipients,
    requestedBy: { personId: personIdSchema.parse(ctx.actor.actorId), name: ctx.actor.name },
    requestedAt: now,
    status: "requested",
    notBefore: now,
    attempts: 0,
    claimedAt: null,
    settledAt: null,
    reason: null,
    caMessage: null,
    answeredInMs: null,
  };
  const audit = auditDone(ctx, now, {
    act: "resend.request",
    subject: orderSubject(situation.order),
    details: { requestId: request.requestId, kind: request.kind, to: request.confirmedRecipients.join(", ") },
  });
  return { request, change: { writes: [{ write: "resend-requested", request }], audit: [audit] } };
}

function situationRefusal(
  ctx: Pick<Ctx, "actor" | "resendPolicy">,
  { order, account, history }: ResendSituation,
  input: RequestResendInput,
  now: Date,
): ResendRefusal | null {
  const facts = {
    kind: input.kind,
    mayResend: ctx.actor.rights.has("orders:resend"),
    capabilities: account.capabilities,
    accountState: account.state,
    status: order.status,
    isGone: order.goneAt !== null,
    recipients: order.recipients,
    history,
  };
  return resendRefusal(facts, ctx.resendPolicy, now);
}

/** What the person must have seen and agreed to. */
function confirmationRefusal(
  { order, history, mailsToday }: ResendSituation,
  input: RequestResendInput,
  policy: ResendPolicy,
): ResendRefusal | null {
  const recipients = order.recipients[input.kind];
  const current = recipients === "not-loaded" ? [] : recipients.map((recipient) => recipient.address);
  if (!sameAddresses(current, input.confirmedRecipients))
    return { code: "recipient-changed", recipients: current };
  const unknown = unknownBefore(history, input.kind);
  if (unknown && input.confirmedUnknown !== true) {
    return { code: "earlier-outcome-unknown", askedAt: unknown.requestedAt };
  }
  for (const [recipient, count] of Object.entries(mailsToday)) {
    const isOver = count >= policy.dailyMailsPerRecipient;
    if (isOver && (input.confirmedDailyCount ?? -1) < count) return { code: "daily-limit", count, recipient };
  }
  return null;
}

/** A key names one request: used for another order or kind it is a fault of the caller. */
function sameRequest(first: ResendRequest, input: RequestResendInput): ResendRequest {
  if (first.orderId !== input.orderId || first.kind !== input.kind) {
    throw refuse({ code: "invalid-input", field: "idempotencyKey", problem: "was used for another request" });
  }
  return first;
}

/** Somebody was faster by a moment: the same click twice gets the first answer, another person learns who it was. */
async function afterConflict(ctx: Ctx, input: RequestResendInput, error: unknown): Promise<ResendRequest> {
  if (!(error instanceof Conflict)) throw error;
  const first = await ctx.store.resendByKey(input.idempotencyKey);
  if (first) return sameRequest(first, input);
  const history = await ctx.store.resendHistory(input.orderId);
  const open = history.find(
    (r) => r.kind === input.kind && (r.status === "requested" || r.status === "forwarding"),
  );
  if (!open) throw refuse({ code: "conflict" }, error);
  throw refuse({
    code: "resend-under-way",
    requestedBy: open.requestedBy.name,
    requestedAt: open.requestedAt,
  });
}

/** The request by its id, for following it. */
export async function getResendRequest(ctx: Ctx, requestId: ResendRequestId): Promise<ResendRequest> {
  const request = await ctx.store.resendRequest(requestId);
  if (!request) throw refuse({ code: "not-found", what: "request" });
  return request;
}
