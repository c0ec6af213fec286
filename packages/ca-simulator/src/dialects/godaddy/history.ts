import type { BookOrder, JournalMail } from "../../order-book.ts";

/** A mail as the history tells it. `body` is part of the description; here it says nothing. */
export interface HistoryEntry {
  readonly id: number;
  readonly accountId: number;
  readonly templateType: string;
  readonly fromType: string;
  readonly recipients: string;
  readonly body: string;
  readonly dateEntered: string;
  readonly subject: string;
  readonly kind: JournalMail["kind"];
}

const accountId = 8_113_070;
/** The names of the templates are published nowhere; these are ours. */
const templates = { fulfillment: "CertificateIssued", approver: "DomainControlEmail" } as const;
const subjects = {
  fulfillment: "Your SSL certificate is ready",
  approver: "Confirm that you control this domain",
} as const;

/**
 * What was mailed for an order: the mail of its beginning (the request for approval, and once issued the word of it),
 * which was sent before anybody asked here, then one for each mail of the journal. Oldest first, as they were entered.
 */
export function historyOf(order: BookOrder, mails: readonly JournalMail[]): readonly HistoryEntry[] {
  const entry = (kind: JournalMail["kind"], to: string, at: string, id: number): HistoryEntry => ({
    id,
    accountId,
    templateType: templates[kind],
    fromType: "noreply@ca.sandbox.test",
    recipients: to,
    body: "<p>…</p>",
    dateEntered: at,
    subject: subjects[kind],
    kind,
  });
  const first = order.id * 1000;
  // Never before the request, which may be of the same second.
  const issuedAt = () =>
    new Date(Math.max(Date.parse(order.validFrom ?? ""), Date.parse(order.createdAt) + 1)).toISOString();
  const begun = [
    entry("approver", order.technicalEmail, order.createdAt, first),
    ...(order.validFrom === null ? [] : [entry("fulfillment", order.technicalEmail, issuedAt(), first + 1)]),
  ];
  const asked = mails
    .filter(({ orderId }) => orderId === order.id)
    .map(({ kind, to, at }, index) => entry(kind, to, at, first + 2 + index));
  return [...begun, ...asked];
}

/** Without what is ours alone. */
export function told({ kind: _, ...entry }: HistoryEntry) {
  return entry;
}
