import {
  type CaMail,
  type CaOrder,
  caOrderIdSchema,
  type EmailKind,
  type Issuance,
  type OrderStatus,
  parseEmailAddress,
  type Recipient,
  type ValidationType,
} from "@sealpost/domain";
import { readCsrFacts } from "../../csr-facts.ts";
import { asciiName } from "../../names.ts";
import type { WireCertificate, WireMail } from "./wire.ts";

/** The description's words. An expired order is an issued one whose date has passed. */
const statuses = new Map<string, OrderStatus>([
  ["PENDING_ISSUANCE", "validating"],
  ["ISSUED", "issued"],
  ["EXPIRED", "issued"],
  ["REVOKED", "revoked"],
  ["CANCELED", "cancelled"],
  ["DENIED", "rejected"],
  ["PENDING_REVOCATION", "revocation-pending"],
  ["PENDING_REKEY", "reissue-pending"],
  ["UNUSED", "draft"],
]);

export function mapStatus(word: string): OrderStatus {
  return statuses.get(word.trim().toUpperCase()) ?? "unknown";
}

/** The kind of product begins with it, or after UCC_ for several names. */
export function mapValidationType(product: string): ValidationType {
  const found = /^(?:UCC_)?(DV|OV|EV)_/.exec(product.toUpperCase())?.[1];
  return found === "DV" ? "dv" : found === "OV" ? "ov" : found === "EV" ? "ev" : "unknown";
}

/** A row of the list: without recipients, and without the CSR. */
export function mapRow(wire: WireCertificate): CaOrder {
  return {
    ...common(wire),
    recipients: { fulfillment: "not-loaded", approver: "not-loaded" },
    csrSpkiSha256: null,
    hasDetails: false,
  };
}

export function mapDetail(wire: WireCertificate): CaOrder {
  const csr = wire.csr ? readCsrFacts(wire.csr) : null;
  const facts = common(wire);
  const contact = contactOf(wire);
  return {
    ...facts,
    dnsNames: [...new Set([...facts.dnsNames, ...(csr?.dnsNames ?? [])])],
    recipients: { fulfillment: contact, approver: contact },
    csrSpkiSha256: csr?.spkiSha256 ?? null,
    hasDetails: true,
  };
}

function common(wire: WireCertificate) {
  const commonName = wire.commonName ?? "";
  const product = wire.type ?? wire.productType ?? "";
  return {
    caOrderId: caOrderIdSchema.parse(wire.certificateId),
    product,
    validationType: mapValidationType(product),
    commonName,
    dnsNames: [...new Set([commonName, ...(wire.subjectAlternativeNames ?? [])].flatMap(asciiName))],
    status: mapStatus(wire.status),
    vendorStatus: wire.status,
    orderedAt: date(wire.createdAt),
    issuances: issuanceOf(wire),
  };
}

/** An order is one certificate: a rekeyed one keeps the id and gets another serial number and period. */
function issuanceOf(wire: WireCertificate): readonly Issuance[] {
  const validFrom = date(wire.validStartAt ?? wire.validStart);
  const validTo = date(wire.validEndAt ?? wire.validEnd);
  if (validFrom === null || validTo === null || validFrom > validTo) return [];
  return [{ caCertificateId: wire.serialNumber || validFrom.toISOString(), validFrom, validTo }];
}

function contactOf({ contact }: WireCertificate): readonly Recipient[] {
  const address = parseEmailAddress(contact?.email ?? "");
  return address === null ? [] : [{ address, source: "administrator-contact" }];
}

/** Newest first. */
export function mapHistory(wires: readonly WireMail[]): readonly CaMail[] {
  return wires.map(mapMail).sort((a, b) => (b.sentAt?.getTime() ?? 0) - (a.sentAt?.getTime() ?? 0));
}

function mapMail(wire: WireMail): CaMail {
  const addresses = (wire.recipients ?? "").split(/[\s,;]+/).flatMap((text) => parseEmailAddress(text) ?? []);
  return {
    mailId: wire.id,
    kind: mapMailKind(wire),
    subject: wire.subject ?? "",
    recipients: addresses,
    sentAt: date(wire.dateEntered),
  };
}

/** The names of the templates are published nowhere; null where neither they nor the subject say enough. */
export function mapMailKind({
  templateType,
  subject,
}: Pick<WireMail, "templateType" | "subject">): EmailKind | null {
  const template = (templateType ?? "").replace(/([a-z])([A-Z])/g, "$1 $2").replace(/[_-]/g, " ");
  const words = `${template} ${subject ?? ""}`;
  if (/\b(domain (control|validation|access)|dcv|approv\w*|verif\w*)\b/i.test(words)) return "approver";
  return /\b(issu(ed|ance)|download|complete[d]?|ready)\b/i.test(words) ? "fulfillment" : null;
}

function date(text: string | null | undefined): Date | null {
  const at = Date.parse(text ?? "");
  return Number.isNaN(at) ? null : new Date(at);
}
