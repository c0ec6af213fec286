import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bin, root, run } from "./processes.mjs";

/** What the pages are made of. */
const sources = [
  "apps/web",
  "packages/domain/src",
  "packages/api/src",
  "packages/ca-adapter/src",
  "package-lock.json",
  "tsconfig.base.json",
];
const left = new Set(["node_modules", ".next", ".turbo", "next-env.d.ts"]);
const stamp = `${root}apps/web/.next/.sealpost-built`;

/** Builds the pages, unless they were built from exactly these sources. Resolves to whether it worked. */
export async function build() {
  const wanted = fingerprint();
  if (built() === wanted) return true;
  console.log("Building the pages.");
  const { code, output } = await run(bin("turbo"), ["run", "build", "--output-logs=new-only"]);
  if (code !== 0) {
    console.error(output);
    console.error("The pages could not be built.");
    return false;
  }
  writeFileSync(stamp, wanted);
  return true;
}

function built() {
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
  for (const name of readdirSync(path).sort()) if (!left.has(name)) addTo(hash, join(path, name));
}
