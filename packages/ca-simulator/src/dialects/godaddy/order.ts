import { type BookOrder, certificateIdOf, type StatusName } from "../../order-book.ts";

const statusWords = {
  "Pending CA Approval": "PENDING_ISSUANCE",
  Approved: "ISSUED",
  Complete: "ISSUED",
  Canceled: "CANCELED",
} as const satisfies Record<StatusName, string>;

export function godaddyStatus(order: BookOrder): string {
  return order.vendorStatus ?? statusWords[order.status];
}

const idStart = "6f2d0c4e-91b7-4f7a-8c55-";

/** Orders are named by UUIDs (RFC 9562): here made of the number, so that they stay. */
export function uuidOf(id: number): string {
  return `${idStart}${String(id).padStart(12, "0")}`;
}

/** Null for what no order of ours is called. */
export function idOf(uuid: string): number | null {
  const digits = uuid.startsWith(idStart) ? uuid.slice(idStart.length) : "";
  return /^\d{12}$/.test(digits) ? Number(digits) : null;
}

/** An entry of the list, and what the details begin with (version 2). */
export function listed(order: BookOrder) {
  const isWildcard = order.commonName.startsWith("*.");
  return {
    certificateId: order.number,
    commonName: order.commonName,
    createdAt: order.createdAt,
    period: 1,
    type: `${order.validation.toUpperCase()}${isWildcard ? "_WILDCARD" : ""}_SSL`,
    status: godaddyStatus(order),
    subjectAlternativeNames: order.dnsNames.filter((name) => name !== order.commonName),
    renewalAvailable: false,
    ...issued(order),
  };
}

function issued(order: BookOrder) {
  const serial = certificateIdOf(order);
  if (serial === null) return {};
  return {
    completedAt: order.validFrom,
    validStartAt: order.validFrom,
    validEndAt: order.validTo,
    serialNumber: String(serial),
  };
}

export function details(order: BookOrder) {
  return {
    ...listed(order),
    contact: {
      email: order.technicalEmail,
      nameFirst: "Order",
      nameLast: "Desk",
      phone: "+1.5555550100",
    },
    csr: order.csrPem,
    deniedReason: null,
    progress: order.certificatePem === null ? 40 : 100,
    revokedAt: null,
    slotSize: null,
  };
}
