import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { budgetKb, firstLoad, layoutShift, mostShift, quiet, watchLoads } from "../first-load.ts";
import { expect, listens, openOrders, sharedTest as test } from "../world.ts";

// What the first page fetches, and that what it leaves for later is there when it is asked for.

const screens = [
  "/security/ssl/orders",
  "/security/ssl/certificates",
  "/security/ssl/certificates/import",
  "/ca-accounts",
  "/mailboxes",
  "/people",
  "/audit-log",
  "/account",
  "/help",
];

test("the first load of Orders keeps to its budget of scripts and styles", async ({ page, world }) => {
  const { jsKb, cssKb } = await firstLoad(page, `${world.url}/security/ssl/orders`);
  await expect(page.locator("[data-live]")).toBeAttached();
  process.stdout.write(
    `Orders, first load: ${jsKb.toFixed(1)} kB of JS, ${cssKb.toFixed(1)} kB of CSS (gzip).\n`,
  );
  // A page that failed to load would be light.
  expect(jsKb).toBeGreaterThan(100);
  expect(cssKb).toBeGreaterThan(1);
  expect(jsKb).toBeLessThanOrEqual(budgetKb.js);
  expect(cssKb).toBeLessThanOrEqual(budgetKb.css);
});

test("nothing moves by itself while a page loads, on a wide screen and a small one", async ({
  page,
  world,
}) => {
  await watchLoads(page);
  for (const [width, height] of [
    [1440, 900],
    [360, 740],
  ] as const)
    for (const path of screens) {
      await page.setViewportSize({ width, height });
      await page.goto(`${world.url}${path}`);
      await quiet(page);
      expect(await layoutShift(page), `${path} at ${width} px`).toBeLessThanOrEqual(mostShift);
    }
});

test("a dark system is met by a dark page before any script has come", async ({ page, world }) => {
  await page.route("**/_next/static/**/*.js", (route) => route.abort());
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(`${world.url}/security/ssl/orders`);
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
});

test("a page that could not be read is read anew by its button", async ({ page, world }) => {
  const database = new DatabaseSync(join(world.dataDirectory, "sandbox", "sealpost.db"), { timeout: 10_000 });
  database.exec("alter table received_mails rename to away");
  try {
    await page.goto(`${world.url}/security/ssl/orders`);
    await expect(page.getByRole("alert").getByRole("heading")).toBeVisible();
  } finally {
    database.exec("alter table away rename to received_mails");
    database.close();
  }
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: /^Orders/ })).toBeVisible();
});

test("the words of a language come once, in a file that the browser keeps, and a page waits for them and wakes", async ({
  page,
  world,
}) => {
  const html = await (await page.request.get(`${world.url}/security/ssl/orders`)).text();
  const words = "The audit log is intact";
  expect(html).not.toContain(words);
  const [path = ""] = /\/messages\/en\/[\w-]+/.exec(html) ?? [];
  const file = await page.request.get(world.url + path);
  expect(await file.text()).toContain(words);
  expect(file.headers()["cache-control"]).toContain("immutable");
  const ofEarlierBuild = await page.request.get(`${world.url}/messages/en/of-an-earlier-build`);
  expect([ofEarlierBuild.status(), ofEarlierBuild.headers()["cache-control"]]).toEqual([200, "no-store"]);
  expect((await page.request.get(`${world.url}/messages/xx/${path.split("/")[3]}`)).status()).toBe(404);
  let refused = 0;
  await page.route(`**${path}`, (route) => (refused++ < 2 ? route.abort() : route.continue()));
  await page.goto(`${world.url}/security/ssl/orders`);
  await expect(page.locator("[data-live]")).toBeAttached();
  expect(refused).toBeGreaterThan(2);
});

