import { fileURLToPath } from "node:url";
import "./follow-parent.mjs";
import { build } from "./build.mjs";
import { bin, exit, onWantedNode, root, start } from "./processes.mjs";
import { setUp } from "./setup.mjs";

// One of the browser tests, alone: what it reads is what `npm test` holds the page to.
await setUp();
await onWantedNode(fileURLToPath(import.meta.url));
const { ensureChromium } = await import("../e2e/browser.mjs");
if (!(await build()) || !(await ensureChromium())) process.exit(1);
const only = ["tests/first-load.spec.ts", "--grep", "keeps to its budget"];
process.exit(await exit(start(bin("playwright"), ["test", ...only], { cwd: `${root}e2e` })));
