import { fileURLToPath } from "node:url";
import "./follow-parent.mjs";
import { build } from "./build.mjs";
import { exit, onWantedNode, root, startNode } from "./processes.mjs";
import { setUp } from "./setup.mjs";

/** What can be measured: each beside a named baseline, in the same run. */
const benches = {
  import: "packages/certificates/bench/import.ts",
  orders: "apps/server/bench/orders.ts",
  sync: "apps/server/bench/sync.ts",
  mailbox: "apps/server/bench/mailbox.ts",
  page: "e2e/bench-page.ts",
};

await setUp();
await onWantedNode(fileURLToPath(import.meta.url));
const [name = ""] = process.argv.slice(2);
if (!Object.hasOwn(benches, name)) {
  console.error(`Usage: npm run bench -- ${Object.keys(benches).join(" | ")}`);
  process.exit(2);
}
if (!(await build())) process.exit(1);
process.exit(await exit(startNode(`${root}${benches[name]}`, process.argv.slice(3))));
