import { z } from "zod";
import type { CaAccount } from "../account/ca-account.ts";
import { authorize } from "../actor.ts";
import { holdsKeyMaterial } from "../certificate/edit-notes.ts";
import { type Change, Conflict } from "../change.ts";
import { auditDone, type Ctx, traceRefusal } from "../context.ts";
import { emailKinds, type Order } from "../order/order.ts";
import { orderSubject } from "../order/order-subject.ts";
import { type Capability, mailFormats } from "../ports/certificate-authority.ts";
import { type Refusal, type ResendRefusal, refuse } from "../refusal.ts";
import { emailAddressSchema } from "../values/email-address.ts";
import {
  idempotencyKeySchema,
  orderIdSchema,
  personIdSchema,
  type ResendRequestId,
  resendRequestIdSchema,
} from "../values/ids.ts";
import { noEvidence } from "./resend-evidence.ts";
import {
  mayChooseRecipients,
  type ResendPolicy,
  recipientsStand,
  resendRefusal,
  unknownBefore,
} from "./resend-policy.ts";
import type { ResendRequest } from "./resend-request.ts";

/** Most addresses one request may name. */
export const mostRecipients = 20;
/** Longest text of one's own in a mail, in characters. */
export const longestMessage = 500;

export const requestResendInput = z.object({
  orderId: orderIdSchema,
  kind: z.enum(emailKinds),
  idempotencyKey: idempotencyKeySchema,
  /** The addresses the person saw in the confirmation. */
  confirmedRecipients: z.array(emailAddressSchema).min(1).max(mostRecipients),
  /** Those of them that the CA does not name: chosen by the person, and confirmed on their own. */
  chosenRecipients: z.array(emailAddressSchema).max(mostRecipients).default([]),
  /** How the certificate is to travel, where the CA leaves the choice. */
  format: z.enum(mailFormats).nullable().default(null),
  /** A text for the mail, where the CA takes one. */
  message: z.string().trim().max(longestMessage).nullable().default(null),
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
 * The same idempotency key again resolves to the first request. Throws a ResendRefusal, `not-found`, `forbidden` for
 * an address of one's own without the right, or `invalid-input` for what this CA cannot do; refused acts are traced.
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
): { readonly request: ResendRequest; readonly change: Change } | Refusal {
  const refusal =
    situationRefusal(ctx, situation, input, now) ??
    choiceRefusal(ctx, situation, input) ??
    confirmationRefusal(situation, input, ctx.resendPolicy);
  if (refusal) return refusal;
  const request: ResendRequest = {
    requestId: resendRequestIdSchema.parse(ctx.newId()),
    orderId: situation.order.orderId,
    kind: input.kind,
    idempotencyKey: input.idempotencyKey,
    confirmedRecipients: input.confirmedRecipients,
    chosenRecipients: input.chosenRecipients,
    format: input.format,
    message: input.message === "" ? null : input.message,
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
    evidence: noEvidence,
  };
  const audit = auditDone(ctx, now, {
    act: "resend.request",
    subject: orderSubject(situation.order),
    details: {
      requestId: request.requestId,
      kind: request.kind,
      to: request.confirmedRecipients.join(", "),
      ...(input.chosenRecipients.length > 0 ? { chosen: input.chosenRecipients.join(", ") } : {}),
      ...(input.format === null ? {} : { format: input.format }),
    },
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

/** What a person may choose depends on the CA, and for an address of their own on a right. */
function choiceRefusal(
  ctx: Pick<Ctx, "actor">,
  { account: { capabilities } }: ResendSituation,
  { kind, chosenRecipients, format, message }: RequestResendInput,
): Refusal | null {
  const unsupported = (field: string): Refusal => ({ code: "invalid-input", field, problem: "unsupported" });
  if (chosenRecipients.length > 0) {
    if (!mayChooseRecipients(kind, capabilities)) return unsupported("chosenRecipients");
    const right = "orders:change-recipient";
    if (!ctx.actor.rights.has(right)) return { code: "forbidden", right };
  }
  const can = (capability: Capability) => kind === "fulfillment" && capabilities.includes(capability);
  if (format !== null && !can("choose-format")) return unsupported("format");
  if (message !== null && message !== "") {
    if (!can("add-message")) return unsupported("message");
    if (holdsKeyMaterial(message))
      return { code: "invalid-input", field: "message", problem: "holds-key-material" };
  }
  return null;
}

/** What the person must have seen and agreed to. */
function confirmationRefusal(
  { order, account, history, mailsToday }: ResendSituation,
  input: RequestResendInput,
  policy: ResendPolicy,
): ResendRefusal | null {
  const recipients = order.recipients[input.kind];
  if (!recipientsStand(input, recipients, account.capabilities)) {
    const current = recipients === "not-loaded" ? [] : recipients.map((recipient) => recipient.address);
    return { code: "recipient-changed", recipients: current };
  }
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
  authorize(ctx.actor, "orders:see");
  const request = await ctx.store.resendRequest(requestId);
  if (!request) throw refuse({ code: "not-found", what: "request" });
  return request;
}
