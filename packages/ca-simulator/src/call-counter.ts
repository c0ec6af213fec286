/** At most so many calls within any time as long as this. */
export interface CallWindow {
  readonly calls: number;
  readonly perMs: number;
}

/** Counts calls by key and says which go too far. Those count too: who keeps asking stays shut out. */
export class CallCounter {
  readonly #windows: readonly CallWindow[];
  readonly #times = new Map<string, number[]>();

  /** All windows hold at once, and roll. */
  constructor(windows: readonly CallWindow[]) {
    this.#windows = windows;
  }

  /** Whether this call is still within every window. */
  isWithin(key: string, now: number): boolean {
    const longest = Math.max(...this.#windows.map(({ perMs }) => perMs));
    const times = [...(this.#times.get(key) ?? []).filter((at) => at > now - longest), now];
    this.#times.set(key, times);
    return this.#windows.every(({ calls, perMs }) => times.filter((at) => at > now - perMs).length <= calls);
  }
}
