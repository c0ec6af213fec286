/**
 * An address a CA mails to. Deliberately wider than HTML's rule and narrower than RFC 5321: no quoted local parts,
 * no comments.
 */
export const emailAddressPattern = /^[^\s@"<>(),;:\\[\]]{1,64}@[^\s@"<>(),;:\\[\]]{1,253}$/;

/** Compared without regard to case, because CAs change it on their side. */
export function sameAddress(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** Whether both lists hold the same addresses, in any order. */
export function sameAddresses(ones: readonly string[], others: readonly string[]): boolean {
  const normal = (list: readonly string[]) => [...new Set(list.map((a) => a.trim().toLowerCase()))].sort();
  return normal(ones).join("\n") === normal(others).join("\n");
}
