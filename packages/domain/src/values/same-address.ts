export function sameAddress(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** Whether both lists hold the same addresses, in any order. */
export function sameAddresses(ones: readonly string[], others: readonly string[]): boolean {
  const normal = (list: readonly string[]) => [...new Set(list.map((a) => a.trim().toLowerCase()))].sort();
  return normal(ones).join("\n") === normal(others).join("\n");
}
