import type { AccountState } from "../account/ca-account.ts";
import type { Capability } from "../ports/certificate-authority.ts";
import type { Refusal } from "../refusal.ts";
import type { OrderStatus } from "./order.ts";

/** Everything the decision looks at: plain data that the page holds as well as the server. */
export interface DownloadFacts {
  readonly mayImport: boolean;
  readonly capabilities: readonly Capability[];
  readonly accountState: AccountState;
  readonly status: OrderStatus;
}

/**
 * Why the order's certificate may not be fetched from the CA now, or null when it may. The page offers *Download from
 * CA* by it and the server refuses by it.
 */
export function downloadRefusal(facts: DownloadFacts): Refusal | null {
  if (!facts.mayImport) return { code: "forbidden", right: "certificates:import" };
  if (!facts.capabilities.includes("download")) return { code: "download-unsupported" };
  if (facts.accountState !== "connected") return { code: "account-paused" };
  const isIssued = facts.status === "issued" || facts.status === "reissue-pending";
  return isIssued ? null : { code: "order-not-issued" };
}