test("a menu opens by Enter on its first choice, goes with Escape and Tab, and leads back to its button", async ({
  page,
  world,
}) => {
  await page.goto(`${world.url}/security/ssl/orders`);
  await expect(page.locator("[data-live]")).toBeAttached();
  const button = page.getByRole("button", { name: "Type" });
  const menu = page.getByRole("menu", { name: "Type" });
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(menu.getByRole("menuitemcheckbox", { name: "DV" })).toBeFocused();
  await expect(button).toHaveAttribute("aria-expanded", "true");
  await page.keyboard.press("ArrowDown");
  await expect(menu.getByRole("menuitemcheckbox", { name: "OV" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await expect(button).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(menu.getByRole("menuitemcheckbox", { name: "DV" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(menu).toBeHidden();
  await expect(page.getByRole("button", { name: "Expires" }).first()).toBeFocused();
  await button.click();
  await expect(menu).toBeVisible();
  await button.click();
  await expect(menu).toBeHidden();
  await expect(button).toBeFocused();
});

test("an order is fetched when somebody stays at its name, and none before", async ({ page, world }) => {
  const fetched: string[] = [];
  page.on("request", (request) => {
    const order = /orders\/([0-9a-f-]{36})/.exec(request.url());
    if (order?.[1]) fetched.push(order[1]);
  });
  await page.goto(`${world.url}/security/ssl/orders`);
  await quiet(page);
  expect(fetched).toEqual([]);
  const row = page.locator("[data-row]").first();
  await row.locator("[data-row-name]").hover();
  await expect.poll(() => [...new Set(fetched)]).toEqual([await row.getAttribute("data-row")]);
});

test("every page has its title from its first bytes on, and is never without one on the way to the next", async ({
  page,
  world,
}) => {
  const html = await (await page.request.get(`${world.url}/security/ssl/orders`)).text();
  expect(html.slice(0, html.indexOf("</head>"))).toMatch(/<title>[^<]*Orders[^<]*<\/title>/);
  await page.goto(`${world.url}/security/ssl/orders`);
  await expect(page.locator("[data-live]")).toBeAttached();
  await page.evaluate(`
    window.titles = [];
    new MutationObserver(() => window.titles.push(document.title)).observe(document.head, { childList: true, subtree: true });
  `);
  const navigation = page.getByRole("navigation");
  const names = ["Certificates", "CA accounts", "Mailboxes", "Audit log", "Orders"];
  for (const name of names) {
    await navigation.getByRole("link", { name, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expect(page).toHaveTitle(new RegExp(name));
  }
  const titles = (await page.evaluate("window.titles")) as string[];
  expect(titles.length).toBeGreaterThanOrEqual(names.length);
  expect(titles.filter((title) => title === "")).toEqual([]);
});

test("no screen scrolls sideways at 320 px, every page is reachable from its menu, and names have room at every width", async ({
  page,
  world,
}) => {
  await page.setViewportSize({ width: 320, height: 700 });
  for (const path of [...screens, "/de/help", "/de/account", "/de/security/ssl/orders"]) {
    await page.goto(`${world.url}${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await page.evaluate("document.documentElement.scrollWidth"), path).toBeLessThanOrEqual(320);
  }
  await page.goto(`${world.url}/en/security/ssl/orders`);
  const names = page.getByRole("columnheader", { name: "Common name" });
  for (const width of [768, 960, 1152, 1280, 1400]) {
    await page.setViewportSize({ width, height: 700 });
    expect((await names.boundingBox())?.width, `names at ${width} px`).toBeGreaterThan(130);
  }
  await page.setViewportSize({ width: 320, height: 700 });
  await page.getByRole("button", { name: "Open navigation" }).click();
  await page.getByRole("link", { name: "CA accounts" }).click();
  await expect(page.getByRole("heading", { name: "CA accounts", level: 1 })).toBeVisible();
});

test("a page that nobody sees leaves its line to the others, and shows what is new when it is seen again", async ({
  page,
  world,
}) => {
  await page.goto(`${world.url}/security/ssl/orders`);
  await expect(page.locator("[data-live]")).toBeAttached();
  const see = (state: "hidden" | "visible") =>
    page.evaluate(`
      Object.defineProperty(document, "visibilityState", { configurable: true, value: "${state}" });
      document.dispatchEvent(new Event("visibilitychange"));
    `);
  const left = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/api/events"));
  await see("hidden");
  await left;
  await expect(page.locator("[data-live]")).toHaveCount(0);
  const asked = page.waitForRequest((request) => request.url().includes("orders.list"));
  await see("visible");
  await expect(page.locator("[data-live]")).toBeAttached();
  await asked;
});

test("after an upgrade a page that stood open says so when a part of it is gone, and typing goes on", async ({
  page,
  world,
}) => {
  await openOrders(page, world);
  await page.route("**/_next/static/chunks/**", (route) => route.fulfill({ status: 404 }));
  await page.keyboard.press("?");
  const strip = page.getByRole("complementary", { name: "Sealpost was updated" });
  await expect(strip).toContainText("Load the page again.");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Escape");
  const search = page.getByRole("searchbox", { name: /^Search/ });
  await search.pressSequentially("shop");
  await expect(search).toHaveValue("shop");
  await page.unroute("**/_next/static/chunks/**");
  await strip.getByRole("button", { name: "Load again" }).click();
  await expect(strip).toHaveCount(0);
  await listens(page);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog").getByRole("heading", { name: "Keyboard" })).toBeVisible();
});
