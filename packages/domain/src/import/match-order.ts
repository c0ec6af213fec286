import type { Order } from "../order/order.ts";
import type { Store } from "../ports/store.ts";
import { coversName } from "../values/covers-name.ts";
import type { CertificateFacts, MaterialFacts } from "./material-facts.ts";

/** Why we think that this material belongs to this order, the strongest reason first. */
export const matchReasons = ["key", "order-number", "names"] as const;
export type MatchReason = (typeof matchReasons)[number];

export interface OrderMatch {
  readonly order: Order;
  readonly reasons: readonly MatchReason[];
}

type Finder = Pick<Store, "ordersBySpki" | "ordersByNumber" | "ordersByName">;

/** At most this many orders are looked at for the same name. */
const nameLimit = 20;

/**
 * The orders this material may belong to, best first. The key decides (the CSR's key is the certificate's key); an
 * order number from a mail's subject counts only when the names agree too, since anybody can write a subject.
 */
export async function matchOrders(store: Finder, facts: MaterialFacts): Promise<readonly OrderMatch[]> {
  const { certificate } = facts;
  if (!certificate) return [];
  const byKey = await store.ordersBySpki(certificate.spkiSha256);
  const byNumber = await store.ordersByNumber(facts.orderNumbers);
  const byName = await store.ordersByName(namesOf(certificate), nameLimit);
  const all = new Map([...byKey, ...byNumber, ...byName].map((order) => [order.orderId, order]));
  return [...all.values()]
    .map((order) => ({ order, reasons: reasonsFor(order, facts, certificate) }))
    .filter(({ reasons }) => reasons.includes("key") || reasons.includes("names"))
    .sort((a, b) => strength(b) - strength(a) || newest(b.order) - newest(a.order));
}

function reasonsFor(order: Order, facts: MaterialFacts, certificate: CertificateFacts): MatchReason[] {
  const fits: Record<MatchReason, boolean> = {
    key: order.csrSpkiSha256 === certificate.spkiSha256,
    "order-number": facts.orderNumbers.includes(order.caOrderId),
    // A different key with the same name is another order of the same site, an old one perhaps: never by name alone.
    names:
      sameNames(order, certificate) &&
      (order.csrSpkiSha256 ?? certificate.spkiSha256) === certificate.spkiSha256,
  };
  return matchReasons.filter((reason) => fits[reason]);
}

/** Whether the certificate covers every ordered name. */
function sameNames(order: Order, certificate: CertificateFacts): boolean {
  return missingNames(order.dnsNames, certificate).length === 0;
}

/** Wanted names the certificate does not cover. SAN only: a common name outside it does not count (RFC 9525 section 2). */
export function missingNames(
  wanted: readonly string[],
  { dnsNames, ipAddresses }: Pick<CertificateFacts, "dnsNames" | "ipAddresses">,
): readonly string[] {
  const isCovered = (name: string) =>
    ipAddresses.includes(name) || dnsNames.some((own) => coversName(own, name));
  return wanted.filter((name) => !isCovered(name));
}

export function namesOf(certificate: CertificateFacts): readonly string[] {
  return [...new Set([...certificate.dnsNames, ...(certificate.commonName ? [certificate.commonName] : [])])];
}

function strength(match: OrderMatch): number {
  return match.reasons.reduce((sum, reason) => sum + (reason === "key" ? 4 : reason === "names" ? 2 : 1), 0);
}

function newest(order: Order): number {
  return order.orderedAt?.getTime() ?? 0;
}
