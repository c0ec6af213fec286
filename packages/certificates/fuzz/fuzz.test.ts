import { randomInt } from "node:crypto";
import { expect, it } from "vitest";
import { fuzz, fuzzLimits } from "./run.ts";

it("reads whatever comes for a minute: no crash, no reading beyond its time, no process that grows beyond its bounds", async () => {
  const seed = randomInt(2 ** 31);
  const result = await fuzz({ seed, count: Number.POSITIVE_INFINITY, minutes: 1, processes: 1 });
  // To see one again: npm run fuzz -- --seed SEED --from INDEX --count 1
  expect({ seed, faults: result.faults }).toEqual({ seed, faults: [] });
  expect(result.inputs).toBeGreaterThan(1000);
  expect(result.growthMb).toBeLessThan(fuzzLimits.growthMb);
}, 120_000);
