import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

// Some registries lack packages of other platforms. A lockfile written there leaves them out, and `npm ci` refuses it
// everywhere. This adds an entry for each: enough for npm to know that the package is optional and for whom.

const lockFile = fileURLToPath(new URL("../package-lock.json", import.meta.url));
const systems = [
  "darwin",
  "win32",
  "linux",
  "android",
  "freebsd",
  "netbsd",
  "openbsd",
  "sunos",
  "aix",
  "openharmony",
];
const processors = [
  "x64",
  "arm64",
  "arm",
  "ia32",
  "ppc64",
  "riscv64",
  "s390x",
  "loong64",
  "mips64el",
  "wasm32",
];

/**
 * The entries that are missing, by their place in the lockfile.
 * @param {Record<string, any>} packages
 */
export function missingEntries(packages) {
  /** @type {Record<string, object>} */
  const missing = {};
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isFound(packages, path, name)) continue;
      missing[`node_modules/${name}`] = {
        version: range.replace(/^[\^~]|^npm:.*@/, ""),
        optional: true,
        ...platformOf(name),
      };
    }
  }
  return missing;
}

/** Whether Node would find the package from there: in its own node_modules, or in one further up. */
function isFound(packages, path, name) {
  for (
    let place = path;
    ;
    place = place.includes("/node_modules/")
      ? place.replace(/\/node_modules\/(?!.*\/node_modules\/).*$/, "")
      : ""
  ) {
    if (packages[`${place === "" ? "" : `${place}/`}node_modules/${name}`]) return true;
    if (place === "") return false;
  }
}

/** Who a platform package is for, by its name. */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = systems.filter(
    (one) =>
      words.includes(one) ||
      (one === "darwin" && name === "fsevents") ||
      (one === "win32" && words.includes("windows")),
  );
  const cpu = processors.filter((one) => words.includes(one) || (one === "x64" && words.includes("64")));
  return { ...(os.length > 0 ? { os } : {}), ...(cpu.length > 0 ? { cpu } : {}) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync(lockFile, "utf8"));
  const missing = missingEntries(lock.packages);
  const names = Object.keys(missing);
  if (process.argv.includes("--check")) {
    if (names.length > 0)
      console.error(
        `The lockfile lacks entries of other platforms; run node scripts/lock.mjs.\n${names.join("\n")}`,
      );
    process.exitCode = names.length > 0 ? 1 : 0;
  } else if (names.length > 0) {
    const entries = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) =>
      a === b ? 0 : a < b ? -1 : 1,
    );
    writeFileSync(
      lockFile,
      `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, 2)}\n`,
    );
    console.log(`Added ${names.length} entries.`);
  }
}
