import { isLatestImported, type Order } from "./order.ts";

/** How what the CA says of an order differs from what was imported for it. */
export type Drift = "revoked" | "replaced" | "ended" | "gone" | "newer";

/** Null: nothing was imported, or the CA says the same. Pure. */
export function driftOf(order: Pick<Order, "status" | "goneAt" | "issuances" | "imports">): Drift | null {
  if (Object.keys(order.imports).length === 0) return null;
  if (order.goneAt !== null) return "gone";
  switch (order.status) {
    case "revoked":
    case "revocation-pending":
      return "revoked";
    case "replaced":
      return "replaced";
    case "cancelled":
    case "rejected":
      return "ended";
    case "issued":
      return isLatestImported(order) ? null : "newer";
    default:
      return null;
  }
}
