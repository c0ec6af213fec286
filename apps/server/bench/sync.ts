import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { constants, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { AppRouter } from "@sealpost/api/client";
import { createTRPCClient, httpLink } from "@trpc/client";
import { kill, startConsoleProcess } from "./console-process.ts";

// The first sync of a large account, cut off in the middle by SIGKILL: that it ends with each order once, how many calls
// it takes beside the fewest that the CA's page size allows, how much memory, and how the orders page answers meanwhile,
// beside the same page afterwards.

const say = (line: string) => process.stdout.write(`${line}\n`);
const count = Number(process.argv[2] ?? 100_000);
const largestPage = 1000;
/** What is promised: calls beside the fewest, memory in MB, p95 of the page in ms. */
const promised = { ratio: 1.2, memoryMb: 300, p95Ms: 100 };

/** Loads after a start that only warm the pages up, and are told apart. */
const warmUp = 10;
/** Loads of the same page afterwards, when nothing else happens. */
const idleLoads = 100;

const directory = mkdtempSync(join(tmpdir(), "sealpost-bench-"));
const ca = fork(join(import.meta.dirname, "simulator-server.ts"), [String(count)]);
const [{ account }] = await once(ca, "message");
// A CA works on machines of its own: what it does here gives way to the console.
setPriority(ca.pid ?? 0, constants.priority.PRIORITY_LOW);
say(`A CA with ${count.toLocaleString("en")} orders in one account.`);
const own = await startConsoleProcess(directory);
const headers = { cookie: own.cookie, origin: own.url };
const api = createTRPCClient<AppRouter>({ links: [httpLink({ url: `${own.url}/api/trpc`, headers })] });
try {
  const startedAt = performance.now();
  await api.accounts.connect.mutate({
    adapter: "digicert",
    label: "Large",
    baseUrl: account.baseUrl,
    fields: account.credential,
  });
  const before = await watch(async () => (await sync()).ordersSeen >= count / 2);
  await own.crash();
  const resumedAt = (await sync()).ordersSeen;
  say(`Killed in the middle; it goes on at ${resumedAt.toLocaleString("en")}.`);
  const after = await watch(async () => (await sync()).completedAt !== null);
  const seconds = (performance.now() - startedAt) / 1000;
  let left = idleLoads;
  const idle = await watch(async () => left-- === 0);
  const { total } = await api.orders.counts.query();
  ca.send("report");
  const [{ lists, refused }] = await once(ca, "message");
  const fewest = Math.ceil(count / largestPage);
  const times = [...before.times, ...after.times];
  const p95 = quantile(times, 0.95);
  const cold = [...before.cold, ...after.cold];
  const memoryMb = Math.max(before.memoryMb, after.memoryMb);
  say(
    `orders                ${total.toLocaleString("en")} of ${count.toLocaleString("en")}, in ${seconds.toFixed(0)} s with the restart`,
  );
  say(
    `calls for the list    ${lists}, fewest possible ${fewest}, ratio ${(lists / fewest).toFixed(2)}; ${refused} not answered with 200`,
  );
  say(`memory of the server  ${memoryMb.toFixed(0)} MB at most`);
  say(
    `orders page meanwhile p50 ${quantile(times, 0.5).toFixed(0)} ms, p95 ${p95.toFixed(0)} ms over ${times.length} loads; the first ${warmUp} after each start at most ${Math.max(...cold).toFixed(0)} ms`,
  );
  say(
    `the same page, idle   p50 ${quantile(idle.times, 0.5).toFixed(0)} ms, p95 ${quantile(idle.times, 0.95).toFixed(0)} ms over ${idle.times.length} loads`,
  );
  const isKept =
    total === count &&
    lists / fewest <= promised.ratio &&
    refused === 0 &&
    memoryMb <= promised.memoryMb &&
    p95 < promised.p95Ms;
  say(
    `${isKept ? "Kept" : "Broken"}: each order once, at most ${promised.ratio} of the fewest calls, at most ${promised.memoryMb} MB, the page under ${promised.p95Ms} ms at p95.`,
  );
  process.exitCode = isKept ? 0 : 1;
} finally {
  await own.end();
  await kill(ca);
  rmSync(directory, { recursive: true, force: true });
}

async function sync() {
  const found = (await api.accounts.list.query())[0];
  if (!found) throw new Error("the account is gone");
  return found.sync;
}

/** Loads the orders page as a person would, a little after the last one, and looks at the server's memory. */
async function watch(isOver: () => Promise<boolean>) {
  const all: number[] = [];
  let memoryMb = 0;
  while (!(await isOver())) {
    const startedAt = performance.now();
    const answer = await fetch(`${own.url}/security/ssl/orders`, { headers });
    await answer.text();
    if (answer.status !== 200) throw new Error(`the page answered ${answer.status}`);
    all.push(performance.now() - startedAt);
    const status = readFileSync(`/proc/${own.pid()}/status`, "utf8");
    memoryMb = Math.max(memoryMb, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
    await wait(100);
  }
  return { times: all.slice(warmUp), cold: all.slice(0, warmUp), memoryMb };
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? 0;
}
