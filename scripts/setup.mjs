import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { onWantedNode, root, run } from "./processes.mjs";

const stamp = `${root}node_modules/.sealpost-installed`;

/** Installs what the lockfile names, unless exactly that is installed already. */
export async function setUp() {
  const wanted = createHash("sha256")
    .update(readFileSync(`${root}package-lock.json`))
    .digest("hex");
  if (installed() === wanted) return;
  console.log("Installing dependencies (npm ci). This happens once.");
  const { code, output } = await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (code !== 0) {
    console.error(output);
    console.error(
      "The dependencies could not be installed. Check the network and the npm registry, then try again.",
    );
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}

function installed() {
  try {
    return readFileSync(stamp, "utf8");
  } catch {
    return null;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await setUp();
  await onWantedNode(process.argv[1]);
}
