import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./processes.mjs";

// Turbo passes over a script that is missing, so nothing would tell that a workspace is not checked or has no tests.

const problems = [];
for (const file of globSync(["packages/*/package.json", "apps/*/package.json", "e2e/package.json"], {
  cwd: root,
})) {
  const place = file.replace("/package.json", "");
  const { scripts } = JSON.parse(readFileSync(join(root, file), "utf8"));
  if (!scripts?.check) problems.push(`${place} has no check script`);
  const { tags } = JSON.parse(readFileSync(join(root, place, "turbo.json"), "utf8"));
  if (!tags?.length) problems.push(`${place} has no boundary tag`);
  if (globSync(["src/**/*.test.{ts,tsx}", "tests/*.spec.ts"], { cwd: join(root, place) }).length === 0)
    problems.push(`${place} has no test`);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
