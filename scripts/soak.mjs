import { fileURLToPath } from "node:url";
import "./follow-parent.mjs";
import { build } from "./build.mjs";
import { exit, onWantedNode, root, startNode } from "./processes.mjs";
import { setUp } from "./setup.mjs";

await setUp();
await onWantedNode(fileURLToPath(import.meta.url));
await build();
process.exit(await exit(startNode(`${root}apps/server/bench/soak.ts`, process.argv.slice(2))));
