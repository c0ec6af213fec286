import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import "./follow-parent.mjs";
import { build } from "./build.mjs";
import { check } from "./check.mjs";
import { ensureMailServer } from "./mail-server.mjs";
import { bin, exit, onWantedNode, root, start, stopAll } from "./processes.mjs";
import { setUp } from "./setup.mjs";
import { sumReports } from "./sum-reports.mjs";

await setUp();
await onWantedNode(fileURLToPath(import.meta.url));
// Loaded only now: it needs what has just been installed.
const { ensureChromium } = await import("../e2e/browser.mjs");
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => void stopAll().then(() => process.exit(1)));

const only = process.argv.find((arg) => arg.startsWith("--only="))?.slice("--only=".length);
const wants = (part) => only === undefined || only === part;
const reports = `${root}reports/`;
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const parts = [];
if (wants("check")) parts.push(...(await check()));
if (wants("e2e")) {
  parts.push({ name: "build", isPassed: await build() });
  parts.push({ name: "browser", isPassed: await ensureChromium() });
}
const whyNoMailServer = wants("unit") || wants("e2e") ? await ensureMailServer() : null;
if (wants("unit"))
  await exit(
    start(bin("vitest"), [
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${reports}vitest.json`,
    ]),
  );
if (wants("e2e")) {
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: `${reports}playwright.json` };
  await exit(start(bin("playwright"), ["test", "--reporter=list,json"], { cwd: `${root}e2e`, env }));
}

const { passed, failed, skipped, notRun } = sumReports({
  vitest: read("vitest.json"),
  playwright: read("playwright.json"),
  parts,
  expects: { vitest: wants("unit"), playwright: wants("e2e") },
});
if (skipped > 0) {
  console.log(`\n${skipped} tests were NOT run.${whyNoMailServer === null ? "" : ` ${whyNoMailServer}`}`);
  for (const name of notRun) console.log(`  not run: ${name}`);
}
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

/** @param {string} name */
function read(name) {
  try {
    return JSON.parse(readFileSync(`${reports}${name}`, "utf8"));
  } catch {
    return null;
  }
}
