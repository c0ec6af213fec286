import type { RateLimit } from "@sealpost/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRateLimiter, type LimiterClock, waitFor } from "./rate-limiter.ts";

/** A clock that goes on only when somebody waits. */
function turnedClock(): LimiterClock {
  let at = 0;
  return {
    now: () => at,
    async wait(ms) {
      at += ms;
    },
  };
}

const never = new AbortController().signal;
const patient = { longestWaitMs: Number.POSITIVE_INFINITY, signal: never };

describe("the rate limiter", () => {
  it("never lets more calls go than any window allows, whatever the limits and pauses", async () => {
    const limit = fc.record({
      calls: fc.integer({ min: 1, max: 20 }),
      perS: fc.integer({ min: 1, max: 60 }),
    });
    const pauses = fc.array(fc.integer({ min: 0, max: 4000 }), { maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(fc.array(limit, { minLength: 1, maxLength: 3 }), pauses, async (limits, idle) => {
        const clock = turnedClock();
        const limiter = createRateLimiter(limits, clock);
        const left: number[] = [];
        for (const ms of idle) {
          await clock.wait(ms, never);
          await limiter.take(patient);
          left.push(clock.now());
        }
        for (const { calls, perS } of limits) expect(mostWithin(left, perS)).toBeLessThanOrEqual(calls);
      }),
    );
  });

  it("waits no longer than it must", () => {
    const limits: readonly RateLimit[] = [{ calls: 2, perS: 5 }];
    expect(waitFor(limits, [], 1, 0)).toBe(0);
    expect(waitFor(limits, [0], 1, 10)).toBe(0);
    expect(waitFor(limits, [0, 100], 1, 1000)).toBe(4500);
    expect(waitFor(limits, [0, 100], 1, 5500)).toBe(0);
  });

  it("lets what must not wait go at once, while the rest keeps to its share", async () => {
    const clock = turnedClock();
    const limiter = createRateLimiter([{ calls: 10, perS: 5 }], clock);
    for (let i = 0; i < 8; i++) await limiter.sharing(0.8).take(patient);
    expect(clock.now()).toBe(0);
    await limiter.take(patient);
    expect(clock.now()).toBe(0);
    await limiter.sharing(0.8).take(patient);
    expect(clock.now()).toBeGreaterThanOrEqual(5000);
  });

  it("says rate-limited and when to come back, instead of a wait that is too long, and takes nothing", async () => {
    const clock = turnedClock();
    const limiter = createRateLimiter([{ calls: 1, perS: 180 }], clock);
    await limiter.take(patient);
    await expect(limiter.take({ ...patient, longestWaitMs: 10_000 })).rejects.toMatchObject({
      kind: "rate-limited",
      retryAfterS: 181,
    });
    await limiter.take(patient);
    expect(clock.now()).toBe(180_500);
  });

  it("ends a wait on an abort, at once and for good", async () => {
    const limiter = createRateLimiter([{ calls: 1, perS: 60 }]);
    await limiter.take(patient);
    const abort = new AbortController();
    const waiting = limiter.take({ ...patient, signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ kind: "unavailable" });
    await expect(limiter.take({ ...patient, signal: abort.signal })).rejects.toMatchObject({
      kind: "unavailable",
    });
  });

  it("without limits lets everything go", async () => {
    const limiter = createRateLimiter([], turnedClock());
    for (let i = 0; i < 5000; i++) await limiter.take(patient);
  });
});

/** The most calls within any window of this length. */
function mostWithin(left: readonly number[], perS: number): number {
  const counts = left.map((from) => left.filter((at) => at >= from && at < from + perS * 1000).length);
  return Math.max(0, ...counts);
}
