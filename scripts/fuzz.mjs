import { fileURLToPath } from "node:url";
import "./follow-parent.mjs";
import { exit, onWantedNode, root, startNode } from "./processes.mjs";
import { setUp } from "./setup.mjs";

await setUp();
await onWantedNode(fileURLToPath(import.meta.url));
process.exit(await exit(startNode(`${root}packages/certificates/fuzz/main.ts`, process.argv.slice(2))));
