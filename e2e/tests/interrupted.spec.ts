import type { Page } from "@playwright/test";
import { administrator, enter, expect, listens, startWorld, test, type World } from "../world.ts";

test.describe.configure({ mode: "serial" });

let shared: World;
test.beforeAll(async () => {
  shared = await startWorld();
});
test.afterAll(async () => await shared.stop());

const bea = { name: "Bea Lindt", email: "bea@example.test", password: "another horse battery" };

/** Invites Bea, who chooses her password. */
async function inviteBea(page: Page): Promise<void> {
  const { password, ...data } = bea;
  const headers = { origin: shared.url };
  const invited = await page.request.post(`${shared.url}/api/trpc/people.invite`, {
    headers,
    data: { ...data, role: "importer" },
  });
  const link = new URL((await invited.json()).result.data.url);
  const token = new URLSearchParams(link.hash.slice(1)).get("token");
  const chosen = await page.request.post(`${shared.url}/api/invite`, { headers, data: { token, password } });
  expect(chosen.ok()).toBe(true);
}

test("a session that ends in the middle of work is taken up in place: nothing typed is lost, what failed is done; another person gets a page of their own", async ({
  page,
  context,
}) => {
  const order = await shared.control.placeOrder({ commonName: "typing.example.test" });
  await enter(page, shared);
  await inviteBea(page);
  const endSession = async () => {
    const signedOut = await context.request.post(`${shared.url}/api/auth/sign-out`, {
      headers: { origin: shared.url },
      data: {},
    });
    expect(signedOut.ok()).toBe(true);
  };
  await page.goto(`${shared.url}/security/ssl/certificates/import`);
  await listens(page);
  await page.getByRole("button", { name: "Paste text" }).click();
  const text = page.getByLabel("Certificate, chain and key as text");
  await text.fill(order.certificatePem ?? "");
  await endSession();
  await page.getByRole("button", { name: "Read it" }).click();
  const dialog = page.getByRole("dialog", { name: "Your session has ended" });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("You are no longer signed in.")).toBeVisible();
  await expect(text).toHaveValue(order.certificatePem ?? "");

  await page.getByRole("button", { name: "Read it" }).click();
  await expect(dialog.getByLabel("Email")).toHaveValue(administrator.email);
  await dialog.getByLabel("Password").fill("not the password");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(dialog.getByText("Email or password is wrong.")).toBeVisible();
  await dialog.getByLabel("Password").fill(administrator.password);
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.locator("[data-finding=missing-key]")).toBeVisible();

  await page.getByLabel("Notes").fill("for the second server");
  await endSession();
  await page.getByLabel("Certificate only").check();
  await dialog.getByLabel("Password").fill(administrator.password);
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(page.locator("[data-finding=missing-key]")).toBeHidden();
  await expect(page.getByLabel("Notes")).toHaveValue("for the second server");

  await endSession();
  await page.getByLabel("Metadata only").check();
  await dialog.getByLabel("Email").fill(bea.email);
  await dialog.getByLabel("Password").fill(bea.password);
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("button", { name: /Bea Lindt/ })).toBeVisible();
  await expect(page.getByRole("button", { name: "Choose files" })).toBeVisible();
  await expect(page.getByText("typing.example.test")).toHaveCount(0);

  await page.goto(`${shared.url}/account`);
  await listens(page);
  await endSession();
  await page.getByLabel("Current password").fill(bea.password);
  await page.getByLabel("New password").fill("yet another password");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(dialog.getByLabel("Email")).toHaveValue(bea.email);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  // The lists beside the form say it too where they had not come yet.
  const form = page.locator("form").filter({ has: page.getByLabel("New password") });
  await expect(form.getByText("You are no longer signed in.")).toBeVisible();
  await expect(page.getByLabel("New password")).toHaveValue("yet another password");
});

test("without a network, and while the server is down, a strip says so and as of when the page is, what is there stays, and it goes away by itself", async ({
  page,
  context,
}) => {
  await page.goto(`${shared.url}/sign-in`);
  await page.getByLabel("Email").fill(administrator.email);
  await page.getByLabel("Password").fill(administrator.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await listens(page);
  const strip = page.getByRole("complementary", { name: "No connection" });
  const send = page.getByRole("button", { name: "Send, git.parcelworks.example" });
  const dialog = page.getByRole("dialog");
  await send.click();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(strip).toHaveCount(0);
  await context.setOffline(true);
  await expect(strip).toContainText("This computer is offline. What you see is as of");
  await expect(page.getByRole("link", { name: "git.parcelworks.example", exact: true })).toBeVisible();
  await send.click();
  await expect(dialog).toContainText("The server does not answer.");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  // What this page has not shown yet comes when it can; what is there stays until then.
  await page.keyboard.press("?");
  await expect(page.getByRole("link", { name: "git.parcelworks.example", exact: true })).toBeVisible();
  await expect(dialog).toHaveCount(0);
  await context.setOffline(false);
  await expect(strip).toHaveCount(0);
  await expect(dialog.getByRole("heading", { name: "Keyboard" })).toBeVisible();
  await page.keyboard.press("Escape");

  const restarting = shared.restart();
  await expect(strip).toContainText("The server does not answer. What you see is as of");
  await restarting;
  await expect(strip).toHaveCount(0);
  await listens(page);
});
