import type { AccountState } from "../account/ca-account.ts";
import type { EmailKind, OrderStatus, Recipients } from "../order/order.ts";
import type { Capability } from "../ports/certificate-authority.ts";
import type { ResendRefusal } from "../refusal.ts";
import { sameAddress, sameAddresses } from "../values/addresses.ts";
import type { ResendRequest } from "./resend-request.ts";

/** Settings of the resend rules. Times in seconds. */
export interface ResendPolicy {
  /** How long an order rests after a mail that was accepted or perhaps sent. */
  readonly coolDownS: number;
  /** Above this many mails a day to one address a person must confirm the count. */
  readonly dailyMailsPerRecipient: number;
  /** How long a request may wait for its turn before it ends as `not-sent`. */
  readonly longestQueueS: number;
  /** After how long without a sign of the mail the console says that nothing confirms it. */
  readonly unconfirmedAfterS: number;
}

export const defaultResendPolicy: ResendPolicy = {
  coolDownS: 60,
  dailyMailsPerRecipient: 20,
  longestQueueS: 15 * 60,
  unconfirmedAfterS: 24 * 60 * 60,
};

/** CA/Browser Forum ballot SC-090: domain validation by email ends for public TLS on this day. */
export const approverMailEndsAt = new Date("2028-03-15T00:00:00Z");

/** Everything the decision looks at: plain data that the page holds as well as the server. */
export interface ResendFacts {
  readonly kind: EmailKind;
  readonly mayResend: boolean;
  readonly capabilities: readonly Capability[];
  readonly accountState: AccountState;
  readonly status: OrderStatus;
  readonly isGone: boolean;
  readonly recipients: Recipients;
  /** The order's requests of this kind, in any order; older ones than a day do not matter. */
  readonly history: readonly Pick<
    ResendRequest,
    "status" | "requestedAt" | "claimedAt" | "settledAt" | "requestedBy" | "kind"
  >[];
}

const capabilityFor = {
  fulfillment: "resend-fulfillment",
  approver: "resend-approver",
} as const satisfies Record<EmailKind, Capability>;

/**
 * Why no mail may be asked for now, or null when one may. The page greys *Send* by it and the server refuses by it:
 * one predicate, two users. Refusals that only time lifts carry the time.
 */
export function resendRefusal(facts: ResendFacts, policy: ResendPolicy, now: Date): ResendRefusal | null {
  if (!facts.mayResend) return { code: "resend-not-allowed" };
  if (facts.accountState !== "connected") return { code: "account-paused" };
  if (!facts.capabilities.includes(capabilityFor[facts.kind])) return { code: "resend-unsupported" };
  if (facts.isGone) return { code: "order-gone" };
  return stateRefusal(facts, now) ?? historyRefusal(facts, policy, now) ?? recipientRefusal(facts);
}

/** Whether the order's state lets this kind of mail exist at all. */
export function stateRefusal(facts: Pick<ResendFacts, "kind" | "status">, now: Date): ResendRefusal | null {
  if (facts.kind === "fulfillment") {
    return facts.status === "issued" || facts.status === "reissue-pending"
      ? null
      : { code: "order-not-issued" };
  }
  if (now >= approverMailEndsAt) return { code: "approver-mail-ended", endedAt: approverMailEndsAt };
  const isAwaiting = facts.status === "awaiting-approval" || facts.status === "validating";
  return isAwaiting || facts.status === "reissue-pending" ? null : { code: "order-not-awaiting-approval" };
}

/** Whether the mail may go to other addresses than the CA names for it. Approver mails go where the CA's rules say. */
export function mayChooseRecipients(kind: EmailKind, capabilities: readonly Capability[]): boolean {
  return kind === "fulfillment" && capabilities.includes("choose-recipient");
}

/**
 * Whether what a person confirmed still is what the CA would do. Where recipients may be chosen, each must either be
 * named by the CA or have been chosen by the person on purpose; elsewhere they must be exactly those the CA names.
 */
export function recipientsStand(
  confirmed: Pick<ResendRequest, "kind" | "confirmedRecipients" | "chosenRecipients">,
  named: Recipients[EmailKind],
  capabilities: readonly Capability[],
): boolean {
  const addresses = named === "not-loaded" ? [] : named.map(({ address }) => address);
  if (!mayChooseRecipients(confirmed.kind, capabilities))
    return sameAddresses(addresses, confirmed.confirmedRecipients);
  const known = [...addresses, ...confirmed.chosenRecipients];
  return confirmed.confirmedRecipients.every((one) => known.some((other) => sameAddress(one, other)));
}

/** By how much a clock may be set back before what it said earlier is no longer believed, in seconds. */
const clockToleranceS = 5 * 60;

function historyRefusal(facts: ResendFacts, policy: ResendPolicy, now: Date): ResendRefusal | null {
  const ofKind = facts.history.filter((request) => request.kind === facts.kind);
  const open = ofKind.find((request) => request.status === "requested" || request.status === "forwarding");
  if (open) {
    return { code: "resend-under-way", requestedBy: open.requestedBy.name, requestedAt: open.requestedAt };
  }
  const until = coolDownEnd(facts, policy);
  if (until === null || until <= now) return null;
  // Further ahead than it can be: the clock was set back, and nobody should wait until it is as late again.
  if (until.getTime() - now.getTime() > (policy.coolDownS + clockToleranceS) * 1000) return null;
  return { code: "cooling-down", until, requestedBy: lastMail(facts)?.requestedBy.name ?? "" };
}

/**
 * When the order may be asked about again: counted from the last mail that left or may have left. A refusal or a
 * request that provably never left costs nobody anything, so it does not count. Null: nothing to wait for.
 */
export function coolDownEnd(facts: Pick<ResendFacts, "kind" | "history">, policy: ResendPolicy): Date | null {
  const last = lastMail(facts);
  return last === null ? null : new Date(settledTime(last) + policy.coolDownS * 1000);
}

type Past = ResendFacts["history"][number];

/** The newest request of this kind after which a mail left or may have left. */
function lastMail({ kind, history }: Pick<ResendFacts, "kind" | "history">): Past | null {
  return history
    .filter((request) => request.kind === kind)
    .filter((request) => request.status === "accepted" || request.status === "outcome-unknown")
    .reduce<Past | null>(
      (last, one) => (last === null || settledTime(one) > settledTime(last) ? one : last),
      null,
    );
}

function settledTime(request: Past): number {
  return (request.settledAt ?? request.requestedAt).getTime();
}

function recipientRefusal(facts: ResendFacts): ResendRefusal | null {
  const recipients = facts.recipients[facts.kind];
  if (recipients === "not-loaded") return { code: "recipient-not-loaded" };
  const mayChoose = mayChooseRecipients(facts.kind, facts.capabilities);
  return recipients.length === 0 && !mayChoose ? { code: "no-recipient" } : null;
}

/** The earlier request whose outcome nobody knows, if it is the newest of its kind: asking again needs a second thought. */
export function unknownBefore<R extends Pick<ResendRequest, "status" | "requestedAt" | "kind">>(
  history: readonly R[],
  kind: EmailKind,
): R | null {
  const newest = history
    .filter(
      (request) => request.kind === kind && request.status !== "not-sent" && request.status !== "refused",
    )
    .reduce<R | null>((a, b) => (a === null || b.requestedAt > a.requestedAt ? b : a), null);
  return newest?.status === "outcome-unknown" ? newest : null;
}
