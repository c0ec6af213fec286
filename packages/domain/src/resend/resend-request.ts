import type { EmailKind } from "../order/order.ts";
import type { MailFormat } from "../ports/certificate-authority.ts";
import type { EmailAddress } from "../values/email-address.ts";
import type { IdempotencyKey, OrderId, PersonId, ResendRequestId } from "../values/ids.ts";
import type { ResendEvidence } from "./resend-evidence.ts";

/**
 * `requested`: on disk, nothing left yet. `forwarding`: claimed by the worker; from here on a mail may exist.
 * `accepted`: the CA said yes. `refused`: it said no, or what was confirmed no longer holds.
 * `outcome-unknown`: the answer was lost; never repeated by itself. `not-sent`: provably nothing left, and nothing will.
 */
export const resendStatuses = [
  "requested",
  "forwarding",
  "accepted",
  "refused",
  "outcome-unknown",
  "not-sent",
] as const;
export type ResendStatus = (typeof resendStatuses)[number];

/** Why a request ended as it did, where `status` alone does not say it. */
export const settleReasons = [
  "ca-refused",
  "recipient-changed",
  "order-not-issued",
  "order-not-awaiting-approval",
  "order-gone",
  "no-earlier-email",
  "account-paused",
  "unauthorized",
  "answer-lost",
  "interrupted",
  "cancelled",
  "queued-too-long",
  "restored-backup",
] as const;
export type SettleReason = (typeof settleReasons)[number];

/**
 * A request for one more email, with the recipients the person saw. The row is its own outbox message: only rows in
 * `requested` are ever claimed, in one UPDATE.
 */
export interface ResendRequest {
  readonly requestId: ResendRequestId;
  readonly orderId: OrderId;
  readonly kind: EmailKind;
  readonly idempotencyKey: IdempotencyKey;
  readonly confirmedRecipients: readonly EmailAddress[];
  /** Those of them that the person chose beyond what the CA names, and confirmed on their own. */
  readonly chosenRecipients: readonly EmailAddress[];
  /** How the certificate is to travel; null: as the CA usually does. */
  readonly format: MailFormat | null;
  /** The person's words for the mail. Forgotten when the request has ended: what mails say is kept nowhere. */
  readonly message: string | null;
  readonly requestedBy: { readonly personId: PersonId; readonly name: string };
  readonly requestedAt: Date;
  readonly status: ResendStatus;
  /** Not to be forwarded before; moves after a failure that provably left nothing at the CA. */
  readonly notBefore: Date;
  readonly attempts: number;
  readonly claimedAt: Date | null;
  readonly settledAt: Date | null;
  readonly reason: SettleReason | null;
  /** The CA's own words. */
  readonly caMessage: string | null;
  /** How long the CA took to answer, in milliseconds. */
  readonly answeredInMs: number | null;
  /** What shows that the mail came; moves beside the status, which says what the CA said. */
  readonly evidence: ResendEvidence;
}

export function isOpen(request: Pick<ResendRequest, "status">): boolean {
  return request.status === "requested" || request.status === "forwarding";
}
