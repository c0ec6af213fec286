import { fileURLToPath } from "node:url";
import "./follow-parent.mjs";
import { build } from "./build.mjs";
import { exit, onWantedNode, root, startNode } from "./processes.mjs";
import { setUp } from "./setup.mjs";

await setUp();
await onWantedNode(fileURLToPath(import.meta.url));
const { ensureChromium } = await import("../e2e/browser.mjs");
if (!(await build()) || !(await ensureChromium())) process.exit(1);
process.exit(await exit(startNode(`${root}e2e/screens.ts`, process.argv.slice(2))));
