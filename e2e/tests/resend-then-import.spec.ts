import { createPrivateKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { enter, expect, keyFile, mailFor, test } from "../world.ts";

test("a lost mail is sent again, dropped into Import as it came, and downloaded byte for byte", async ({
  page,
  world,
}) => {
  const order = await world.control.placeOrder({
    commonName: "lost.example.test",
    dnsNames: ["lost.example.test", "www.lost.example.test"],
    approverEmail: "admin@lost.example.test",
  });
  await enter(page, world);
  await page.getByRole("button", { name: "Sync now" }).click();
  await page.getByRole("button", { name: "Send, lost.example.test" }).click();

  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("admin@lost.example.test")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await dialog.getByRole("button", { name: "Resend email" }).click();
  await expect(dialog.getByRole("heading", { name: "The CA accepted the request" })).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).click();
  const { mails } = await world.control.journal();
  expect(mails.filter((mail) => mail.orderId === order.id)).toMatchObject([
    { kind: "fulfillment", to: "admin@lost.example.test" },
  ]);

  await page.getByRole("link", { name: "Import, lost.example.test" }).click();
  const mail = await mailFor(world, order.id);
  await page.locator("input[type=file]").first().setInputFiles([mail]);
  await expect(page.locator("[data-finding=missing-key]")).toBeVisible();
  await page.getByLabel("Add the private key").setInputFiles([keyFile(order.privateKeyPem ?? "")]);
  await expect(page.getByText("Fits the certificate")).toBeVisible();
  await expect(page.getByText("Same key as the order's CSR")).toBeVisible();
  await expect(page.getByText("TLS 1.3")).toBeVisible();
  await page.getByRole("button", { name: `Import for order ${order.id}` }).click();
  await expect(page.getByRole("heading", { name: "lost.example.test" })).toBeVisible();
  await expect(page).toHaveURL(/\/certificates\/[0-9a-f-]{36}$/);

  await page.getByRole("button", { name: "Actions" }).click();
  const downloading = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Download PEM" }).click();
  await page.getByRole("button", { name: "Download PEM" }).click();
  await expect(page.getByLabel("Reason")).toHaveAccessibleDescription(/Give a reason/);
  await page.getByLabel("Reason").fill("New load balancer");
  await page.getByRole("button", { name: "Download PEM" }).click();
  const pem = await readFile(await (await downloading).path(), "utf8");
  const leaf = order.certificatePem ?? "";
  expect(pem.startsWith(leaf)).toBe(true);
  expect(
    createPrivateKey(pem.slice(pem.indexOf("-----BEGIN PRIVATE KEY"))).equals(
      createPrivateKey(order.privateKeyPem ?? ""),
    ),
  ).toBe(true);

  await page.getByRole("link", { name: "Orders", exact: true }).first().click();
  await expect(page.getByRole("link", { name: "Import, lost.example.test" })).toHaveCount(0);

  await page.getByRole("link", { name: "Audit log" }).first().click();
  await page.getByRole("textbox", { name: "To what" }).fill("lost.example.test");
  await page.getByRole("textbox", { name: "To what" }).press("Enter");
  const entries = page.locator("[data-entry]");
  await expect(entries.filter({ hasText: "Request for an email" })).toHaveCount(1);
  await page.getByLabel("What", { exact: true }).selectOption("Private key exported");
  await expect(page).toHaveURL(/subject=lost.example.test&act=key.export/);
  await expect(entries).toHaveCount(1);
  await entries.getByRole("button", { name: /^Details/ }).click();
  await expect(entries.getByText("certificate and private key")).toBeVisible();
  await expect(entries.getByText("New load balancer")).toBeVisible();
  const exporting = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  expect(await readFile(await (await exporting).path(), "utf8")).toContain('{"sealpost":"audit-export"');
});
