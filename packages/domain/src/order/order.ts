import type { DnsName } from "../values/dns-name.ts";
import type { EmailAddress } from "../values/email-address.ts";
import type { CaAccountId, CaOrderId, CertificateId, OrderId } from "../values/ids.ts";

/** Vendors' words map onto these; a word nobody mapped is `unknown` and the raw word is shown. "Expired" is a date, not a status. */
export const orderStatuses = [
  "draft",
  "awaiting-approval",
  "validating",
  "issued",
  "reissue-pending",
  "cancelled",
  "rejected",
  "revocation-pending",
  "revoked",
  "replaced",
  "error",
  "unknown",
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** `fulfillment` carries the certificate; `approver` asks the domain's owner for consent. Users confuse them; we never do. */
export const emailKinds = ["fulfillment", "approver"] as const;
export type EmailKind = (typeof emailKinds)[number];

export const validationTypes = ["dv", "ov", "ev", "unknown"] as const;
export type ValidationType = (typeof validationTypes)[number];

/** Where the CA's word about an address comes from, so that the dialog can say it. */
export const recipientSources = [
  "order-approver",
  "requester",
  "technical-contact",
  "administrator-contact",
  "mail-history",
  "chosen",
] as const;
export type RecipientSource = (typeof recipientSources)[number];

export interface Recipient {
  readonly address: EmailAddress;
  readonly source: RecipientSource;
}

/** Per kind of mail: who gets it. `not-loaded` is a value: many CAs name the recipient only in the order's details. */
export type Recipients = Readonly<Record<EmailKind, readonly Recipient[] | "not-loaded">>;

/** One certificate the CA made under an order: the first issue, a reissue, a renewal within the order. */
export interface Issuance {
  /** The CA's id of the certificate; for CAs without one, the start of its validity as ISO 8601. Unique in the order. */
  readonly caCertificateId: string;
  readonly validFrom: Date;
  readonly validTo: Date;
}

/** What the CA says of one order. Metadata only: never a certificate, a CSR, a key. */
export interface OrderFacts {
  readonly caOrderId: CaOrderId;
  /** What the CA calls the thing bought, verbatim. */
  readonly product: string;
  readonly validationType: ValidationType;
  readonly commonName: string;
  /** A-labels, the common name among them where it is one. */
  readonly dnsNames: readonly DnsName[];
  readonly recipients: Recipients;
  /** SHA-256 over the CSR's SubjectPublicKeyInfo (RFC 2986 section 4.1), lower-case hex; the CSR itself is never kept. */
  readonly csrSpkiSha256: string | null;
  readonly status: OrderStatus;
  /** The CA's own word for the status. */
  readonly vendorStatus: string;
  readonly orderedAt: Date | null;
  /** The certificate in force first, as the CA says; it may well end with, or before, one that it replaces. */
  readonly issuances: readonly Issuance[];
}

export interface Order extends OrderFacts {
  readonly orderId: OrderId;
  readonly caAccountId: CaAccountId;
  /** When the CA last confirmed these facts. */
  readonly syncedAt: Date;
  /** When the details (recipients, CSR hash) were last read; null: never. */
  readonly detailsAt: Date | null;
  /** When the CA's list no longer held this order; null: it does. */
  readonly goneAt: Date | null;
  /** Which issuances were imported, by `caCertificateId`. */
  readonly imports: Readonly<Record<string, CertificateId>>;
}

/** Where the order stands in the needs-action-first list. */
export const attentions = ["needs-action", "with-the-ca", "nothing-to-do"] as const;
export type Attention = (typeof attentions)[number];

type OrderState = Pick<Order, "status" | "issuances" | "imports" | "goneAt">;

/** The certificate in force, or null while the CA has made none. */
export function latestIssuance(order: Pick<Order, "issuances">): Issuance | null {
  return order.issuances[0] ?? null;
}

export function isLatestImported(order: Pick<Order, "issuances" | "imports">): boolean {
  const latest = latestIssuance(order);
  return latest !== null && order.imports[latest.caCertificateId] !== undefined;
}

/** The date that hurts: of the certificate in use when a newer one waits to be imported, else of the newest. */
export function expiresAt(order: Pick<Order, "issuances" | "imports">): Date | null {
  const latest = latestIssuance(order);
  if (latest === null || isLatestImported(order)) return latest?.validTo ?? null;
  const inUse = order.issuances.filter((issuance) => order.imports[issuance.caCertificateId] !== undefined);
  return latestIssuance({ issuances: inUse })?.validTo ?? latest.validTo;
}

export function attentionOf(order: OrderState, now: Date): Attention {
  if (order.goneAt !== null) return "nothing-to-do";
  switch (order.status) {
    case "draft":
    case "awaiting-approval":
    case "validating":
    case "reissue-pending":
      return "with-the-ca";
    case "issued": {
      const latest = latestIssuance(order);
      const isDue = latest !== null && latest.validTo > now && !isLatestImported(order);
      return isDue ? "needs-action" : "nothing-to-do";
    }
    default:
      return "nothing-to-do";
  }
}
