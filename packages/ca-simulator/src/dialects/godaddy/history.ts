import type { BookOrder, JournalMail } from "../../order-book.ts";
import { dcvSubject, issuedSubject } from "./mail.ts";

export interface HistoryMail {
  readonly id: number;
  readonly kind: JournalMail["kind"];
  readonly to: string;
  readonly at: string;
}

/** Mails sent before this sandbox kept a journal have the first numbers of an order, the others follow. */
const [dcvNumber, issueNumber, firstOfJournal] = [1, 2, 11];

/**
 * What the service remembers to have mailed for an order, newest first: the request for the domain's consent, the
 * announcement of the certificate, and whatever was asked for since. `journal`: this order's mails, oldest first.
 */
export function historyOf(order: BookOrder, journal: readonly JournalMail[]): readonly HistoryMail[] {
  if (order.vendorStatus === "UNUSED") return [];
  const number = (at: number) => order.id * 1000 + at;
  const issuedAt = order.earlier[0]?.validFrom ?? order.validFrom;
  const own: HistoryMail[] = [
    { id: number(dcvNumber), kind: "approver", to: order.approverEmail, at: order.createdAt },
  ];
  if (issuedAt !== null)
    own.push({ id: number(issueNumber), kind: "fulfillment", to: order.technicalEmail, at: issuedAt });
  const asked = journal.flatMap(({ kind, to, at }, index) =>
    isOfIssuance(order, kind, at, issuedAt) ? [] : [{ id: number(firstOfJournal + index), kind, to, at }],
  );
  return [...own, ...asked].reverse();
}

/** The journal holds the announcement too where the order was issued in this process: in the second it was. */
function isOfIssuance(order: BookOrder, kind: string, at: string, issuedAt: string | null): boolean {
  if (kind !== "fulfillment" || issuedAt === null) return false;
  const wasPlacedIssued = order.createdAt.slice(0, 19) === issuedAt.slice(0, 19);
  return !wasPlacedIssued && at.slice(0, 19) === issuedAt.slice(0, 19);
}

/** As the specification has a mail, with the names of the templates ours: those are published nowhere. */
export function spokenMail(order: BookOrder, { id, kind, to, at }: HistoryMail) {
  const isFulfillment = kind === "fulfillment";
  return {
    id,
    accountId: 501_377,
    templateType: isFulfillment ? "CertificateIssued" : "DomainControlValidation",
    fromType: "noreply@ca.sandbox.test",
    recipients: to,
    body: `<p>Confidential words to ${to}</p>`,
    dateEntered: at,
    subject: isFulfillment ? issuedSubject(order) : dcvSubject(order),
  };
}

/** One mail by the schema, all of them by its description: an EV order answers the newest alone, the others the list. */
export function spokenHistory(order: BookOrder, mails: readonly HistoryMail[]) {
  const spoken = mails.map((mail) => spokenMail(order, mail));
  return order.validation === "ev" ? spoken[0] : spoken;
}
