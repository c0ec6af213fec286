import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";

/** What a first load may fetch, in kB of 1000 bytes after gzip; an empty page of Next takes 135 of the scripts. */
export const budgetKb = { js: 210, css: 15 };

export interface FirstLoad {
  readonly jsKb: number;
  readonly cssKb: number;
}

/** Loads a page in a context that has fetched nothing yet, and weighs every script and style it fetches until it is quiet. */
export async function firstLoad(page: Page, url: string): Promise<FirstLoad> {
  const weights = { script: 0, stylesheet: 0 };
  const weighed: Promise<void>[] = [];
  page.on("response", (response) => {
    const kind = response.request().resourceType();
    if (kind !== "script" && kind !== "stylesheet") return;
    weighed.push(
      response.body().then((body) => {
        weights[kind] += gzipSync(body).length;
      }),
    );
  });
  await page.goto(url);
  await quiet(page);
  await Promise.all(weighed);
  return { jsKb: weights.script / 1000, cssKb: weights.stylesheet / 1000 };
}

/** What may move while a page loads, as Web Vitals counts it; from 0.1 on people notice. */
export const mostShift = 0.01;

/** Has every page that is loaded from now on note what browsers measure of its paints, long tasks and layout shifts. */
export async function watchLoads(page: Page): Promise<void> {
  await page.addInitScript(`
    window.seen = [];
    for (const type of ["paint", "largest-contentful-paint", "longtask", "layout-shift"])
      new PerformanceObserver((list) => window.seen.push(...list.getEntries())).observe({ type, buffered: true });
  `);
}

/** How much of what was loaded has moved by itself so far. */
export async function layoutShift(page: Page): Promise<number> {
  return await page.evaluate(`window.seen
    .filter(({ entryType, hadRecentInput }) => entryType === "layout-shift" && !hadRecentInput)
    .reduce((sum, { value }) => sum + value, 0)`);
}

const quietMs = 500;

/** Until the page has fetched nothing and kept the browser busy with nothing for a while. */
export async function quiet(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    let timer;
    const again = () => {
      clearTimeout(timer);
      timer = setTimeout(resolve, ${quietMs});
    };
    for (const type of ["resource", "longtask"]) new PerformanceObserver(again).observe({ type, buffered: true });
    again();
  })`);
}
