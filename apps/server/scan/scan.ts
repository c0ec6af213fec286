import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appRouter } from "@sealpost/api";
import { startConsoleProcess } from "../bench/console-process.ts";
import { scan } from "./attacks.ts";
import { headerReport } from "./header-report.ts";

// Prints the headers of a running console's answers, attacks it, and prints what it finds, by id: the one at the address given, as a stranger; or one of its
// own with its pages, as a stranger and as an administrator.

const say = (line: string) => process.stdout.write(`${line}\n`);
const [given] = process.argv.slice(2);
const place = mkdtempSync(join(tmpdir(), "sealpost-scan-"));
const own = given === undefined ? await startConsoleProcess(place, {}) : null;
try {
  const target = {
    url: own?.url ?? new URL(given ?? "").origin,
    cookie: own?.cookie ?? null,
    procedures: Object.keys(appRouter._def.procedures),
    isThorough: true,
  };
  for (const line of await headerReport(target)) say(line);
  say(`Attacking ${target.url}`);
  const found = await scan(target, (id, count) =>
    say(`  ${id.padEnd(16)} ${count === 0 ? "nothing" : count}`),
  );
  for (const { id, seen } of found) say(`${id}: ${seen}`);
  say(`${found.length} findings`);
  process.exitCode = found.length === 0 ? 0 : 1;
} finally {
  await own?.end();
  rmSync(place, { recursive: true, force: true });
}
