import { setTimeout as sleep } from "node:timers/promises";
import { CaError, type CancelSignal, type RateLimit } from "@sealpost/domain";

/** Time as the limiter sees it, in milliseconds, so that a test can turn it. */
export interface LimiterClock {
  now(): number;
  /** Resolves after this long; rejects when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export interface Turn {
  /** Longest wait worth having, in milliseconds. */
  readonly longestWaitMs: number;
  readonly signal: CancelSignal;
}

export interface RateLimiter {
  /**
   * Resolves when a call may leave, and counts it. Throws CaError `rate-limited` with the time to come back when the
   * wait would be too long, `unavailable` on an abort; either way nothing has left.
   */
  take(turn: Turn): Promise<void>;
  /** The same limiter for whom only this much of the limit is meant, 0 to 1; what others take counts for it too. */
  sharing(share: number): RateLimiter;
}

/** A call may arrive later than the one after it was let go: the windows are kept this much longer than the CA's. */
const marginMs = 500;

const wallClock: LimiterClock = {
  now: () => Date.now(),
  wait: async (ms, signal) => await sleep(ms, undefined, { signal }),
};

/** Keeps one account within its CA's rate limits ahead of time. One per account, shared by all who speak for it. */
export function createRateLimiter(
  limits: readonly RateLimit[],
  clock: LimiterClock = wallClock,
): RateLimiter {
  const longestMs = Math.max(0, ...limits.map(({ perS }) => perS * 1000 + marginMs));
  let taken: number[] = [];
  const limiterOf = (share: number): RateLimiter => ({
    sharing: limiterOf,
    async take({ longestWaitMs, signal }) {
      let waitedMs = 0;
      for (;;) {
        if (signal.aborted) throw new CaError("unavailable");
        const now = clock.now();
        taken = taken.filter((at) => at > now - longestMs);
        const waitMs = waitFor(limits, taken, share, now);
        if (waitMs === 0) return void taken.push(now);
        if (waitedMs + waitMs > longestWaitMs)
          throw new CaError("rate-limited", { retryAfterS: Math.ceil(waitMs / 1000) });
        await pause(clock, waitMs, signal);
        waitedMs += waitMs;
      }
    },
  });
  return limiterOf(1);
}

/**
 * How long until one more call keeps every limit, given when the earlier ones left (oldest first). 0: now.
 * Pure, so that it can be tried against all histories.
 */
export function waitFor(
  limits: readonly RateLimit[],
  taken: readonly number[],
  share: number,
  now: number,
): number {
  const waits = limits.map(({ calls, perS }) => {
    const most = Math.max(1, Math.floor(calls * share));
    const last = taken.at(-most);
    return last === undefined ? 0 : last + perS * 1000 + marginMs - now;
  });
  return Math.max(0, ...waits);
}

async function pause(clock: LimiterClock, ms: number, signal: CancelSignal): Promise<void> {
  const abort = new AbortController();
  const onAbort = () => abort.abort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await clock.wait(ms, abort.signal);
  } catch (cause) {
    throw new CaError("unavailable", { cause });
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
