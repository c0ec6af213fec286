import type { Page } from "@playwright/test";
import { administrator, expect, sharedTest as test } from "../world.ts";

// What somebody does while the scripts of a page are still on their way.

/** Opens a page whose scripts wait; resolves to what lets them through. */
async function openSlowly(page: Page, url: string): Promise<() => void> {
  let letThrough = () => {};
  const through = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  await page.route("**/_next/static/**/*.js*", async (route) => {
    await through;
    await route.continue();
  });
  await page.goto(url, { waitUntil: "commit" });
  return letThrough;
}

test("a click on Send before the page can do anything opens the dialog as soon as it can", async ({
  page,
  world,
}) => {
  const letThrough = await openSlowly(page, `${world.url}/security/ssl/orders`);
  await page.getByRole("button", { name: "Send, git.parcelworks.example" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  letThrough();
  await expect(page.getByRole("dialog")).toContainText("git.parcelworks.example");
});

test("who types and presses Enter before the page can do anything is signed in as soon as it can, and nothing typed stands in an address", async ({
  page,
  world,
}) => {
  await page.context().clearCookies();
  const addresses: string[] = [];
  page.on("request", (request) => addresses.push(request.url()));
  const letThrough = await openSlowly(page, `${world.url}/sign-in`);
  await page.getByLabel("Email").fill(administrator.email);
  await page.getByLabel("Password").fill(administrator.password);
  await page.getByLabel("Password").press("Enter");
  await expect(page.getByLabel("Email")).toHaveValue(administrator.email);
  letThrough();
  await expect(page.getByRole("heading", { level: 1, name: /^Orders/ })).toBeVisible();
  for (const address of addresses) expect(decodeURIComponent(address)).not.toMatch(/ana@|horse/);
});
