import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import "./follow-parent.mjs";
import { build } from "./build.mjs";
import { exit, onWantedNode, root, sparing, startNode, stopAll } from "./processes.mjs";
import { setUp } from "./setup.mjs";

const isDev = process.argv.includes("--dev");
const server = join(root, isDev ? "apps/server/src/main.ts" : "apps/server/dist/main.js");
const simulator = join(root, `packages/ca-simulator/${isDev ? "src/bin.ts" : "dist/bin.js"}`);

await setUp();
await onWantedNode(fileURLToPath(import.meta.url));

let isStopping = false;
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => void stop(0));

// The settings are looked at before anything is built or started: a fault is said at once.
const settings = await exit(startNode(join(root, "apps/server/src/check-settings.ts"), []));
if (settings !== 0) process.exit(settings);
if (!isDev && !(await build())) process.exit(1);

const isSandbox = process.env.SEALPOST_SANDBOX !== "off";
const handover = isSandbox && !isStopping ? await startSandbox() : null;
if (!isStopping) {
  const env = {
    NODE_ENV: isDev ? "development" : "production",
    ...sparing.env,
    ...(handover === null ? {} : { SEALPOST_SANDBOX_HANDOVER: handover }),
    ...(isDev ? { SEALPOST_PAGES: "dev" } : {}),
  };
  exit(startNode(server, [], { env })).then((code) => stop(code));
}

/** Starts CA, mailbox and key page, and leaves their addresses in a file only this user can read. */
async function startSandbox() {
  const directory = join(resolve(process.env.SEALPOST_DATA_DIR || "data"), "sandbox", "simulator");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const child = startNode(simulator, ["--data-dir", directory], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = exit(child);
  ended.then(() => stop(1));
  const ready = new Promise((done) => createInterface({ input: child.stdout }).once("line", done));
  const line = await Promise.race([ready, ended]);
  if (typeof line !== "string") return null;
  const file = join(directory, "handover.json");
  writeFileSync(file, line, { mode: 0o600 });
  return file;
}

/**
 * One part has ended, or somebody wants to end: the rest follows.
 * @param {number} code
 */
async function stop(code) {
  if (isStopping) return;
  isStopping = true;
  await stopAll();
  process.exit(code);
}
