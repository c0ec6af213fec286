import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bin, root, run } from "./processes.mjs";

/** What the console is made of, and the sandbox. */
const sources = [
  "apps/web",
  "apps/server/src",
  "packages",
  "scripts/bundle.mjs",
  "package-lock.json",
  "tsconfig.base.json",
];
const left = new Set(["node_modules", ".next", ".turbo", "dist", "next-env.d.ts"]);
const programs = ["apps/server/dist/main.js", "packages/ca-simulator/dist/bin.js"];
const stamp = `${root}apps/web/.next/.sealpost-built`;

/** Builds pages, server and sandbox, unless they were built from exactly these sources. Resolves to whether it worked. */
export async function build() {
  const wanted = fingerprint();
  if (built() === wanted) return true;
  console.log("Building.");
  const { code, output } = await run(bin("turbo"), ["run", "build", "--output-logs=new-only"]);
  if (code !== 0) {
    console.error(output);
    console.error("The console could not be built.");
    return false;
  }
  writeFileSync(stamp, wanted);
  return true;
}

function built() {
  if (!programs.every((program) => existsSync(join(root, program)))) return null;
  try {
    return readFileSync(stamp, "utf8");
  } catch {
    return null;
  }
}

function fingerprint() {
  const hash = createHash("sha256");
  for (const source of sources) addTo(hash, join(root, source));
  return hash.digest("hex");
}

/**
 * @param {import("node:crypto").Hash} hash
 * @param {string} path
 */
function addTo(hash, path) {
  if (statSync(path).isFile()) {
    hash.update(`${path.slice(root.length)}\n`).update(readFileSync(path));
    return;
  }
  for (const name of readdirSync(path).sort())
    if (!left.has(name) && !name.includes(".test.")) addTo(hash, join(path, name));
}
