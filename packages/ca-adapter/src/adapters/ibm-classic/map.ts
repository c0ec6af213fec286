import {
  type CaOrder,
  caOrderIdSchema,
  type OrderStatus,
  parseEmailAddress,
  type Recipient,
  type ValidationType,
} from "@sealpost/domain";
import { readCsrFacts } from "../../csr-facts.ts";
import { asciiName } from "../../names.ts";
import type { WireOrder } from "./wire.ts";

/** Status names are data of the service; its numbers are published nowhere, so they are never looked at. */
const statuses = new Map<string, OrderStatus>([
  ["pending ca approval", "awaiting-approval"],
  ["approved", "issued"],
  ["complete", "issued"],
  ["canceled", "cancelled"],
]);

export function mapStatus(name: string): OrderStatus {
  return statuses.get(name.trim().toLowerCase()) ?? "unknown";
}

/** The service has no field for it; product names tell it, and where they do not, nobody guesses. */
export function mapValidationType(product: string): ValidationType {
  if (/\bev\b|extended/i.test(product)) return "ev";
  if (/\bov\b|organi[sz]ation|business ?id|business/i.test(product)) return "ov";
  if (/\bdv\b|domain|rapidssl|quickssl|positivessl|essentialssl/i.test(product)) return "dv";
  return "unknown";
}

/** `statusNames`: the service's own list by number, for rows that carry only the number. */
export function mapOrder(
  wire: WireOrder,
  hasDetails: boolean,
  statusNames: ReadonlyMap<number, string>,
): CaOrder {
  const vendorStatus =
    wire.status?.name ?? statusNames.get(wire.statusId ?? Number.NaN) ?? String(wire.statusId ?? "");
  const product = wire.orderItem?.description ?? "";
  const commonName = wire.commonName ?? "";
  const csr = wire.certificateSigningRequest ? readCsrFacts(wire.certificateSigningRequest) : null;
  const recipients = approverOf(wire);
  return {
    caOrderId: caOrderIdSchema.parse(String(wire.id)),
    product,
    validationType: mapValidationType(product),
    commonName,
    dnsNames: [...new Set([...asciiName(commonName), ...(csr?.dnsNames ?? [])])],
    // The guide names the domain administrator as the recipient, the API reference also the technical contact. What is
    // shown and confirmed is the address the guide's confirmation window showed.
    recipients: { fulfillment: recipients, approver: recipients },
    csrSpkiSha256: csr?.spkiSha256 ?? null,
    status: mapStatus(vendorStatus),
    vendorStatus,
    orderedAt: date(wire.createDate),
    issuances: issuanceOf(wire),
    hasDetails,
  };
}

function approverOf(wire: WireOrder): readonly Recipient[] {
  const address = parseEmailAddress(wire.approverEmailAddress ?? "");
  return address === null ? [] : [{ address, source: "order-approver" }];
}

function issuanceOf(wire: WireOrder): CaOrder["issuances"] {
  const validFrom = date(wire.effectiveDate);
  const validTo = date(wire.expirationDate);
  return validFrom && validTo ? [{ caCertificateId: validFrom.toISOString(), validFrom, validTo }] : [];
}

function date(text: string | null | undefined): Date | null {
  const at = Date.parse(text ?? "");
  return Number.isNaN(at) ? null : new Date(at);
}
