import {
  type CaMail,
  type CaOrder,
  caOrderIdSchema,
  type Issuance,
  type OrderStatus,
  parseEmailAddress,
  type Recipient,
  type ValidationType,
} from "@sealpost/domain";
import { readCsrFacts } from "../../csr-facts.ts";
import { asciiName } from "../../names.ts";
import type { WireMail, WireOrder } from "./wire.ts";

/** The words of `CertificateOrderStatus`, whose case follows no rule. An expired order is an issued one whose date has passed. */
const statuses = new Map<string, OrderStatus>([
  ["notsubmitted", "draft"],
  // Paid for, and no certificate asked for yet.
  ["unused", "draft"],
  ["pendingissuance", "validating"],
  ["issued", "issued"],
  ["expired", "issued"],
  ["pendingrekey", "reissue-pending"],
  ["canceled", "cancelled"],
  ["denied", "rejected"],
  ["pendingrevocation", "revocation-pending"],
  ["revoked", "revoked"],
]);

export function mapStatus(word: string): OrderStatus {
  return statuses.get(word.trim().toLowerCase()) ?? "unknown";
}

/** Both products there are name it. */
export function mapValidationType(product: string): ValidationType {
  return /DomainValidated/i.test(product) ? "dv" : "unknown";
}

/** An order of the list. That it has contact and request there too is said nowhere: those are for the details. */
export function mapRow(wire: WireOrder): CaOrder {
  return {
    ...common(wire),
    dnsNames: asciiName(commonNameOf(wire)),
    recipients: { fulfillment: "not-loaded", approver: "not-loaded" },
    csrSpkiSha256: null,
    hasDetails: false,
  };
}

export function mapOrder(wire: WireOrder): CaOrder {
  const { csr: request, contact } = wire.properties;
  const csr = request ? readCsrFacts(pemOf(request)) : null;
  // The only address an order names. Both mails are asked for with it.
  const people = recipients(contact?.email);
  return {
    ...common(wire),
    dnsNames: [...new Set([...asciiName(commonNameOf(wire)), ...(csr?.dnsNames ?? [])])],
    recipients: { fulfillment: people, approver: people },
    csrSpkiSha256: csr?.spkiSha256 ?? null,
    hasDetails: true,
  };
}

function common(wire: WireOrder) {
  const { status, productType, signedCertificate } = wire.properties;
  const product = productType ?? "";
  return {
    caOrderId: caOrderIdSchema.parse(wire.id),
    product,
    validationType: mapValidationType(product),
    commonName: commonNameOf(wire),
    status: mapStatus(status),
    vendorStatus: status,
    // The service tells when the certificate was made, and of the order nothing.
    orderedAt: null,
    issuances: issuancesOf(signedCertificate),
  };
}

/** "CN=example.com", perhaps among others (RFC 4514); the certificate's own subject where the order has none. */
function commonNameOf({ properties }: WireOrder): string {
  const names = [properties.distinguishedName, properties.signedCertificate?.subject];
  const found = names.map((name) => /(?:^|[,+])\s*CN\s*=\s*"?([^,+"]+)/i.exec(name ?? "")?.[1]?.trim());
  return found.find((name) => name) ?? "";
}

/** The service keeps the certificate in force and none before it. */
function issuancesOf(wire: WireOrder["properties"]["signedCertificate"]): readonly Issuance[] {
  const validFrom = date(wire?.notBefore);
  const validTo = date(wire?.notAfter);
  if (validFrom === null || validTo === null || validFrom > validTo) return [];
  return [{ caCertificateId: certificateIdOf(wire) ?? "", validFrom, validTo }];
}

/** Its serial number; where that is missing, when it began. Null for no certificate. */
export function certificateIdOf(
  wire:
    | { readonly serialNumber?: string | null | undefined; readonly notBefore?: string | null | undefined }
    | null
    | undefined,
): string | null {
  return wire?.serialNumber || (date(wire?.notBefore)?.toISOString() ?? null);
}

function recipients(email: string | null | undefined): readonly Recipient[] {
  const address = parseEmailAddress(email ?? "");
  return address === null ? [] : [{ address, source: "administrator-contact" }];
}

/** The history has neither kind nor address nor words. It is in no documented order: newest first, those without a day last. */
export function mapMails(wires: readonly WireMail[]): readonly CaMail[] {
  const mails = wires.map(({ properties }) => ({
    mailId: properties.emailId,
    kind: null,
    subject: "",
    recipients: [],
    sentAt: date(properties.timeStamp),
  }));
  // Of two at the same moment the later in the list is the newer.
  return mails.reverse().sort((a, b) => (b.sentAt?.getTime() ?? 0) - (a.sentAt?.getTime() ?? 0));
}

/** A request comes as PEM, or as the base64 within. */
function pemOf(request: string): string {
  const [begin, end] = ["BEGIN", "END"].map((word) => `-----${word} CERTIFICATE REQUEST-----`);
  return request.includes("-----BEGIN") ? request : `${begin}\n${request}\n${end}`;
}

/** A moment in ISO 8601; without a zone it is UTC. */
function date(text: string | null | undefined): Date | null {
  const [, moment = "", zone] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?$/.exec(text ?? "") ?? [];
  const at = Date.parse(`${moment}${zone ?? "Z"}`);
  return Number.isNaN(at) ? null : new Date(at);
}
