import type { BookOrder, StatusName } from "../../order-book.ts";

/** IBM publishes the names and not the numbers; these are what its Terraform provider was seen to use, and one of ours. */
export const statusIds = {
  "Pending CA Approval": 50,
  Approved: 43,
  Complete: 49,
  Canceled: 42,
} as const satisfies Record<StatusName, number>;

/** An order as the service knows it; a mask takes from it. Absent values are absent, never null. */
export function ibmOrder(order: BookOrder, accountId: number) {
  const statusName = order.vendorStatus ?? order.status;
  return {
    id: order.id,
    accountId,
    commonName: order.commonName,
    approverEmailAddress: order.approverEmail,
    technicalContactEmailAddress: order.technicalEmail,
    certificateSigningRequest: order.csrPem,
    createDate: offsetDate(order.createdAt),
    modifyDate: offsetDate(order.modifiedAt),
    ...(order.validFrom ? { effectiveDate: offsetDate(order.validFrom) } : {}),
    ...(order.validTo ? { expirationDate: offsetDate(order.validTo) } : {}),
    statusId: statusIds[order.status],
    status: { id: statusIds[order.status], name: statusName, description: `${statusName}.` },
    account: { id: accountId },
    order: { id: order.id + 70_000_000, status: "APPROVED", createDate: offsetDate(order.createdAt) },
    orderItem: {
      id: order.id + 80_000_000,
      description: order.product,
      categoryCode: "ssl_certificate",
      item: { keyName: `SSL_CERTIFICATE_${order.product.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}` },
    },
  };
}

/** The service writes local time of its data centre with an offset, not Z. */
function offsetDate(iso: string): string {
  const offsetHours = 6;
  const local = new Date(new Date(iso).getTime() - offsetHours * 3_600_000);
  return `${local.toISOString().slice(0, 19)}-06:00`;
}
