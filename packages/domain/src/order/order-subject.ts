import type { AuditEntry } from "../audit/audit-entry.ts";
import type { Order } from "./order.ts";

/** How the trace names an order. */
export function orderSubject(order: Pick<Order, "orderId" | "commonName">): AuditEntry["subject"] {
  return { kind: "order", id: order.orderId, label: order.commonName };
}
