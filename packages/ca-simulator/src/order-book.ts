import type { KeyType } from "./issue.ts";

export const validations = ["dv", "ov", "ev"] as const;
export type Validation = (typeof validations)[number];

export const statusNames = ["Pending CA Approval", "Approved", "Complete", "Canceled"] as const;
export type StatusName = (typeof statusNames)[number];

/** A certificate that a reissue has replaced. */
export interface EarlierCertificate {
  readonly certificateId: number;
  readonly certificatePem: string;
  readonly validFrom: string;
  readonly validTo: string;
}

/** One order as its CA keeps it. Times are ISO 8601, so that the book is plain JSON. */
export interface BookOrder {
  readonly id: number;
  /** By what its CA names it to others; the id, unless the CA has something else. */
  readonly number: string;
  /** Whose order it is: a dialect's `ca`. */
  readonly ca: string;
  readonly product: string;
  readonly validation: Validation;
  readonly organization: string | null;
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  approverEmail: string;
  readonly technicalEmail: string;
  status: StatusName;
  /** A word the CA shows in place of its own for the status: what nobody has documented, or no clock leads to. */
  vendorStatus: string | null;
  readonly createdAt: string;
  modifiedAt: string;
  validFrom: string | null;
  validTo: string | null;
  readonly keyType: KeyType | null;
  readonly csrPem: string;
  /** Only where the key was made here, for the sandbox's key page. */
  readonly privateKeyPem: string | null;
  certificatePem: string | null;
  readonly earlier: EarlierCertificate[];
  readonly mailStyle: "zip" | "body";
  readonly validityDays: number;
  /** When the status clock moves the order on to Approved, and from there to Complete; null: only when told. */
  approvesAt: string | null;
  completesAt: string | null;
}

/** What an order kept by an older version lacks. */
export const olderOrder = {
  ca: "ibm-classic",
  validation: "dv",
  organization: null,
  vendorStatus: null,
} as const satisfies Partial<BookOrder>;

/** The number of the certificate in force, for CAs that number them; null while there is none. */
export function certificateIdOf(order: BookOrder): number | null {
  return order.certificatePem === null ? null : order.id * 100 + order.earlier.length + 1;
}

export interface JournalCall {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly orderId: number | null;
  status: number | null;
}

export interface JournalMail {
  readonly at: string;
  readonly orderId: number;
  readonly kind: "fulfillment" | "approver";
  readonly to: string;
  readonly messageId: string;
}

export interface Journal {
  readonly calls: readonly JournalCall[];
  readonly mails: readonly JournalMail[];
}
