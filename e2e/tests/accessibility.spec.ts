import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { enter, expect, keyFile, mailFor, test } from "../world.ts";

async function expectNoFaults(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  expect(violations.map((fault) => `${where}: ${fault.id} ${fault.nodes[0]?.html}`)).toEqual([]);
}

for (const theme of ["light", "dark"] as const) {
  test(`axe finds nothing on any screen in ${theme}`, async ({ page, context, world }) => {
    await context.addCookies([{ name: "sealpost-theme", value: theme, url: world.url }]);
    await page.goto(world.setupLink);
    await expectNoFaults(page, "setup");
    await enter(page, world);
    await expectNoFaults(page, "orders");
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
    await expectNoFaults(page, "keyboard");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("git");
    await expect(page.getByRole("option", { name: /^git.parcelworks/ })).toBeVisible();
    await expectNoFaults(page, "palette");
    await page.keyboard.press("Escape");
    const boxes = page.getByRole("checkbox", { name: /^Select (cloud|shop)/ });
    await boxes.first().check();
    await boxes.last().check();
    await page.getByRole("button", { name: "Resend emails" }).click();
    await expect(page.getByText("One email for each order.")).toBeVisible();
    await expectNoFaults(page, "several");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Clear selection" }).click();
    const order = (await world.control.orders()).find((one) => one.commonName === "git.parcelworks.example");
    await page.getByRole("button", { name: "Send, git.parcelworks.example" }).click();
    await expect(page.getByText("hostmaster@parcelworks.example").last()).toBeVisible();
    await expectNoFaults(page, "resend dialog");
    await page.getByRole("button", { name: "Resend email" }).click();
    await expect(page.getByRole("heading", { name: "The CA accepted the request" })).toBeVisible();
    await expectNoFaults(page, "resend result");
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("link", { name: "git.parcelworks.example", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Timeline" })).toBeVisible();
    await expectNoFaults(page, "order");
    await page.getByRole("link", { name: "Import for this order" }).click();
    await expectNoFaults(page, "import, empty");
    const files = page.locator("input[type=file]").first();
    await files.setInputFiles([await mailFor(world, order?.id ?? 0)]);
    await expect(page.locator("[data-finding=missing-key]")).toBeVisible();
    await expectNoFaults(page, "import, blocked");
    await page.getByLabel("Add the private key").setInputFiles([keyFile(order?.privateKeyPem ?? "")]);
    await page.getByRole("button", { name: /^Import for order/ }).click();
    await expect(page.getByRole("heading", { name: "SSL certificate details" })).toBeVisible();
    await expectNoFaults(page, "certificate");
    await page.goto(`${world.url}/security/ssl/certificates`);
    await expectNoFaults(page, "certificates");
    await page.goto(`${world.url}/ca-accounts`);
    await expectNoFaults(page, "accounts");
    await page.getByRole("button", { name: "Connect account" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectNoFaults(page, "connect account");
    await page.goto(`${world.url}/account`);
    await expectNoFaults(page, "password");
    await context.clearCookies({ name: /^sealpost-\d+$/ });
    await page.goto(`${world.url}/sign-in`);
    await expectNoFaults(page, "sign-in");
  });
}

test("no screen scrolls sideways at 320 px, and every page is reachable from its menu", async ({
  page,
  world,
}) => {
  await enter(page, world);
  await page.setViewportSize({ width: 320, height: 700 });
  for (const path of [
    "/security/ssl/orders",
    "/security/ssl/certificates",
    "/security/ssl/certificates/import",
    "/ca-accounts",
    "/account",
    "/de/security/ssl/orders",
  ]) {
    await page.goto(`${world.url}${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await page.evaluate("document.documentElement.scrollWidth"), path).toBeLessThanOrEqual(320);
  }
  await page.goto(`${world.url}/en/security/ssl/orders`);
  await page.getByRole("button", { name: "Open navigation" }).click();
  await page.getByRole("link", { name: "CA accounts" }).click();
  await expect(page.getByRole("heading", { name: "CA accounts", level: 1 })).toBeVisible();
});
