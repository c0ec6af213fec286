import type { AuthenticationVerdict, DeliveryReport, MailFacts } from "./mail-facts.ts";

/**
 * What a mail is to the console. `fulfillment` carries the certificate, `fulfillment-link` says where it is fetched,
 * `approver` asks the domain's owner for consent; `other` is everything that no CA wrote.
 */
export const mailKinds = [
  "fulfillment",
  "fulfillment-link",
  "approver",
  "order-confirmation",
  "expiry-warning",
  "auto-reply",
  "bounce",
  "other",
] as const;
export type MailKind = (typeof mailKinds)[number];

/** What a mail is. An answer by a program is that and nothing else, whatever it quotes or returns. */
export function kindOfMail(facts: MailFacts): MailKind {
  if (facts.automatic === "bounce") return failedReports(facts).length > 0 ? "bounce" : "other";
  if (facts.automatic === "auto-reply") return "auto-reply";
  if (facts.topic === "expiry") return "expiry-warning";
  if (facts.certificates.some(({ dnsNames }) => dnsNames.length > 0)) return "fulfillment";
  if (facts.isReply) return "other";
  switch (facts.topic) {
    case "issued":
      return "fulfillment-link";
    case "approval":
      return "approver";
    case "confirmation":
      return "order-confirmation";
    case null:
      return "other";
  }
}

/** Whom a mail did not reach, by a report: one that only tells of a delay is no failure. */
export function failedReports({ reports }: MailFacts): readonly DeliveryReport[] {
  return reports.filter(({ action }) => action === "failed");
}

export interface SenderVerdict {
  readonly dkim: AuthenticationVerdict;
  readonly dmarc: AuthenticationVerdict;
  /** `none`: the mailbox's own server has not looked, or has found nothing to judge by. */
  readonly sender: AuthenticationVerdict;
}

export interface MailPolicy {
  /** Servers, by what they call themselves, that take out what others wrote in their name; lower case. */
  readonly believedServers: readonly string[];
}

/** Of the great providers those that name themselves as RFC 8601 has it, and write below where a mail came in. */
export const defaultMailPolicy: MailPolicy = { believedServers: ["mx.google.com"] };

/**
 * Whether the mail comes from the domain it names, by the word of the mailbox's own server: a field that stands where
 * no sender can have put it, or one by a server known to take out what others wrote in its name (RFC 8601 section 5).
 * Every other such field may be a forgery and is passed over. A mail that is not signed, of a domain that publishes no
 * policy, is no forgery by that: most reports of returned mails come so.
 */
export function senderVerdict(
  { authentication }: Pick<MailFacts, "authentication">,
  believedIds: readonly string[],
): SenderVerdict {
  const own = authentication.find(
    ({ isAboveArrival, authservId }) => isAboveArrival || believedIds.includes(authservId),
  );
  if (!own) return { dkim: "none", dmarc: "none", sender: "none" };
  const { dkim, dmarc } = own;
  return { dkim, dmarc, sender: dmarc === "none" ? dkim : dmarc };
}
