import type { CaAccount } from "../account/ca-account.ts";
import type { Ports } from "../context.ts";
import type { CancelSignal } from "../ports/cancel-signal.ts";
import { CaError, type CaErrorKind } from "../ports/certificate-authority.ts";
import type { OrderId } from "../values/ids.ts";
import type { Order } from "./order.ts";
import { refreshedOrder } from "./refreshed-order.ts";

export interface DetailsReading {
  readonly limit: number;
  readonly signal: CancelSignal;
  /** Orders of this account whose details could not be read; kept by the caller from one reading to the next. */
  readonly failed?: Set<OrderId>;
}

/** What the next order would be told too. */
const endings: ReadonlySet<CaErrorKind> = new Set([
  "unauthorized",
  "ip-not-allowed",
  "rate-limited",
  "unavailable",
]);

/**
 * Tries to read the details of up to `limit` orders that have none yet (recipients, names, the hash of the CSR's key),
 * one after the other. Resolves to how many were read. An order that the CA does not tell of is passed over; ends where
 * it would tell of none. Those that failed come last, so that they hold up no others, and are tried again in turn.
 */
export async function loadDetails(
  ports: Ports,
  account: CaAccount,
  { limit, signal, failed = new Set() }: DetailsReading,
): Promise<number> {
  const orders = await nextOrders(ports, account, limit, failed);
  if (orders.length === 0) return 0;
  const authority = await ports.openAuthority(account, "details");
  let count = 0;
  for (const known of orders) {
    try {
      const said = await authority.getOrder(known.caOrderId, signal);
      const order = refreshedOrder(account, said, known, ports.newId, ports.clock.now());
      await ports.store.commit({ writes: [{ write: "order-synced", order }], audit: [] });
      count += 1;
    } catch (error) {
      if (!(error instanceof CaError)) throw error;
      if (signal.aborted) return count;
      failed.add(known.orderId);
      if (endings.has(error.kind)) return count;
    }
  }
  return count;
}

/** Those that have not failed, then those that have; when all of the first have their turn, a new round begins. */
async function nextOrders(
  { store }: Ports,
  { caAccountId }: CaAccount,
  limit: number,
  failed: Set<OrderId>,
): Promise<readonly Order[]> {
  const found = await store.ordersWithoutDetails(caAccountId, limit + failed.size);
  const others = found.filter(({ orderId }) => !failed.has(orderId));
  const again = found.filter(({ orderId }) => failed.has(orderId));
  if (others.length < limit) failed.clear();
  return [...others, ...again].slice(0, limit);
}
