import type { KeyType } from "./issue.ts";

export const statusNames = ["Pending CA Approval", "Approved", "Complete", "Canceled"] as const;
export type StatusName = (typeof statusNames)[number];

/** IBM publishes the names and not the numbers; these are what its Terraform provider was seen to use, and one of ours. */
export const statusIds = {
  "Pending CA Approval": 50,
  Approved: 43,
  Complete: 49,
  Canceled: 42,
} as const satisfies Record<StatusName, number>;

/** One order as this CA keeps it. Times are ISO 8601, so that the book is plain JSON. */
export interface BookOrder {
  readonly id: number;
  readonly product: string;
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  approverEmail: string;
  readonly technicalEmail: string;
  status: StatusName;
  readonly createdAt: string;
  modifiedAt: string;
  validFrom: string | null;
  validTo: string | null;
  readonly keyType: KeyType | null;
  readonly csrPem: string;
  /** Only where the key was made here, for the sandbox's key page. */
  readonly privateKeyPem: string | null;
  certificatePem: string | null;
  readonly mailStyle: "zip" | "body";
  readonly validityDays: number;
  /** When the status clock moves the order on to Approved, and from there to Complete; null: only when told. */
  approvesAt: string | null;
  completesAt: string | null;
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
