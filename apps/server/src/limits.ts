import ipaddr from "ipaddr.js";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/** How much one may ask for. Requests count per minute; at once means begun and not yet answered. */
export interface Limits {
  readonly requestsPerPerson: number;
  readonly requestsPerAddress: number;
  readonly atOncePerPerson: number;
  readonly atOncePerAddress: number;
  /** Of the public port in all; a quarter of them for one address, unless it is a trusted proxy. */
  readonly connections: number;
}

/** When one who was turned away may come again; null for who is let in. */
export type RetryAt = Date | null;

/** Counts in memory who asks for how much: a restart forgets it, and that is all an attacker gains by one. */
export class Turnstile {
  readonly #rate: RateLimiterMemory;
  readonly #atOnce: number;
  readonly #inside = new Map<string, number>();

  constructor(requestsPerMinute: number, atOnce: number) {
    this.#rate = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 });
    this.#atOnce = atOnce;
  }

  /**
   * Lets in, until `left` is aborted, or says when to come again. One request may weigh more than one. Whoever has no
   * `left` is counted as coming, and not as being inside.
   */
  async enter(who: string, weight: number, left: AbortSignal | null): Promise<RetryAt> {
    const inside = this.#inside.get(who) ?? 0;
    if (left && inside >= this.#atOnce) return new Date(Date.now() + 1000);
    if (left && !left.aborted) {
      this.#inside.set(who, inside + 1);
      left.addEventListener("abort", () => this.#leave(who), { once: true });
    }
    try {
      await this.#rate.consume(who, weight);
      return null;
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      return new Date(Date.now() + refused.msBeforeNext);
    }
  }

  #leave(who: string): void {
    const inside = (this.#inside.get(who) ?? 1) - 1;
    if (inside > 0) this.#inside.set(who, inside);
    else this.#inside.delete(who);
  }
}

/** Whom an address counts as: an IPv6 customer is given 2^64 of them (RFC 6177), so those count as one. */
export function addressGroup(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed.kind() === "ipv4"
    ? address
    : `${parsed.toNormalizedString().split(":").slice(0, 4).join(":")}::/64`;
}
