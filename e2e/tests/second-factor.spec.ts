import type { Page } from "@playwright/test";
import { URI } from "otpauth";
import { administrator, enter, expect, expectNoFaults, test } from "../world.ts";

async function signOutAndIn(page: Page, home: string): Promise<void> {
  await page.context().clearCookies({ name: /^sealpost-\d+$/ });
  await page.goto(`${home}/sign-in`);
  await page.getByLabel("Email").fill(administrator.email);
  await page.getByLabel("Password").fill(administrator.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByLabel("Code of your authenticator app")).toBeFocused();
}

test("a second factor is switched on by its picture or its key, asked for at the next sign-in, and a recovery code stands in for it once", async ({
  page,
  world,
}) => {
  await enter(page, world);
  await page.goto(`${world.url}/account`);
  const part = page.locator("section").filter({ has: page.getByRole("heading", { name: "Second factor" }) });
  await part.getByLabel("Password").fill(administrator.password);
  await part.getByRole("button", { name: "Switch on" }).click();
  await expect(part.getByRole("img", { name: "QR code for the authenticator app" })).toBeVisible();
  const link = await part
    .getByRole("link", { name: "Open it in an app on this device" })
    .getAttribute("href");
  const app = URI.parse(link ?? "");
  const code = (halfMinutesAgo: number) => app.generate({ timestamp: Date.now() - halfMinutesAgo * 30_000 });
  const recoveryCode = (await part.getByRole("listitem").first().textContent()) ?? "";
  await expectNoFaults(page, "a second factor being switched on");
  await part.getByLabel("Code of your authenticator app").fill("000000");
  await part.getByRole("button", { name: "Continue" }).click();
  await expect(part.getByText("This code is not right")).toBeVisible();
  // Codes of the step before and the one after count too: each is used once here.
  await part.getByLabel("Code of your authenticator app").fill(code(1));
  await part.getByRole("button", { name: "Continue" }).click();
  await expect(part.getByRole("status")).toContainText("Signing in asks for a code");
  await page.goto(`${world.url}/people`);
  await expect(page.getByText("May sign in · second factor")).toBeVisible();

  await signOutAndIn(page, world.url);
  await page.keyboard.insertText(code(0));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: /^Orders/ })).toBeVisible();

  await signOutAndIn(page, world.url);
  await page.getByRole("button", { name: "Use a recovery code" }).click();
  await expect(page.getByLabel("Recovery code")).toBeFocused();
  await page.keyboard.insertText(recoveryCode);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: /^Orders/ })).toBeVisible();

  await signOutAndIn(page, world.url);
  await page.getByRole("button", { name: "Use a recovery code" }).click();
  await page.keyboard.insertText(recoveryCode);
  await page.keyboard.press("Enter");
  await expect(page.getByText("This code is not right, or was used already.")).toBeVisible();
});
