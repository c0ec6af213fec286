import { X509Certificate } from "node:crypto";
import type { BookOrder, JournalMail, StatusName } from "../../order-book.ts";
import type { IssuingChain } from "../dialect.ts";

export const subscriptionId = "0d9e4b16-3c58-47af-a2c1-7e8f5b604d93";
/** The one group the orders are in. A list writes it this way, an order as it was asked for. */
export const resourceGroup = "Web-Certificates";
const type = "Microsoft.CertificateRegistration/certificateOrders";

const statusWords = {
  "Pending CA Approval": "Pendingissuance",
  Approved: "Issued",
  Complete: "Issued",
  Canceled: "Canceled",
} as const satisfies Record<StatusName, string>;

/** An order's name in its group: letters and digits only. */
export function nameOf({ id }: Pick<BookOrder, "id">): string {
  return `cert${id}`;
}

/** By what the console knows an order: group and name, in small letters. */
export function numberOf(id: number): string {
  return `${resourceGroup}/${nameOf({ id })}`.toLowerCase();
}

/** The number in such a name; Azure compares names without regard to case. Null for another. */
export function numberIn(name: string): number | null {
  const digits = /^cert(\d{1,10})$/i.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** An order as a list and its own call have it: with its certificates in full. */
export function azureOrder(order: BookOrder, chain: IssuingChain, group = resourceGroup) {
  const isIssued = order.certificatePem !== null && order.status !== "Canceled";
  return {
    id: `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/${type}/${nameOf(order)}`,
    name: nameOf(order),
    type,
    location: "Global",
    tags: {},
    properties: {
      distinguishedName: `CN=${order.commonName}`,
      domainVerificationToken: `sandbox${order.id}`,
      validityInYears: 1,
      keySize: 2048,
      productType: order.product,
      autoRenew: false,
      provisioningState: "Succeeded",
      status: order.vendorStatus ?? statusWords[order.status],
      csr: order.csrPem,
      isPrivateKeyExternal: true,
      contact: { email: order.approverEmail, nameFirst: "Order", nameLast: "Desk", phone: "555-0100" },
      appServiceCertificateNotRenewableReasons: [],
      ...(isIssued ? certificatesOf(order.certificatePem ?? "", chain) : {}),
    },
  };
}

function certificatesOf(pem: string, { intermediatePem, rootPem }: IssuingChain) {
  const signedCertificate = details(pem);
  return {
    signedCertificate,
    serialNumber: signedCertificate.serialNumber,
    lastCertificateIssuanceTime: signedCertificate.notBefore,
    expirationTime: signedCertificate.notAfter,
    intermediate: details(intermediatePem),
    root: details(rootPem),
  };
}

function details(pem: string) {
  const certificate = new X509Certificate(pem);
  return {
    version: 3,
    serialNumber: certificate.serialNumber,
    thumbprint: certificate.fingerprint.replaceAll(":", ""),
    subject: certificate.subject.replaceAll("\n", ", "),
    notBefore: offsetDate(certificate.validFrom),
    notAfter: offsetDate(certificate.validTo),
    signatureAlgorithm: "sha256",
    issuer: certificate.issuer.replaceAll("\n", ", "),
    rawData: certificate.raw.toString("base64"),
  };
}

/** Oldest first: the mail of the issuance, then what was mailed since. Whom they went to and what they say is not kept. */
export function emailHistory(order: BookOrder, mails: readonly JournalMail[]) {
  const own = mails.filter(({ orderId }) => orderId === order.id);
  const times = [...(order.validFrom === null ? [] : [order.validFrom]), ...own.map(({ at }) => at)];
  return times.map((at, index) => ({
    id: null,
    name: nameOf(order),
    type: `${type}/emails`,
    properties: { emailId: `${order.id}-${index + 1}`, timeStamp: offsetDate(at) },
  }));
}

/** UTC in whole seconds, with an offset in place of Z. */
function offsetDate(date: string): string {
  return `${new Date(date).toISOString().slice(0, 19)}+00:00`;
}
