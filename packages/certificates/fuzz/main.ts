import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { type FuzzResult, fuzz, fuzzLimits } from "./run.ts";

// `npm run fuzz -- [--seed N] [--count N] [--minutes N] [--from N]`: the same seed makes the same inputs.

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    count: { type: "string", default: "200000" },
    minutes: { type: "string", default: "60" },
    from: { type: "string", default: "0" },
  },
});
const [seed, count, minutes, from] = [values.seed, values.count, values.minutes, values.from].map(Number);
if (![seed, count, minutes, from].every(Number.isFinite)) {
  process.stderr.write("--seed, --count, --minutes and --from are numbers.\n");
  process.exit(2);
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const told = ({ inputs, seconds, faults, slowestMs, slowestIndex, growthMb }: FuzzResult) =>
  `${inputs} inputs in ${Math.round(seconds)} s, ${faults.length} faults, slowest ${Math.round(slowestMs)} ms (input ${slowestIndex}), grew by ${Math.round(growthMb)} MB`;

say(`Seed ${seed}.`);
const result = await fuzz({
  seed: seed ?? 0,
  count: count ?? 0,
  minutes: minutes ?? 0,
  from: from ?? 0,
  processes: count === 1 ? 1 : Math.min(2, availableParallelism()),
  onProgress: (sofar) => say(told(sofar)),
});
for (const { index, fault } of result.faults.slice(0, 50)) say(`input ${index}: ${fault}`);
say(told(result));
process.exitCode = result.faults.length > 0 || result.growthMb > fuzzLimits.growthMb ? 1 : 0;
