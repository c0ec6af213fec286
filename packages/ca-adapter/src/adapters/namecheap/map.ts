import {
  type CaOrder,
  type CaOrderId,
  caOrderIdSchema,
  type Issuance,
  type OrderStatus,
  parseEmailAddress,
  type Recipient,
  type RecipientSource,
  type ValidationType,
} from "@sealpost/domain";
import { readCsrFacts } from "../../csr-facts.ts";
import { asciiName } from "../../names.ts";
import type { WireInfo, WireRow } from "./wire.ts";

/** "namecheap.ssl.getInfo", certificate status values. Live answers write them in lower case. */
const statuses = new Map<string, OrderStatus>([
  ["active", "issued"],
  ["newpurchase", "draft"],
  ["newrenewal", "draft"],
  ["purchased", "validating"],
  ["purchaseerror", "error"],
  ["cancelled", "cancelled"],
  ["replaced", "replaced"],
]);

export function mapStatus(word: string): OrderStatus {
  return statuses.get(word.trim().toLowerCase()) ?? "unknown";
}

/** As sold since July 2026, and under the names before. Only for their spelling: there are others. */
const products = [
  "Standard SSL",
  "Standard Wildcard SSL",
  "SAN Certificate",
  "High Assurance SSL",
  "OV Wildcard SSL",
  "OV Multi-domain SSL",
  "EV SSL",
  "EV Multi-Domain SSL",
  "PositiveSSL",
  "PositiveSSL Wildcard",
  "PositiveSSL Multi Domain",
  "EssentialSSL",
  "EssentialSSL Wildcard",
  "InstantSSL",
  "InstantSSL Pro",
  "PremiumSSL",
  "PremiumSSL Wildcard",
  "Multi Domain SSL",
  "EV Multi Domain SSL",
  "Unified Communications",
];
const spellings = new Map(products.map((name) => [name.toLowerCase(), name]));

/** The list writes a product as it is sold, the details in small letters: one name, lest it change with each reading. */
export function mapProduct(said: string): string {
  return spellings.get(said.trim().toLowerCase()) ?? said.trim();
}

/** The service has no field for it; product names tell it, and where they do not, nobody guesses. */
export function mapValidationType(product: string): ValidationType {
  if (/\bev\b/i.test(product)) return "ev";
  if (/\bov\b|instantssl|premiumssl/i.test(product)) return "ov";
  if (/positivessl|essentialssl/i.test(product)) return "dv";
  return "unknown";
}

/** A row of the list: without recipients, and without the day the certificate began. */
export function mapRow(wire: WireRow): CaOrder {
  const caOrderId = caOrderIdSchema.parse(wire["@CertificateID"]);
  const commonName = wire["@HostName"] ?? "";
  return {
    ...common(caOrderId, { status: wire["@Status"], product: wire["@SSLType"], commonName }),
    dnsNames: asciiName(commonName),
    recipients: { fulfillment: "not-loaded", approver: "not-loaded" },
    csrSpkiSha256: null,
    orderedAt: usDay(wire["@PurchaseDate"]),
    issuances: issuancesOf(wire["@CertificateID"], wire["@Status"], {
      from: wire["@PurchaseDate"],
      to: wire["@ExpireDate"],
    }),
    hasDetails: false,
  };
}

/** `id`: as asked for; the answer does not repeat it. Nor does it tell the day of the order. */
export function mapInfo(id: CaOrderId, wire: WireInfo): CaOrder {
  const { CommonName, CSR, AdministratorEmail, ApproverEmail } = wire.CertificateDetails ?? {};
  const csr = CSR ? readCsrFacts(CSR) : null;
  const commonName = CommonName ?? "";
  return {
    ...common(id, { status: wire["@Status"], product: wire["@Type"], commonName }),
    dnsNames: [...new Set([...asciiName(commonName), ...(csr?.dnsNames ?? [])])],
    // The certificate goes to the administrator named when the order was activated; the approver only consents.
    recipients: {
      fulfillment: recipient(AdministratorEmail, "administrator-contact"),
      approver: recipient(ApproverEmail, "order-approver"),
    },
    csrSpkiSha256: csr?.spkiSha256 ?? null,
    orderedAt: null,
    issuances: issuancesOf(id, wire["@Status"], { from: wire["@IssuedOn"], to: wire["@Expires"] }),
    hasDetails: true,
  };
}

function common(
  caOrderId: CaOrderId,
  said: {
    readonly status: string;
    readonly product?: string | null | undefined;
    readonly commonName: string;
  },
) {
  const product = mapProduct(said.product ?? "");
  return {
    caOrderId,
    product,
    validationType: mapValidationType(product),
    commonName: said.commonName,
    status: mapStatus(said.status),
    vendorStatus: said.status,
  };
}

/** Domains validated by a record or a file have a word in place of an address. */
function recipient(text: string | null | undefined, source: RecipientSource): readonly Recipient[] {
  const address = parseEmailAddress(text ?? "");
  return address === null ? [] : [{ address, source }];
}

/**
 * A reissue is an order of its own here, so that each has at most one certificate, of the same number. What is not
 * issued yet may name dates all the same. In a list the day of the order stands in for the first.
 */
function issuancesOf(
  caCertificateId: string,
  status: string,
  days: { readonly from: string | null | undefined; readonly to: string | null | undefined },
): readonly Issuance[] {
  const validFrom = usDay(days.from);
  const validTo = usDay(days.to, "T23:59:59Z");
  const isIssued = ["issued", "replaced"].includes(mapStatus(status));
  if (!isIssued || validFrom === null || validTo === null || validFrom > validTo) return [];
  return [{ caCertificateId, validFrom, validTo }];
}

/** Days are written M/D/YYYY, without a zone: taken as UTC, at this time. Null for what is no day of the calendar. */
function usDay(text: string | null | undefined, time = "T00:00:00Z"): Date | null {
  const [, month = "", day = "", year = ""] =
    /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: .*)?$/.exec(text?.trim() ?? "") ?? [];
  const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const at = new Date(`${iso}${time}`);
  // The calendar has no 30 February, though the clock would go on to March.
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso) ? at : null;
}
