import { type BookOrder, certificateIdOf, type StatusName } from "../../order-book.ts";

const statusWords = {
  "Pending CA Approval": "PENDING_ISSUANCE",
  Approved: "ISSUED",
  Complete: "ISSUED",
  Canceled: "CANCELED",
} as const satisfies Record<StatusName, string>;

/** Also the one word nothing else leads to: EXPIRED, by the date. */
export function godaddyStatus(order: BookOrder, now: Date): string {
  const word = order.vendorStatus ?? statusWords[order.status];
  const isOver = order.validTo !== null && Date.parse(order.validTo) < now.getTime();
  return word === "ISSUED" && isOver ? "EXPIRED" : word;
}

const idStart = "5ea1b057-0000-4000-8000-";

/** The service numbers with UUIDs: one that the book's number can be read from, also by who looks at both. */
export function uuidOf(id: number): string {
  return `${idStart}${String(id).padStart(12, "0")}`;
}

/** The book's number; NaN for an id that is none. */
export function numberOf(uuid: string): number {
  const digits = uuid.toLowerCase().startsWith(idStart) ? uuid.slice(idStart.length) : "";
  return /^\d{12}$/.test(digits) ? Number(digits) : Number.NaN;
}

/** A row of `GET /v2/customers/{customerId}/certificates`. What a pending certificate does not have yet is absent. */
export function listRow(order: BookOrder, now: Date) {
  return {
    certificateId: order.number,
    commonName: order.commonName,
    period: 1,
    type: order.product,
    status: godaddyStatus(order, now),
    createdAt: order.createdAt,
    ...(order.validFrom === null
      ? {}
      : {
          completedAt: order.validFrom,
          validStartAt: order.validFrom,
          validEndAt: order.validTo,
          serialNumber: serialOf(order),
        }),
    renewalAvailable: order.certificatePem !== null,
    slotSize: "FIVE",
    subjectAlternativeNames: order.dnsNames.filter((name) => name !== order.commonName),
  };
}

/** The certificate by itself in version 2. */
export function detailV2(order: BookOrder, now: Date) {
  return { ...listRow(order, now), ...detail(order), csr: order.csrPem };
}

/** In version 1: other words for the same, the names with the state of their check, and no request. */
export function detailV1(order: BookOrder, now: Date) {
  const { type, validStartAt, validEndAt, subjectAlternativeNames, ...others } = listRow(order, now);
  const status = order.certificatePem === null ? "PENDING" : "COMPLETED";
  return {
    ...others,
    ...detail(order),
    productType: type,
    ...(validStartAt === undefined ? {} : { validStart: validStartAt, validEnd: validEndAt }),
    subjectAlternativeNames: subjectAlternativeNames.map((name) => ({
      subjectAlternativeName: name,
      status,
    })),
  };
}

function detail(order: BookOrder) {
  return {
    contact: {
      email: order.technicalEmail,
      nameFirst: "Order",
      nameLast: "Desk",
      phone: "555-0100",
    },
    ...(order.organization === null ? {} : { organization: { name: order.organization } }),
    progress: order.certificatePem === null ? 40 : 100,
    rootType: "STARFIELD_SHA_2",
  };
}

/** Not the certificate's own: a number that changes with each. */
export function serialOf(order: BookOrder): string {
  return String(certificateIdOf(order) ?? 0);
}
