import { fileURLToPath } from "node:url";
import { bin, onWantedNode, root, run } from "./processes.mjs";
import { setUp } from "./setup.mjs";

const script = (name, ...args) => [process.execPath, [`${root}scripts/${name}`, ...args]];

/** Everything that is checked without running the product. */
const parts = [
  { name: "types", command: () => [bin("turbo"), ["run", "check", "--output-logs=errors-only"]] },
  {
    name: "format and lint",
    command: () => [bin("biome"), ["ci", ".", "--error-on-warnings", "--colors=off"]],
  },
  { name: "boundaries", command: () => [bin("turbo"), ["boundaries"]] },
  { name: "lockfile", command: () => script("lock.mjs", "--check") },
  { name: "messages", command: () => script("check-messages.mjs") },
  { name: "documents", command: () => script("check-docs.mjs") },
  { name: "workspaces", command: () => script("check-workspaces.mjs") },
];

/** Runs every part, two at a time. Resolves to how each went. */
export async function check() {
  const waiting = [...parts];
  const results = [];
  const work = async () => {
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      const startedAt = performance.now();
      const { code, output } = await run(...part.command());
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      console.log(`${code === 0 ? "ok  " : "FAIL"} ${part.name} (${seconds} s)`);
      if (code !== 0) console.error(output);
      results.push({ name: part.name, isPassed: code === 0 });
    }
  };
  await Promise.all([work(), work()]);
  return results;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await setUp();
  await onWantedNode(process.argv[1]);
  process.exitCode = (await check()).every((part) => part.isPassed) ? 0 : 1;
}
