import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";
import { findChromium } from "./browser.mjs";
import {
  budgetKb,
  type FirstLoad,
  firstLoad,
  layoutShift,
  mostShift,
  quiet,
  watchLoads,
} from "./first-load.ts";
import { enter, freePort, startWorld } from "./world.ts";

// What the first load of Orders costs a slow computer, beside an empty page of the same Next, built and served in the same
// run: in turns, each time in a browser context that has fetched nothing yet. Run by `npm run bench -- page`.

const root = join(import.meta.dirname, "..");
const rounds = Number(process.argv[2] ?? 5);
const slowdown = 4;
const say = (line: string) => process.stdout.write(`${line}\n`);

interface Figures {
  readonly lcpMs: number;
  readonly tbtMs: number;
  readonly cls: number;
}

interface Opening {
  /** From the first press of *Send* on a page that was just loaded. */
  readonly firstMs: number;
  readonly againMs: number;
}

const executablePath = findChromium();
const browser: Browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: ["--disable-background-networking", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
});
const world = await startWorld();
const empty = await startEmptyPage();
try {
  const first = await browser.newContext();
  await enter(await first.newPage(), world);
  const state = await first.storageState();
  await first.close();
  const ordersUrl = `${world.url}/security/ssl/orders`;
  const weights = {
    empty: await inContext(null, (page) => firstLoad(page, empty.url)),
    orders: await inContext(state, (page) => firstLoad(page, ordersUrl)),
  };
  const figures: { empty: Figures[]; orders: Figures[] } = { empty: [], orders: [] };
  const openings: Opening[] = [];
  for (let round = 0; round < rounds; round++) {
    figures.empty.push(await inContext(null, (page) => loadSlowly(page, empty.url)));
    await inContext(state, async (page) => {
      figures.orders.push(await loadSlowly(page, ordersUrl));
      openings.push({ firstMs: await openDialog(page), againMs: await openDialog(page) });
    });
  }
  report(weights, figures, openings);
} finally {
  await browser.close();
  await empty.stop();
  await world.stop();
}

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;

async function inContext<T>(state: State | null, run: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    ...(state ? { storageState: state } : {}),
  });
  const result = await run(await context.newPage());
  await context.close();
  return result;
}

/** Times of the largest paint, of blocking (Web Vitals: what long tasks take beyond 50 ms after the first paint), and of what moved. */
async function loadSlowly(page: Page, url: string): Promise<Figures> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  await watchLoads(page);
  await page.goto(url);
  await quiet(page);
  const times: Omit<Figures, "cls"> = await page.evaluate(`(() => {
    const of = (type) => window.seen.filter(({ entryType }) => entryType === type);
    const firstPaint = of("paint").find(({ name }) => name === "first-contentful-paint")?.startTime ?? 0;
    const blocked = of("longtask").filter(({ startTime }) => startTime >= firstPaint);
    return {
      lcpMs: of("largest-contentful-paint").at(-1)?.startTime ?? 0,
      tbtMs: blocked.reduce((sum, { duration }) => sum + Math.max(0, duration - 50), 0),
    };
  })()`);
  return { ...times, cls: await layoutShift(page) };
}

/** From the press of *Send* to the dialog that is drawn, in milliseconds; closes it again. */
async function openDialog(page: Page): Promise<number> {
  // The promise is kept in the page: handed back, it would be waited for.
  await page.evaluate(`window.opened = new Promise((resolve) => {
    addEventListener("click", ({ timeStamp }) => {
      const look = () => {
        if (document.querySelector("[role=dialog]")) resolve(performance.now() - timeStamp);
        else requestAnimationFrame(look);
      };
      look();
    }, { once: true, capture: true });
  }); 0`);
  await page
    .getByRole("button", { name: /^Send, / })
    .first()
    .click();
  const tookMs: number = await page.evaluate("window.opened");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  return tookMs;
}

function report(
  weights: { readonly empty: FirstLoad; readonly orders: FirstLoad },
  figures: { readonly empty: readonly Figures[]; readonly orders: readonly Figures[] },
  openings: readonly Opening[],
): void {
  const line = (what: string, unit: string, of: { empty: number; orders: number }, digits: number) =>
    say(
      `${what.padEnd(28)}${of.empty.toFixed(digits).padStart(9)}${of.orders.toFixed(digits).padStart(9)} ${unit.padEnd(4)}${of.empty > 0 ? `${(of.orders / of.empty).toFixed(2)} ×` : ""}`,
    );
  const middle = (key: keyof Figures) => ({
    empty: median(figures.empty.map((one) => one[key])),
    orders: median(figures.orders.map((one) => one[key])),
  });
  const cls = middle("cls");
  const dialogMs = median(openings.map(({ firstMs }) => firstMs));
  say(`Medians of ${rounds} first loads each, on a processor slowed ${slowdown} times.`);
  say(`${"".padEnd(28)}${"empty".padStart(9)}${"Orders".padStart(9)}`);
  line("Scripts (gzip)", "kB", { empty: weights.empty.jsKb, orders: weights.orders.jsKb }, 1);
  line("Styles (gzip)", "kB", { empty: weights.empty.cssKb, orders: weights.orders.cssKb }, 1);
  line("Largest contentful paint", "ms", middle("lcpMs"), 0);
  line("Total blocking time", "ms", middle("tbtMs"), 0);
  line("Cumulative layout shift", "", cls, 4);
  say(
    `Send to the open dialog: ${dialogMs.toFixed(0)} ms the first time, ${median(openings.map(({ againMs }) => againMs)).toFixed(0)} ms again.`,
  );
  const isKept =
    weights.orders.jsKb <= budgetKb.js && weights.orders.cssKb <= budgetKb.css && cls.orders <= mostShift;
  say(
    `${isKept ? "Kept" : "Broken"}: at most ${budgetKb.js} kB of scripts and ${budgetKb.css} kB of styles, layout shift at most ${mostShift}.`,
  );
  process.exitCode = isKept ? 0 : 1;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** A page of Next with one heading, made on each request as ours are. */
async function startEmptyPage(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const directory = join(root, "reports/empty-page");
  await mkdir(join(directory, "app"), { recursive: true });
  const files = {
    "package.json": `{ "private": true, "type": "module" }`,
    "next.config.js": `export default { turbopack: { root: ${JSON.stringify(root)} } };`,
    "app/layout.js": `export default ({ children }) => <html lang="en"><body>{children}</body></html>;`,
    "app/page.js": `export const dynamic = "force-dynamic"; export default () => <h1>Orders</h1>;`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const [built] = await once(next(directory, ["build"]), "exit");
  if (built !== 0) throw new Error("the empty page could not be built");
  const port = await freePort();
  const child = next(directory, ["start", "--port", String(port)]);
  const url = `http://localhost:${port}`;
  while (
    !(await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await new Promise((r) => setTimeout(r, 100));
  return {
    url,
    async stop() {
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
      await rm(directory, { recursive: true });
    },
  };
}

function next(directory: string, args: readonly string[]): ChildProcess {
  const bin = createRequire(join(root, "apps/web/package.json")).resolve("next/dist/bin/next");
  return spawn(process.execPath, [bin, ...args], {
    cwd: directory,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "ignore", "inherit"],
  });
}
