import type { EmailKind } from "../order/order.ts";
import { mayHaveLeft, type ResendEvidence } from "../resend/resend-evidence.ts";
import type { ResendRequest } from "../resend/resend-request.ts";
import { sameAddress } from "../values/addresses.ts";
import type { MailId } from "../values/ids.ts";
import type { DeliveryReport, MailFacts } from "./mail-facts.ts";
import { failedReports, kindOfMail } from "./mail-kind.ts";

export interface Receipt {
  readonly request: ResendRequest;
  readonly evidence: ResendEvidence;
}

/** A mail that comes later than this after it was asked for was asked for by somebody else. */
const longestTravelMs = 14 * 24 * 60 * 60 * 1000;
/** Clocks of servers go apart. */
const skewMs = 2 * 60 * 1000;

/**
 * Which of an order's requests a mail answers, and what it shows: that what was asked for came, or came back. The
 * newest that is still waiting; null: none is, or the mail is of a kind that nobody asks for.
 */
export function receiptOf(
  facts: MailFacts,
  requests: readonly ResendRequest[],
  mail: { readonly mailId: MailId; readonly receivedAt: Date },
): Receipt | null {
  const wanted = askedKind(facts);
  if (wanted === "none") return null;
  const failed = failedReports(facts);
  const waiting = requests
    .filter((request) => isWaiting(request, mail.receivedAt) && (wanted === "any" || request.kind === wanted))
    .filter((request) => failed.length === 0 || failedFor(request, failed) !== null)
    .toSorted((a, b) => b.requestedAt.getTime() - a.requestedAt.getTime());
  const request = waiting.find(({ evidence }) => failed.length === 0 || evidence.kind !== "bounced");
  if (!request) return null;
  const { caSentAt } = request.evidence;
  const shared = { at: mail.receivedAt, mailId: mail.mailId, caSentAt };
  const failure = failed.length > 0 ? failedFor(request, failed) : null;
  if (failure === null)
    return {
      request,
      evidence: { ...shared, kind: "received", address: arrivedAt(request, facts), code: null, words: null },
    };
  const { recipient, originalRecipient, status, diagnostic } = failure;
  const address = originalRecipient ?? recipient;
  return { request, evidence: { ...shared, kind: "bounced", address, code: status, words: diagnostic } };
}

/** A returned mail is of the kind that it was when it left; one of which only the address is known may be either. */
function askedKind(facts: MailFacts): EmailKind | "any" | "none" {
  switch (kindOfMail(facts)) {
    case "fulfillment":
    case "fulfillment-link":
      return "fulfillment";
    case "approver":
      return "approver";
    case "bounce":
      if (facts.certificates.length > 0 || facts.topic === "issued") return "fulfillment";
      return facts.topic === "approval" ? "approver" : "any";
    default:
      return "none";
  }
}

/** What has arrived stays so; what came back may still arrive at another of its addresses. */
function isWaiting(request: ResendRequest, receivedAt: Date): boolean {
  if (!mayHaveLeft(request) || request.evidence.kind === "received") return false;
  const waitedMs = receivedAt.getTime() - (request.claimedAt ?? request.requestedAt).getTime();
  return waitedMs >= -skewMs && waitedMs <= longestTravelMs;
}

/** The failure that concerns one of the addresses confirmed; one that names nobody concerns them all. */
function failedFor(request: ResendRequest, failed: readonly DeliveryReport[]): DeliveryReport | null {
  const concerns = ({ recipient, originalRecipient }: DeliveryReport) => {
    const named = [recipient, originalRecipient].filter((address) => address !== null);
    return named.length === 0 || named.some((one) => isConfirmed(request, one));
  };
  return failed.find(concerns) ?? null;
}

function arrivedAt(request: ResendRequest, { recipients }: MailFacts): string | null {
  return recipients.find((one) => isConfirmed(request, one)) ?? recipients[0] ?? null;
}

function isConfirmed({ confirmedRecipients }: ResendRequest, address: string): boolean {
  return confirmedRecipients.some((one) => sameAddress(one, address));
}
