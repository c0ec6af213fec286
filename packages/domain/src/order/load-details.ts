import type { CaAccount } from "../account/ca-account.ts";
import type { Ports } from "../context.ts";
import type { CancelSignal } from "../ports/cancel-signal.ts";
import { CaError } from "../ports/certificate-authority.ts";
import { refreshedOrder } from "./refreshed-order.ts";

/**
 * Reads the details of up to `limit` orders that have none yet (recipients, names, the hash of the CSR's key), one
 * after the other. Resolves to how many were read; stops at the first failure, since the next sync tries again.
 */
export async function loadDetails(
  ports: Ports,
  account: CaAccount,
  limit: number,
  signal: CancelSignal,
): Promise<number> {
  const orders = await ports.store.ordersWithoutDetails(account.caAccountId, limit);
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
      if (error instanceof CaError) return count;
      throw error;
    }
  }
  return count;
}
