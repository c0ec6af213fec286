import { type BookOrder, certificateIdOf, type StatusName } from "../../order-book.ts";

const dayMs = 24 * 60 * 60 * 1000;

const statusWords = {
  "Pending CA Approval": "pending",
  Approved: "issued",
  Complete: "issued",
  Canceled: "canceled",
} as const satisfies Record<StatusName, string>;

export function digicertStatus(order: BookOrder): string {
  return order.vendorStatus ?? statusWords[order.status];
}

/** "Glossary – Product identifiers", Services API; other names get one made of their letters. */
const productIds = new Map([
  ["Standard SSL", "ssl_plus"],
  ["EV SSL Plus", "ssl_ev_plus"],
  ["Wildcard Certificate", "ssl_wildcard"],
  ["Multi-Domain SSL", "ssl_multi_domain"],
  ["GeoTrust DV SSL", "ssl_dv_geotrust"],
  ["RapidSSL DV", "ssl_dv_rapidssl"],
]);

function productOf({ product }: BookOrder) {
  const nameId = productIds.get(product) ?? product.toLowerCase().replace(/[^a-z0-9]+/g, "_");
  return { name_id: nameId, name: product, type: "ssl_certificate" };
}

const container = { id: 14, name: "Sandbox division" };

/** A row of "List orders". What a pending certificate does not have yet is absent, as is a DV order's organization. */
export function listRow(order: BookOrder, now: Date) {
  const id = certificateIdOf(order);
  const product = productOf(order);
  return {
    id: order.id,
    certificate: {
      ...(id === null ? {} : { id }),
      common_name: order.commonName,
      dns_names: order.dnsNames,
      ...endOf(order, now),
      signature_hash: "sha256",
    },
    status: digicertStatus(order),
    is_renewed: false,
    date_created: offsetDate(order.createdAt),
    ...organizationOf(order),
    validity_years: 1,
    disable_renewal_notifications: false,
    container,
    product,
    has_duplicates: false,
    product_name_id: product.name_id,
    price: 0,
  };
}

/** "Order info". */
export function orderInfo(order: BookOrder, now: Date) {
  const id = certificateIdOf(order);
  const requester = person("Order", "Desk", order.approverEmail);
  return {
    id: order.id,
    certificate: {
      ...(id === null ? {} : { id }),
      common_name: order.commonName,
      dns_names: order.dnsNames,
      date_created: offsetDate(order.createdAt),
      ...(order.validFrom === null
        ? {}
        : { date_issued: offsetDate(order.validFrom), valid_from: order.validFrom.slice(0, 10) }),
      ...endOf(order, now),
      cert_validity: { days: order.validityDays },
      csr: order.csrPem,
      organization_units: [],
      server_platform: { id: 45, name: "nginx", install_url: "", csr_url: "" },
      signature_hash: "sha256",
      key_size: order.keyType?.startsWith("rsa") ? Number(order.keyType.slice(4)) : 256,
      ca_cert: { id: "sandbox", name: "Sandbox TLS CA 1" },
      status: digicertStatus(order),
    },
    status: digicertStatus(order),
    is_renewal: false,
    is_renewed: false,
    date_created: offsetDate(order.createdAt),
    ...(order.validTo === null ? {} : { order_valid_till: order.validTo.slice(0, 10) }),
    ...organizationOf(order),
    container,
    product: {
      ...productOf(order),
      validation_type: order.validation,
      validation_name: order.validation.toUpperCase(),
    },
    ...(order.validation === "dv"
      ? {}
      : { organization_contact: person("Olga", "Contact", order.technicalEmail) }),
    technical_contact: person("Tom", "Technical", order.technicalEmail),
    user: { id: 153_208, ...requester },
    user_assignments: [],
    requests: [
      { id: 1, date: offsetDate(order.createdAt), type: "new_request", status: "approved", comments: "" },
      ...order.earlier.map((_, index) => ({ id: index + 2, type: "reissue", status: "approved" })),
    ],
    dcv_method: "email",
    // Documented for placing an order; whether the answer repeats it, the vendor does not say.
    ...(order.certificatePem === null
      ? { dcv_emails: [{ dns_name: order.commonName, email: order.approverEmail }] }
      : {}),
    notes: [],
    payment_method: "balance",
    disable_renewal_notifications: false,
  };
}

/** "List reissues": the certificates of an order that is not the first, the one in force among them. */
export function reissues(order: BookOrder, now: Date) {
  const inForce = {
    certificateId: certificateIdOf(order) ?? 0,
    validFrom: order.validFrom ?? "",
    validTo: order.validTo ?? "",
  };
  return [...order.earlier, inForce].slice(1).map(({ certificateId, validFrom, validTo }) => ({
    id: certificateId,
    common_name: order.commonName,
    dns_names: order.dnsNames,
    status: "issued",
    date_created: offsetDate(validFrom),
    date_issued: offsetDate(validFrom),
    valid_till: validTo.slice(0, 10),
    days_remaining: daysUntil(validTo, now),
    csr: order.csrPem,
  }));
}

function person(firstName: string, lastName: string, email: string) {
  return { first_name: firstName, last_name: lastName, email, telephone: "555-0100" };
}

function organizationOf(order: BookOrder) {
  if (order.validation === "dv" || order.organization === null) return {};
  return { organization: { id: 112_233, name: order.organization, display_name: order.organization } };
}

function endOf({ validTo }: BookOrder, now: Date) {
  return validTo === null
    ? {}
    : { valid_till: validTo.slice(0, 10), days_remaining: daysUntil(validTo, now) };
}

function daysUntil(validTo: string, now: Date): number {
  return Math.floor((Date.parse(validTo) - now.getTime()) / dayMs);
}

/** UTC, with an offset in place of Z. */
function offsetDate(iso: string): string {
  return `${iso.slice(0, 19)}+00:00`;
}
