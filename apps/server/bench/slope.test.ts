import { expect, it } from "vitest";
import { slopePerTenMinutes } from "./slope.ts";

it("tells growth in percent of the mean over ten minutes, however the samples scatter", () => {
  const minutes = Array.from({ length: 61 }, (_, n) => n / 2);
  const samples = (mbAt: (minute: number) => number) =>
    minutes.map((minute) => ({ atMs: minute * 60_000, mb: mbAt(minute) }));
  expect(slopePerTenMinutes(samples(() => 200))).toBeCloseTo(0);
  expect(slopePerTenMinutes(samples((minute) => 185 + minute))).toBeCloseTo(5);
  expect(slopePerTenMinutes(samples((minute) => 200 + 20 * Math.sin(minute * 2)))).toBeLessThan(1);
});
