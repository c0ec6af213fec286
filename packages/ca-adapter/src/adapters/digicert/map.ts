import {
  type CaOrder,
  type CaProbe,
  caOrderIdSchema,
  type Issuance,
  type OrderStatus,
  parseEmailAddress,
  type Recipient,
  type RecipientSource,
  sameAddress,
  type ValidationType,
} from "@sealpost/domain";
import { readCsrFacts } from "../../csr-facts.ts";
import { asciiName } from "../../names.ts";
import type { WireCertificate, WireInfo, WireRow, WireUser } from "./wire.ts";

/** The words of "List orders" and of the vendor's samples. An expired order is an issued one whose date has passed. */
const statuses = new Map<string, OrderStatus>([
  ["pending", "validating"],
  ["processing", "validating"],
  ["needs_csr", "validating"],
  ["approved", "validating"],
  ["needs_approval", "awaiting-approval"],
  ["issued", "issued"],
  ["waiting_pickup", "issued"],
  ["expired", "issued"],
  ["reissue_pending", "reissue-pending"],
  ["canceled", "cancelled"],
  ["rejected", "rejected"],
  ["revoked", "revoked"],
]);

export function mapStatus(word: string): OrderStatus {
  return statuses.get(word.trim().toLowerCase()) ?? "unknown";
}

/** Only the details name it. In a list the product's identifier tells, or an organization, which only DV lacks. */
export function mapValidationType({ product, organization }: WireRow): ValidationType {
  const told = product?.validation_type?.toLowerCase();
  if (told === "dv" || told === "ov" || told === "ev") return told;
  const parts = (product?.name_id ?? "").toLowerCase().split("_");
  if (parts.includes("ev")) return "ev";
  if (parts.includes("dv")) return "dv";
  return organization?.name && parts.includes("ssl") ? "ov" : "unknown";
}

/** A row of the list: without recipients, and without the day the certificate began. */
export function mapRow(wire: WireRow): CaOrder {
  const { certificate } = wire;
  return {
    ...common(wire),
    recipients: { fulfillment: "not-loaded", approver: "not-loaded" },
    csrSpkiSha256: null,
    issuances: issuanceOf(certificate, wire.date_created),
    hasDetails: false,
  };
}

/** `others`: reissues and duplicates. The certificate in force stands first. */
export function mapInfo(wire: WireInfo, others: readonly WireCertificate[]): CaOrder {
  const csr = wire.certificate?.csr ? readCsrFacts(wire.certificate.csr) : null;
  const facts = common(wire);
  const issued = others.filter(({ status }) => status === "issued" || status === "approved");
  const issuances = [wire.certificate, ...issued].flatMap((one) => issuanceOf(one, wire.date_created));
  return {
    ...facts,
    dnsNames: [...new Set([...facts.dnsNames, ...(csr?.dnsNames ?? [])])],
    recipients: { fulfillment: fulfillmentOf(wire), approver: approverOf(wire) },
    csrSpkiSha256: csr?.spkiSha256 ?? null,
    issuances: issuances.filter(
      ({ caCertificateId }, at) =>
        issuances.findIndex((other) => other.caCertificateId === caCertificateId) === at,
    ),
    hasDetails: true,
  };
}

function common(wire: WireRow) {
  const { certificate } = wire;
  const commonName = certificate?.common_name ?? "";
  return {
    caOrderId: caOrderIdSchema.parse(String(wire.id)),
    product: wire.product?.name ?? wire.product?.name_id ?? "",
    validationType: mapValidationType(wire),
    commonName,
    dnsNames: [...new Set([commonName, ...(certificate?.dns_names ?? [])].flatMap(asciiName))],
    status: mapStatus(wire.status),
    vendorStatus: wire.status,
    orderedAt: date(wire.date_created),
  };
}

/** Days are whole (UTC). Where the first is not told, the order's own date stands in until the details are read. */
function issuanceOf(
  wire: WireCertificate | null | undefined,
  orderedAt: string | null | undefined,
): Issuance[] {
  const validTo = date(wire?.valid_till, "T23:59:59Z");
  const validFrom =
    date(wire?.valid_from) ?? date(wire?.date_issued) ?? date(wire?.date_created) ?? date(orderedAt);
  if (wire?.id == null || validTo === null || validFrom === null || validFrom > validTo) return [];
  return [{ caCertificateId: String(wire.id), validFrom, validTo }];
}

/**
 * Who the vendor mails by itself: whoever ordered, and where the account says so the technical contact. The mail can go
 * to any address, so these are what is proposed. The organization's contact, where nobody else has an address.
 */
function fulfillmentOf(wire: WireInfo): readonly Recipient[] {
  const usual = recipients([
    [wire.user?.email, "requester"],
    [wire.technical_contact?.email, "technical-contact"],
  ]);
  return usual.length > 0 ? usual : recipients([[wire.organization_contact?.email, "administrator-contact"]]);
}

function approverOf(wire: WireInfo): readonly Recipient[] {
  return recipients((wire.dcv_emails ?? []).map(({ email }) => [email, "order-approver"] as const));
}

function recipients(
  said: readonly (readonly [address: string | null | undefined, source: RecipientSource])[],
): readonly Recipient[] {
  const all = said.flatMap(([text, source]) => {
    const address = parseEmailAddress(text ?? "");
    return address === null ? [] : [{ address, source }];
  });
  return all.filter((one, at) => all.findIndex((other) => sameAddress(one.address, other.address)) === at);
}

/** "View Only" of the list of roles. */
const readOnlyRole = 102;

/** The roles may be the person's while the key is narrower, so that only a read-only one says anything. */
export function mapUser(wire: WireUser): CaProbe {
  const person = [wire.first_name, wire.last_name].filter((part) => part).join(" ") || wire.username || null;
  const account = wire.account_id == null ? null : String(wire.account_id);
  const accountName = person && account ? `${person} (${account})` : (person ?? account);
  const isReadOnly = wire.access_roles?.some(({ id }) => id === readOnlyRole) ? true : null;
  return { accountName, isReadOnly };
}

/** A moment, or a day: then this time of it. */
function date(text: string | null | undefined, time = "T00:00:00Z"): Date | null {
  const at = Date.parse(/^\d{4}-\d\d-\d\d$/.test(text ?? "") ? `${text}${time}` : (text ?? ""));
  return Number.isNaN(at) ? null : new Date(at);
}
