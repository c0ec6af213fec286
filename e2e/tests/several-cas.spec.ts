import type { Page } from "@playwright/test";
import {
  enter,
  expect,
  keyFile,
  listens,
  mailFor,
  openOrders,
  sharedTest,
  test,
  type World,
} from "../world.ts";

interface Ca {
  readonly id: string;
  readonly name: string;
  readonly capabilities: readonly string[];
  readonly fields: readonly { readonly name: string; readonly label: { readonly en: string } }[];
}

/** Every CA the console can speak with, as the page itself learns it. */
async function catalog(page: Page, world: World): Promise<readonly Ca[]> {
  const answer = await page.request.get(`${world.url}/api/trpc/accounts.catalog`);
  return (await answer.json()).result.data;
}

async function connectByHand(page: Page, world: World, ca: Ca): Promise<void> {
  const account = world.handover.accounts.find((one) => one.ca === ca.id);
  if (!account) throw new Error(`the sandbox has no ${ca.name}`);
  await page.getByRole("button", { name: "Connect account" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Certificate authority").selectOption(ca.name);
  await form.getByLabel("Name of the account").fill(`Mine at ${ca.name}`);
  await form.getByLabel("Address of the API").fill(account.baseUrl);
  for (const field of ca.fields) {
    const value = { ...account.settings, ...account.credential }[field.name];
    if (value !== undefined) await form.getByLabel(field.label.en, { exact: true }).fill(value);
  }
  await form.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(form).toBeHidden();
  const name = `Mine at ${ca.name}`;
  const card = page.locator("section").filter({ has: page.getByRole("heading", { name }) });
  await expect(card.getByText(/^Synced/)).toBeVisible();
  await card.getByRole("button", { name: "Test connection" }).click();
  await expect(card.getByRole("status").filter({ hasText: "The connection works." })).toBeVisible();
}

test("every CA of the sandbox is connected by hand, asked for a mail, and its certificate imported from the mail or the download", async ({
  page,
  world,
}) => {
  test.setTimeout(600_000);
  await enter(page, world);
  const cas = await catalog(page, world);
  expect(cas.map(({ id }) => id).sort()).toEqual(world.handover.accounts.map(({ ca }) => ca).sort());
  // Only the accounts connected here are left.
  await page.getByRole("link", { name: "CA accounts" }).click();
  for (const { name } of cas) {
    await page.getByRole("button", { name: `Actions for Sandbox ${name}` }).click();
    await page.getByRole("menuitem", { name: "Disconnect" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
    await expect(page.getByRole("dialog")).toBeHidden();
  }
  const placed = new Map<string, Awaited<ReturnType<World["control"]["placeOrder"]>>>();
  for (const ca of cas) {
    const commonName = `${ca.id}.several.example.test`;
    placed.set(ca.id, await world.control.placeOrder({ ca: ca.id, commonName }));
    await connectByHand(page, world, ca);
  }
  for (const ca of cas) {
    const order = placed.get(ca.id);
    if (!order) throw new Error("not placed");
    await page.goto(`${world.url}/security/ssl/orders?ca=${ca.id}&q=several.example.test`);
    await listens(page);
    const row = page.getByRole("row").filter({ hasText: `Mine at ${ca.name}` });
    await row.getByRole("button", { name: `Send, ${order.commonName}` }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Resend email" }).click();
    await expect(dialog.getByRole("heading", { name: "The CA accepted the request" })).toBeVisible();
    await dialog.getByRole("button", { name: "Close" }).click();
    expect(
      (await world.control.journal()).mails.filter((mail) => mail.orderId === order.id),
    ).not.toHaveLength(0);

    await row.getByRole("link", { name: order.commonName, exact: true }).click();
    const download = page.getByRole("link", { name: "Download from CA" });
    if (ca.capabilities.includes("download")) await download.click();
    else {
      await expect(download).toHaveCount(0);
      await page.getByRole("link", { name: "Import for this order" }).click();
      await page
        .locator("input[type=file]")
        .first()
        .setInputFiles([await mailFor(world, order.id)]);
    }
    await page.getByLabel("Add the private key").setInputFiles([keyFile(order.privateKeyPem ?? "")]);
    await page.getByRole("button", { name: `Import for order` }).click();
    await expect(page).toHaveURL(/\/certificates\/[0-9a-f-]{36}$/);
  }
  for (const { credential } of world.handover.accounts)
    for (const secret of Object.values(credential)) expect(world.log()).not.toContain(secret);
});

sharedTest(
  "what is typed for a mail stays while the server does not answer, and goes with the mail afterwards",
  async ({ page, world }) => {
    const order = await world.control.placeOrder({
      ca: "digicert",
      commonName: "typed.example.test",
      approverEmail: "it@typed.example.test",
      technicalEmail: "it@typed.example.test",
    });
    await openOrders(page, world);
    await page.getByRole("button", { name: "Sync now" }).click();
    await page.getByRole("link", { name: order.commonName, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: order.commonName })).toBeVisible();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Message").fill("Please forward this.");
    await page.route("**/api/trpc/**", (route) => route.abort());
    await dialog.getByRole("button", { name: "Resend email" }).click();
    await expect(dialog.getByRole("alert")).toContainText("does not answer");
    // The page behind has tried to read the order anew, and failed.
    await expect(page.locator("main [role=alert]")).toBeAttached();
    await expect(dialog.getByLabel("Message")).toHaveValue("Please forward this.");
    await page.unroute("**/api/trpc/**");
    await dialog.getByRole("button", { name: "Resend email" }).click();
    await expect(dialog.getByRole("heading", { name: "The CA accepted the request" })).toBeVisible();
    const mails = (await world.control.journal()).mails.filter((mail) => mail.orderId === order.id);
    expect(mails).toHaveLength(1);
  },
);

sharedTest(
  "another address needs its own confirmation, and what this CA leaves to choose stands in the dialog",
  async ({ page, world }) => {
    const order = await world.control.placeOrder({
      ca: "digicert",
      commonName: "choose.example.test",
      approverEmail: "ana@example.test",
      technicalEmail: "it@example.test",
    });
    await openOrders(page, world);
    await page.getByRole("button", { name: "Sync now" }).click();
    await page.getByRole("button", { name: "Send, choose.example.test" }).click();
    const dialog = page.getByRole("dialog");
    const send = dialog.getByRole("button", { name: "Resend email" });
    await dialog.getByRole("checkbox", { name: /^ana@example.test/ }).uncheck();
    await dialog.getByRole("checkbox", { name: /^it@example.test/ }).uncheck();
    await expect(send).toHaveAttribute("aria-disabled", "true");
    await expect(dialog.getByText("Choose at least one address.").first()).toBeVisible();
    await dialog.getByLabel("Another address").fill("not an address");
    await expect(dialog.getByText("not is not an email address.").first()).toBeVisible();
    await dialog.getByLabel("Another address").fill("else@partner.test");
    await expect(dialog.getByText("Confirm the other address first.")).toBeVisible();
    await dialog.getByRole("checkbox", { name: "Yes, else@partner.test may get this certificate." }).check();
    await dialog.getByRole("radio", { name: "Text in the email" }).check();
    await dialog.getByLabel("Message (optional)").fill("For the load balancer.");
    await send.click();
    await expect(dialog.getByText("The fulfillment email goes to else@partner.test.")).toBeVisible();
    const mail = await mailFor(world, order.id);
    expect(mail.buffer.toString()).toContain("For the load balancer.");
    expect(mail.buffer.toString()).toContain("-----BEGIN CERTIFICATE-----");
    const { mails } = await world.control.journal();
    expect(mails.filter(({ orderId }) => orderId === order.id).map(({ to }) => to)).toEqual([
      "else@partner.test",
    ]);
  },
);

sharedTest("what the filter shows is exported as CSV, in the words of the page", async ({ page, world }) => {
  await world.control.placeOrder({ ca: "digicert", commonName: "csv.example.test", product: "=1+1" });
  await openOrders(page, world);
  await page.getByRole("button", { name: "Sync now" }).click();
  await expect(page.getByRole("link", { name: "csv.example.test", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "CA", exact: true }).click();
  await page.getByRole("menuitemcheckbox", { name: "DigiCert CertCentral" }).click();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/ca=digicert/);
  const link = page.getByRole("link", { name: "Export CSV" });
  await expect(link).toHaveAttribute("href", /ca=digicert/);
  const href = await link.getAttribute("href");
  const csv = (await (await page.request.get(`${world.url}${href}`)).body()).toString();
  expect(csv).toMatch(/^\uFEFFCommon name,Names,Type,/);
  const lines = csv.trim().split("\r\n");
  expect(lines.every((line, at) => at === 0 || line.includes(",Sandbox DigiCert CertCentral,"))).toBe(true);
  expect(lines.find((line) => line.startsWith("csv.example.test,"))).toContain(",'=1+1,");
  const german = (await (await page.request.get(`${world.url}/de${href}`)).body()).toString();
  expect(german).toMatch(/^\uFEFFAllgemeiner Name;Namen;/);
});
