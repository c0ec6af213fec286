import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { findChromium } from "./browser.mjs";
import { enter, keyFile, listens, mailFor, startWorld, type World } from "./world.ts";

// Pictures of every screen, to be looked at one by one: light and dark, wide and on a phone, English and German.
// `npm run screens` puts them into reports/screens; `npm run screens -- --readme` makes those of the README anew.

const root = join(import.meta.dirname, "..");
const isReadme = process.argv.includes("--readme");
const executablePath = findChromium();
const browser: Browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: ["--disable-background-networking", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
});
const world = await startWorld();
try {
  const directory = join(root, isReadme ? "docs/pictures" : "reports/screens");
  await mkdir(directory, { recursive: true });
  const first = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    reducedMotion: "reduce",
  });
  const page = await first.newPage();
  await enter(page, world);
  const { order, imported } = await prepare(page, world);
  const state = await first.storageState();
  if (isReadme) {
    await page.goto(`${world.url}/security/ssl/orders`);
    await settled(page);
    await page.screenshot({ path: join(directory, "orders.png") });
    await dropMail(page, world, order, "/security/ssl/certificates/import");
    await page.screenshot({ path: join(directory, "import.png") });
  } else {
    for (const language of ["en", "de"])
      for (const theme of ["light", "dark"])
        for (const width of [1440, 360])
          await series({ state, order, imported, language, theme, width, directory });
  }
} finally {
  await browser.close();
  await world.stop();
}

interface Series {
  readonly state: Awaited<ReturnType<Awaited<ReturnType<Browser["newContext"]>>["storageState"]>>;
  readonly order: Placed;
  /** One that was imported. */
  readonly imported: Placed;
  readonly language: string;
  readonly theme: string;
  readonly width: number;
  readonly directory: string;
}

interface Placed {
  readonly id: number;
  readonly key: string;
}

/** Two mails asked for, one certificate imported, so that the screens have something to show. */
async function prepare(
  page: Page,
  world: World,
): Promise<{ readonly order: Placed; readonly imported: Placed }> {
  const orders = await world.control.orders();
  const find = (name: string) => orders.find((order) => order.commonName === name);
  for (const name of [
    "shop.nordwind-logistik.example",
    "payin.meridian-pay.example",
    "registry.northlight.example",
  ]) {
    await page.getByRole("button", { name: `Send, ${name}` }).click();
    await page.getByRole("button", { name: "Resend email" }).click();
    await page.getByRole("heading", { name: "The CA accepted the request" }).waitFor();
    await page.getByRole("button", { name: "Close" }).click();
  }
  const placed = (name: string): Placed => {
    const order = find(name);
    return { id: order?.id ?? 0, key: order?.privateKeyPem ?? "" };
  };
  const imported = placed("registry.northlight.example");
  await page.goto(`${world.url}/security/ssl/certificates/import`);
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles([await mailFor(world, imported.id), keyFile(imported.key)]);
  await page.getByRole("button", { name: /^Import for order/ }).click();
  await page.getByRole("heading", { name: "SSL certificate details" }).waitFor();
  return { order: placed("payin.meridian-pay.example"), imported };
}

async function series({ state, order, imported, language, theme, width, directory }: Series): Promise<void> {
  const context = await browser.newContext({
    viewport: { width, height: width === 360 ? 780 : 900 },
    storageState: state,
    locale: language,
    reducedMotion: "reduce",
  });
  await context.addCookies([
    { name: "sealpost-theme", value: theme, url: world.url },
    { name: "NEXT_LOCALE", value: language, url: world.url },
  ]);
  const page = await context.newPage();
  const prefix = language === "en" ? "" : `/${language}`;
  const picture = async (name: string, isWhole = width === 360) => {
    await settled(page);
    await page.screenshot({
      path: join(directory, `${name}-${language}-${theme}-${width}.png`),
      fullPage: isWhole,
    });
  };
  await page.goto(`${world.url}${prefix}/security/ssl/orders`);
  await picture("orders", false);
  await page.goto(`${world.url}${prefix}/security/ssl/orders?q=nowhere`);
  await picture("orders-no-match");
  await page.goto(`${world.url}${prefix}/security/ssl/orders`);
  await settled(page);
  const asked = page.locator("tbody tr").filter({ hasText: "git.parcelworks.example" });
  await asked.locator("[data-key=s]").click();
  await page.getByRole("dialog").getByText("@").first().waitFor();
  await picture("resend", false);
  await page.keyboard.press("Escape");
  for (const row of [0, 1, 2]) await page.locator("tbody [data-key=x]").nth(row).click();
  await picture("orders-selected", false);
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await picture("keyboard", false);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
  await picture("palette", false);
  await page.keyboard.press("Escape");
  await page.goto(`${world.url}${prefix}/security/ssl/orders?q=${order.id}`);
  await settled(page);
  await page.locator("tbody [data-row-name]").first().click();
  await page.waitForURL(/orders\/[0-9a-f-]{36}/);
  await picture("order");
  await page.goto(`${world.url}${prefix}/security/ssl/certificates/import`);
  await picture("import-empty");
  await dropMail(page, world, order, `${prefix}/security/ssl/certificates/import`);
  await picture("import");
  const other = (await world.control.orders()).find((one) => one.commonName === "git.parcelworks.example");
  await page.goto("about:blank");
  await dropMail(
    page,
    world,
    { id: order.id, key: other?.privateKeyPem ?? "" },
    `${prefix}/security/ssl/certificates/import`,
  );
  await picture("import-blocked");
  await page.goto("about:blank");
  await dropMail(page, world, imported, `${prefix}/security/ssl/certificates/import`);
  await picture("import-known");
  await page.goto("about:blank");
  await page.goto(`${world.url}${prefix}/security/ssl/certificates`);
  await picture("certificates");
  await page.locator("tbody [data-row-name]").first().click();
  await page.waitForURL(/certificates\/[0-9a-f-]{36}/);
  await picture("certificate");
  await page.goto(`${world.url}${prefix}/ca-accounts`);
  await picture("accounts");
  await page.locator("main button").first().click();
  await picture("accounts-connect", false);
  for (const screen of ["mailboxes", "people"]) {
    await page.goto(`${world.url}${prefix}/${screen}`);
    await picture(screen);
    await page.locator("main button").first().click();
    await page.getByRole("dialog").waitFor();
    await picture(`${screen}-new`, false);
  }
  await page.goto(`${world.url}${prefix}/audit-log`);
  await page.locator("[data-entry] button").first().click();
  await picture("audit-log", false);
  await page.locator("main button").first().click();
  await page.locator("[data-head]").waitFor();
  await picture("audit-log-verified", false);
  await page.goto(`${world.url}${prefix}/account`);
  await picture("account");
  await page.goto(`${world.url}${prefix}/help`);
  await picture("help");
  await context.clearCookies({ name: /^sealpost-\d+$/ });
  await page.goto(`${world.url}${prefix}/sign-in`);
  await picture("sign-in");
  await context.close();
}

async function dropMail(page: Page, world: World, order: Placed, path: string): Promise<void> {
  page.removeAllListeners("dialog");
  page.on("dialog", (dialog) => void dialog.accept());
  await page.goto(`${world.url}${path}`);
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles([await mailFor(world, order.id), keyFile(order.key)]);
  await page.locator("[data-finding], main ol").first().waitFor();
}

async function settled(page: Page): Promise<void> {
  if (!page.url().includes("/sign-in")) await listens(page);
  await page.evaluate("document.fonts.ready");
}
