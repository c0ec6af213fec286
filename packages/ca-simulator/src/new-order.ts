import { dialectOf } from "./dialects/registry.ts";
import { isRequest, type KeyType, makeRequest } from "./issue.ts";
import type { BookOrder, StatusName, Validation } from "./order-book.ts";

const dayMs = 24 * 60 * 60 * 1000;

export interface NewOrder {
  /** IBM classic unless another is named. */
  readonly ca?: string;
  readonly commonName: string;
  readonly dnsNames?: readonly string[];
  readonly validation?: Validation;
  readonly product?: string;
  readonly organization?: string;
  readonly keyType?: KeyType;
  /** A request made elsewhere; then no key is known here. */
  readonly csrPem?: string;
  readonly approverEmail?: string;
  readonly technicalEmail?: string;
  readonly status?: StatusName;
  readonly vendorStatus?: string;
  readonly mailStyle?: BookOrder["mailStyle"];
  readonly validityDays?: number;
  /** For orders of the past: when their certificate began. */
  readonly issuedAt?: Date;
  /** When the status clock moves the order on by itself; without, only when told. */
  readonly approvesAt?: Date;
  readonly completesAt?: Date;
}

/** An order as it stands in the book before anything is issued. Throws for a request that is none. */
export async function newOrder(id: number, input: NewOrder, now: Date): Promise<BookOrder> {
  const { commonName, keyType = "ec-p256", csrPem } = input;
  const dnsNames = input.dnsNames ?? [commonName];
  const organization = input.organization ?? null;
  if (csrPem !== undefined && !(await isRequest(csrPem))) throw new Error("not a certificate request");
  const made =
    csrPem === undefined ? await makeRequest({ keyType, commonName, dnsNames, organization }) : null;
  const apex = commonName.replace(/^\*\./, "").split(".").slice(-2).join(".");
  const at = (input.issuedAt ?? now).toISOString();
  const ca = input.ca ?? "ibm-classic";
  const validation = input.validation ?? "dv";
  return {
    id,
    number: dialectOf(ca).numberOf?.(id) ?? String(id),
    ca,
    product: input.product ?? dialectOf(ca).products[validation],
    validation,
    organization,
    commonName,
    dnsNames,
    approverEmail: input.approverEmail ?? `hostmaster@${apex}`,
    technicalEmail: input.technicalEmail ?? `it@${apex}`,
    status: "Pending CA Approval",
    vendorStatus: input.vendorStatus ?? null,
    createdAt: at,
    modifiedAt: at,
    validFrom: null,
    validTo: null,
    keyType: made ? keyType : null,
    csrPem: made?.csrPem ?? csrPem ?? "",
    privateKeyPem: made?.privateKeyPem ?? null,
    certificatePem: null,
    earlier: [],
    mailStyle: input.mailStyle ?? "zip",
    validityDays: input.validityDays ?? 198,
    approvesAt: input.approvesAt?.toISOString() ?? null,
    completesAt: input.completesAt?.toISOString() ?? null,
  };
}

/** From when to when its certificate holds: to the second, or for whole days where the CA names nothing finer. */
export function period(order: BookOrder, at: Date): { readonly validFrom: Date; readonly validTo: Date } {
  const { isInWholeDays = false } = dialectOf(order.ca);
  const unitMs = isInWholeDays ? dayMs : 1000;
  const validFrom = new Date(Math.floor(at.getTime() / unitMs) * unitMs);
  const lastSecondMs = isInWholeDays ? 1000 : 0;
  return { validFrom, validTo: new Date(validFrom.getTime() + order.validityDays * dayMs - lastSecondMs) };
}
