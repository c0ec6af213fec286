import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, kill, startConsoleProcess } from "./console-process.ts";
import { load } from "./load.ts";
import { seedOrders } from "./seed-orders.ts";

// How quickly the list of orders and the search answer, signed in and through the public port, at 10,000 orders and at a
// million, beside a bare node:http server that runs the raw statement over the same file, in turns, in the same run.

const say = (line: string) => process.stdout.write(`${line}\n`);
const sizes = [10_000, Number(process.argv[2] ?? 1_000_000)];
const rounds = 5;
const forMs = 3000;
const connections = 16;
/** What is promised: ratio to the bare server, p99 in ms, growth of the median from the small to the large, search in ms. */
const promised = { ratio: 0.3, p99Ms: 30, growth: 1.5, searchMs: 10 };

const listInput = encodeURIComponent(JSON.stringify({}));
const searchInput = encodeURIComponent(JSON.stringify({ search: "host-7777.team" }));

interface Figures {
  readonly ratio: number;
  readonly p99Ms: number;
  readonly medianMs: number;
  readonly searchMs: number;
}

const directory = mkdtempSync(join(tmpdir(), "sealpost-bench-"));
try {
  const [small, large] = [await measure(sizes[0] ?? 0), await measure(sizes[1] ?? 0)];
  const growth = large.medianMs / small.medianMs;
  say(`Latency of the list, large : small  ${growth.toFixed(2)}`);
  const isKept =
    large.ratio >= promised.ratio &&
    large.p99Ms < promised.p99Ms &&
    growth <= promised.growth &&
    large.searchMs <= promised.searchMs;
  say(
    `${isKept ? "Kept" : "Broken"}: at least ${promised.ratio} of the bare server, p99 under ${promised.p99Ms} ms at ${connections} connections, growth at most ${promised.growth}, search within ${promised.searchMs} ms.`,
  );
  process.exitCode = isKept ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true });
}

async function measure(count: number): Promise<Figures> {
  const place = join(directory, String(count));
  mkdirSync(join(place, "data"), { recursive: true });
  const file = join(place, "data", "sealpost.db");
  const seedingAt = performance.now();
  await seedOrders(file, count);
  say(
    `${count.toLocaleString("en")} orders written in ${Math.round((performance.now() - seedingAt) / 1000)} s`,
  );
  const bare = await startBare(file);
  const own = await startConsoleProcess(place);
  try {
    const list = `${own.url}/api/trpc/orders.list?input=${listInput}`;
    const search = `${own.url}/api/trpc/orders.list?input=${searchInput}`;
    const { cookie } = own;
    // The first round only warms up.
    const pairs = [];
    for (let round = 0; round <= rounds; round++)
      pairs.push({
        bare: await load({ url: bare.url, connections, forMs }),
        own: await load({ url: list, cookie, connections, forMs }),
      });
    const counted = pairs.slice(1);
    const alone = await load({ url: list, cookie, connections: 1, forMs });
    const found = await load({ url: search, cookie, connections: 1, forMs });
    const figures = {
      ratio: median(counted.map((pair) => pair.own.perSecond / pair.bare.perSecond)),
      p99Ms: median(counted.map((pair) => pair.own.p99Ms)),
      medianMs: alone.medianMs,
      searchMs: found.medianMs,
    };
    const rate = (of: "bare" | "own") => Math.round(median(counted.map((pair) => pair[of].perSecond)));
    say(`  bare node:http           ${rate("bare")} a second, ${counted[0]?.bare.bytes} bytes each`);
    say(`  sealpost, signed in      ${rate("own")} a second, ${counted[0]?.own.bytes} bytes each`);
    say(`  sealpost : bare          ${figures.ratio.toFixed(2)}`);
    say(`  p99 at ${connections} connections    ${figures.p99Ms.toFixed(1)} ms`);
    say(`  list, one at a time      ${alone.medianMs.toFixed(2)} ms, p99 ${alone.p99Ms.toFixed(1)} ms`);
    say(`  search, one at a time    ${found.medianMs.toFixed(2)} ms, p99 ${found.p99Ms.toFixed(1)} ms`);
    return figures;
  } finally {
    await own.end();
    await kill(bare.child);
  }
}

async function startBare(file: string) {
  const port = await freePort();
  const child = fork(join(import.meta.dirname, "bare-server.ts"), [file, String(port)]);
  await once(child, "message");
  return { child, url: `http://127.0.0.1:${port}/` };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
