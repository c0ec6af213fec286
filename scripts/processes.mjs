import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../", import.meta.url));
/** The Node our programs run on; npm brings it where the system's is older. */
export const wantedNode = 24;
/** How a server is started that shall take little memory; the systemd unit says the same. */
export const sparing = {
  flags: [
    // Half of what V8 would let young objects take: a large sync fills it with what nobody needs a moment later.
    "--max-semi-space-size=16",
    // Old objects are looked through when they are half as many again, and not four times as many.
    "--heap-growing-percent=50",
    // The server has old objects cleared; see clear-memory.mjs.
    "--expose-gc",
  ],
  env: {
    // What one thread gives back another may take: glibc would keep it apart for each (mallopt(3), M_ARENA_MAX).
    MALLOC_ARENA_MAX: "1",
    // What is large goes back at once (M_MMAP_THRESHOLD); else the first password's hash would teach glibc to keep it.
    MALLOC_MMAP_THRESHOLD_: "131072",
  },
};
const flags = [
  "--disable-warning=ExperimentalWarning",
  ...sparing.flags,
  "--import",
  new URL("follow-parent.mjs", import.meta.url).href,
];

/** Telemetry of every part off, whatever the person's own settings say. */
export const quiet = { NEXT_TELEMETRY_DISABLED: "1", TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };

/** @type {Set<import("node:child_process").ChildProcess>} */
const children = new Set();

/**
 * Starts a program and remembers it, so that `stopAll` finds it.
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 */
export function start(command, args, options = {}) {
  // Programs of our dependencies ask the path for Node, and shall find the one npm has brought.
  const PATH = `${root}node_modules/.bin:${process.env.PATH}`;
  const env = { ...process.env, PATH, ...quiet, ...options.env };
  const child = spawn(command, args, { cwd: root, stdio: "inherit", ...options, env });
  children.add(child);
  child.on("exit", () => children.delete(child));
  return child;
}

/**
 * Starts one of our own TypeScript programs on the Node this script runs on.
 * @param {string} file
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 */
export function startNode(file, args, options = {}) {
  return start(process.execPath, [...flags, file, ...args], options);
}

/**
 * Runs a program to its end and collects what it says.
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, options = {}) {
  const child = start(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (output += text));
  return exit(child).then((code) => ({ code, output }));
}

/**
 * The exit code; a program ended by a signal counts as failed.
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<number>}
 */
export function exit(child) {
  return new Promise((resolve) => {
    child.on("error", () => resolve(127));
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

/** Asks every program to stop, and ends those that do not. */
export async function stopAll(graceMs = 8000) {
  const ended = [...children].map((child) => exit(child));
  for (const child of children) child.kill("SIGTERM");
  const hard = setTimeout(() => {
    for (const child of children) child.kill("SIGKILL");
  }, graceMs);
  await Promise.all(ended);
  clearTimeout(hard);
}

/**
 * Runs this script again on the Node that npm has installed, when the running one is too old. Resolves only when that
 * is not needed.
 * @param {string} script
 */
export async function onWantedNode(script) {
  if (Number(process.versions.node.split(".")[0]) >= wantedNode) return;
  const own = `${root}node_modules/.bin/node`;
  if (!existsSync(own)) {
    console.error(
      `Sealpost needs Node ${wantedNode}. This is Node ${process.versions.node}; install a newer one and try again.`,
    );
    process.exit(1);
  }
  const child = start(own, [
    "--import",
    new URL("follow-parent.mjs", import.meta.url).href,
    script,
    ...process.argv.slice(2),
  ]);
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  process.exit(await exit(child));
}

/** Where npm puts the programs of our dependencies. */
export const bin = (name) => `${root}node_modules/.bin/${name}`;
