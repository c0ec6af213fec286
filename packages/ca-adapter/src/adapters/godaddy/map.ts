import {
  type CaMail,
  type CaOrder,
  caOrderIdSchema,
  type EmailAddress,
  type EmailKind,
  type Issuance,
  type OrderStatus,
  parseEmailAddress,
  type Recipient,
  sameAddress,
  type ValidationType,
} from "@sealpost/domain";
import { readCsrFacts } from "../../csr-facts.ts";
import { asciiName } from "../../names.ts";
import type { WireDetail, WireMail, WireRow } from "./wire.ts";

/** The specification's words. An expired certificate is an issued one whose date has passed; an unused one was only paid for. */
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

/** `UCC_EV_SSL`: one of the parts names it. Code and driver signing are no certificates of servers. */
export function mapValidationType(product: string): ValidationType {
  const parts = product.toLowerCase().split("_");
  if (!parts.includes("ssl")) return "unknown";
  return (["dv", "ov", "ev"] as const).find((type) => parts.includes(type)) ?? "unknown";
}

/** A row of the list: without recipients and request. */
export function mapRow(wire: WireRow): CaOrder {
  return {
    ...common(wire),
    recipients: { fulfillment: "not-loaded", approver: "not-loaded" },
    csrSpkiSha256: null,
    hasDetails: false,
  };
}

/**
 * `mails`: the history, as far as it was asked for. The mail for the domain's consent goes to whom its last one went and
 * to nobody else: the order's contact need not hold the domain.
 */
export function mapDetail(wire: WireDetail, mails: readonly CaMail[]): CaOrder {
  const csr = wire.csr ? readCsrFacts(wire.csr) : null;
  const facts = common(wire);
  const asked = newestOf(mails, "approver")?.recipients ?? [];
  const approver = asked.map((address) => ({ address, source: "mail-history" as const }));
  return {
    ...facts,
    dnsNames: [...new Set([...facts.dnsNames, ...(csr?.dnsNames ?? [])])],
    recipients: { fulfillment: contactOf(wire), approver },
    csrSpkiSha256: csr?.spkiSha256 ?? null,
    hasDetails: true,
  };
}

function common(wire: WireRow) {
  const product = wire.type ?? wire.productType ?? "";
  const commonName = wire.commonName ?? "";
  const others = (wire.subjectAlternativeNames ?? []).flatMap((name) => name ?? []);
  return {
    caOrderId: caOrderIdSchema.parse(wire.certificateId),
    product,
    validationType: mapValidationType(product),
    commonName,
    dnsNames: [...new Set([commonName, ...others].flatMap(asciiName))],
    status: mapStatus(wire.status),
    vendorStatus: wire.status,
    orderedAt: date(wire.createdAt),
    issuances: issuancesOf(wire),
  };
}

/** A rekey makes another certificate under the same id, so that the day it begins tells them apart. */
function issuancesOf(wire: WireRow): readonly Issuance[] {
  const validFrom = date(wire.validStartAt) ?? date(wire.validStart);
  const validTo = date(wire.validEndAt) ?? date(wire.validEnd);
  if (validFrom === null || validTo === null || validFrom > validTo) return [];
  return [{ caCertificateId: validFrom.toISOString(), validFrom, validTo }];
}

function contactOf({ contact }: WireDetail): readonly Recipient[] {
  const address = parseEmailAddress(contact?.email ?? "");
  return address === null ? [] : [{ address, source: "administrator-contact" }];
}

/** Newest first; a mail without a readable date comes last. */
export function mapHistory(wire: readonly WireMail[]): readonly CaMail[] {
  const mails = wire.map(
    ({ id, templateType, subject, recipients, dateEntered }): CaMail => ({
      mailId: id,
      kind: kindOfMail(templateType ?? "", subject ?? ""),
      subject: subject ?? "",
      recipients: addressesIn(recipients ?? ""),
      sentAt: date(dateEntered),
    }),
  );
  const time = ({ sentAt }: CaMail) => sentAt?.getTime() ?? Number.NEGATIVE_INFINITY;
  // Mails of one moment: the higher number is the later one.
  const later = (one: CaMail, other: CaMail) => Number(other.mailId) - Number(one.mailId);
  return mails.sort((one, other) =>
    time(one) === time(other) ? later(one, other) : time(one) < time(other) ? 1 : -1,
  );
}

export function newestOf(mails: readonly CaMail[], kind: EmailKind): CaMail | null {
  return mails.find((mail) => mail.kind === kind) ?? null;
}

/** What a mail at the end of an order, of its money or of its certificate says; none of these hands anything out. */
const otherMails = /expir|renew|revok|revoc|cancel|den(y|ied)|receipt|invoice|pending/;
const fulfillmentMails = /issued|issuance|download|complete|ready/;
const approverMails = /dcv|approv|verif|validat|domain[ _-]?(control|access|ownership)/;

/**
 * The names of the templates are published nowhere, so that a mail is only taken for one kind where nothing speaks for
 * another: the template first, then the subject without the host names in it.
 */
export function kindOfMail(templateType: string, subject: string): EmailKind | null {
  const named = templateType.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  const plainSubject = subject.toLowerCase().replace(/\S+\.\S+/g, " ");
  for (const words of [named, plainSubject]) {
    if (otherMails.test(words)) return null;
    const isFulfillment = fulfillmentMails.test(words);
    const isApprover = approverMails.test(words);
    if (isFulfillment && isApprover) return null;
    if (isFulfillment) return "fulfillment";
    if (isApprover) return "approver";
  }
  return null;
}

/** One text for all of them; what parts them is not said. */
function addressesIn(text: string): readonly EmailAddress[] {
  const all = text.split(/[\s,;<>"]+/).flatMap((part) => parseEmailAddress(part) ?? []);
  return all.filter((one, at) => all.findIndex((other) => sameAddress(one, other)) === at);
}

function date(text: string | null | undefined): Date | null {
  const at = Date.parse(text ?? "");
  return Number.isNaN(at) ? null : new Date(at);
}
