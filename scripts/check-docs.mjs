import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./processes.mjs";

// A document that names a path which is no longer there misleads; so each path in backticks or links must exist.

const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: root,
  encoding: "utf8",
});
const places = /^(apps|packages|e2e|scripts|docs|deploy|\.ci)\//;
const problems = tracked
  .split("\n")
  .filter((file) => file !== "" && existsSync(join(root, file)))
  .flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8");
    const quoted = [...text.matchAll(/`([^`\s]+)`/g)]
      .map((match) => match[1])
      .filter((path) => places.test(path) && !/[*<{…]/.test(path));
    const linked = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) =>
      join(dirname(file), match[1]),
    );
    return [...quoted, ...linked]
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${file}: ${path} does not exist`);
  });
// SECURITY.md lists each table of the database with what it holds, why, and for how long.
const inventory = read("SECURITY.md");
const schema = ["packages/db/src/schema.ts", "packages/db/src/auth-schema.ts"].map(read).join("\n");
const tables = [...schema.matchAll(/sqliteTable\(\s*"(\w+)"/g)].map((match) => match[1]);
const listed = [...inventory.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
problems.push(
  ...tables
    .filter((table) => !listed.includes(table))
    .map((table) => `SECURITY.md: table ${table} is missing`),
  // The search index is a virtual table, made by a migration.
  ...listed
    .filter((table) => table !== "order_search" && !tables.includes(table))
    .map((table) => `SECURITY.md: there is no table ${table}`),
);

/** @param {string} file */
function read(file) {
  return readFileSync(join(root, file), "utf8");
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
