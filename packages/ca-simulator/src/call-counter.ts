/** "Rate limits", Services API: both hold at once, over rolling windows, per key. */
const windows = [
  { calls: 100, perMs: 5_000 },
  { calls: 1000, perMs: 180_000 },
] as const;

/** Counts calls by key and says which go too far. Those count too: who keeps asking stays shut out. */
export class CallCounter {
  readonly #times = new Map<string, number[]>();

  /** Whether this call is still within every window. */
  isWithin(key: string, now: number): boolean {
    const longest = Math.max(...windows.map(({ perMs }) => perMs));
    const times = [...(this.#times.get(key) ?? []).filter((at) => at > now - longest), now];
    this.#times.set(key, times);
    return windows.every(({ calls, perMs }) => times.filter((at) => at > now - perMs).length <= calls);
  }
}
