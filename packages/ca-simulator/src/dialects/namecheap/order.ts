import type { BookOrder, StatusName } from "../../order-book.ts";
import { cdata, element, text } from "./xml.ts";

const statusWords = {
  "Pending CA Approval": "purchased",
  Approved: "active",
  Complete: "active",
  Canceled: "cancelled",
} as const satisfies Record<StatusName, string>;

/** In small letters, as live answers have them. */
export function namecheapStatus(order: BookOrder): string {
  return order.vendorStatus ?? statusWords[order.status];
}

/** What was bought and not activated has no name, no days, no request yet. */
function isDraft(order: BookOrder): boolean {
  return ["newpurchase", "newrenewal"].includes(namecheapStatus(order));
}

/** A row of `ssl.getList`. */
export function listRow(order: BookOrder, now: Date): string {
  const validTo = isDraft(order) ? null : order.validTo;
  return element("SSL", {
    CertificateID: order.id,
    HostName: isDraft(order) ? "" : order.commonName,
    SSLType: order.product,
    PurchaseDate: usDate(order.createdAt),
    ExpireDate: usDate(validTo),
    ActivationExpireDate: "",
    IsExpiredYN: validTo !== null && new Date(validTo) < now,
    Status: namecheapStatus(order),
    Years: 1,
  });
}

/** The certificates of the CAs above, where the certificate itself was asked for. */
type AskedChain = { readonly intermediatePem: string } | null;

/** `ssl.getInfo`. The product stands in small letters here, as in the vendor's samples. */
export function orderInfo(order: BookOrder, chain: AskedChain): string {
  const status = namecheapStatus(order);
  const attributes = {
    Status: status,
    StatusDescription: `Certificate is ${status}.`,
    Type: order.product.toLowerCase(),
    IssuedOn: isDraft(order) ? "" : usDate(order.validFrom),
    Expires: isDraft(order) ? "" : usDate(order.validTo),
    ActivationExpireDate: "",
    OrderId: order.id + 5_000_000,
    ReplacedBy: status === "replaced" ? order.id + 1 : "",
    SANSCount: Math.max(0, order.dnsNames.length - 1),
  };
  const details = isDraft(order) ? [] : detailsOf(order, chain);
  const provider = [element("OrderID", {}, [String(order.id)]), element("Name", {}, ["COMODO"])];
  return element("SSLGetInfoResult", attributes, [
    element("CertificateDetails", {}, details),
    element("Provider", {}, provider),
  ]);
}

function detailsOf(order: BookOrder, chain: AskedChain): readonly string[] {
  return [
    element("CSR", {}, [cdata(order.csrPem)]),
    element("ApproverEmail", {}, [text(order.approverEmail)]),
    element("CommonName", {}, [text(order.commonName)]),
    element("AdministratorName", {}, ["Order Desk"]),
    element("AdministratorEmail", {}, [text(order.technicalEmail)]),
    certificatesOf(order, chain),
  ];
}

/** Each certificate of a CA stands in an element within another of the same name. */
function certificatesOf({ certificatePem }: BookOrder, chain: AskedChain): string {
  if (certificatePem === null || chain === null)
    return element("Certificates", { CertificateReturned: false });
  const inner = element("Certificate", {}, [cdata(chain.intermediatePem)]);
  const wrapped = element("Certificate", { Type: "INTERMEDIATE" }, [inner]);
  return element("Certificates", { CertificateReturned: true, ReturnType: "Individual" }, [
    element("Certificate", {}, [cdata(certificatePem)]),
    element("CaCertificates", {}, [wrapped]),
  ]);
}

/** M/D/YYYY, without zeros before and without a zone. */
function usDate(iso: string | null): string {
  const [year, month, day] = iso?.slice(0, 10).split("-").map(Number) ?? [];
  return year === undefined ? "" : `${month}/${day}/${year}`;
}
