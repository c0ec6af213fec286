import { enter, expect, keyFile, mailFor, openOrders, sharedTest, test } from "../world.ts";

test("a key of another order is blocked, its owner named, more is told on demand, and nothing is stored", async ({
  page,
  world,
}) => {
  const order = await world.control.placeOrder({ commonName: "mine.example.test" });
  const other = await world.control.placeOrder({ commonName: "theirs.example.test" });
  await enter(page, world);
  await page.getByRole("button", { name: "Sync now" }).click();
  await page.getByRole("button", { name: "Send, mine.example.test" }).click();
  await page.getByRole("button", { name: "Resend email" }).click();
  await expect(page.getByRole("heading", { name: "The CA accepted the request" })).toBeVisible();
  await page.goto(`${world.url}/security/ssl/certificates/import`);
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles([await mailFor(world, order.id), keyFile(other.privateKeyPem ?? "")]);
  const finding = page.locator("[data-finding=key-mismatch]");
  await expect(finding).toContainText("does not belong to mine.example.test");
  await expect(finding).toContainText(`It fits order ${other.id} (theirs.example.test)`);
  await finding.getByText("More", { exact: true }).click();
  await expect(finding).toContainText("Key and certificate are a pair");
  await expect(page.getByRole("button", { name: /^Import for order/ })).toHaveAttribute(
    "aria-disabled",
    "true",
  );
  await page.goto(`${world.url}/security/ssl/certificates`);
  await expect(page.getByRole("heading", { name: "No certificates yet" })).toBeVisible();
});

sharedTest(
  "what is no certificate, an expired one, one of another order and a file of 50 MB are each called by name",
  async ({ page, world }) => {
    const expired = await world.control.placeOrder({
      commonName: "old.example.test",
      issuedAt: new Date(Date.now() - 300 * 86_400_000),
      validityDays: 90,
    });
    const fresh = await world.control.placeOrder({ commonName: "fresh.example.test" });
    await openOrders(page, world);
    await page.getByRole("button", { name: "Sync now" }).click();
    await expect(page.getByRole("link", { name: "fresh.example.test", exact: true })).toBeVisible();
    const drop = async (buffer: Buffer, name = "file.txt") => {
      await page.goto(`${world.url}/security/ssl/certificates/import`);
      await page
        .locator("input[type=file]")
        .first()
        .setInputFiles([{ name, mimeType: "text/plain", buffer }]);
    };
    await drop(Buffer.from("Dear Sir or Madam"));
    await expect(page.locator("[data-finding=not-a-certificate]")).toBeVisible();
    await drop(Buffer.alloc(0));
    await expect(page.locator("[data-finding=empty-input]")).toBeVisible();
    await drop(Buffer.from(expired.certificatePem ?? ""));
    await expect(page.locator("[data-finding=expired]")).toContainText("old.example.test");
    await drop(Buffer.alloc(50 * 1024 * 1024 - 1024, 1), "holiday.mov");
    await expect(page.getByText("holiday.mov is larger than 5 MB")).toBeVisible();
    await page.getByRole("link", { name: "Orders", exact: true }).first().click();
    await page.getByRole("link", { name: "Import, fresh.example.test" }).click();
    await page
      .locator("input[type=file]")
      .first()
      .setInputFiles([keyFile(expired.certificatePem ?? "")]);
    await expect(page.locator("[data-finding=other-order]")).toContainText(String(fresh.id));
  },
);
