import { expect, keyFile, mailFor, openOrders, sharedTest } from "../world.ts";

sharedTest(
  "after Send the way leads on: the download is offered before, the import after, and the order tells what is so by then",
  async ({ page, world }) => {
    const order = await world.control.placeOrder({ ca: "digicert", commonName: "onward.test" });
    await openOrders(page, world);
    await page.getByRole("button", { name: "Sync now" }).click();
    await page.getByRole("button", { name: "Send, onward.test" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByText("This CA also hands the certificate out without an email.")).toBeVisible();
    await expect(dialog.getByRole("link", { name: "Download from CA" })).toBeVisible();
    await dialog.getByRole("button", { name: "Resend email" }).click();
    await dialog.getByRole("link", { name: "Import" }).click();
    await expect(page.getByText("For the order of onward.test")).toBeVisible();
    const files = page.locator("input[type=file]").first();
    await files.setInputFiles([await mailFor(world, order.id), keyFile(order.privateKeyPem ?? "")]);
    await page.getByRole("button", { name: `Import for order ${order.id}` }).click();
    await expect(page.getByRole("heading", { name: "SSL certificate details" })).toBeVisible();

    await page.goto(`${world.url}/security/ssl/orders?q=onward.test`);
    await page.getByRole("link", { name: "onward.test", exact: true }).click();
    const timeline = page.getByRole("listitem");
    await expect(timeline.getByText(/^The CA accepted the request for /)).toBeVisible();
    await expect(page.getByText("It can take some minutes to arrive.")).toHaveCount(0);
    const told = await timeline.filter({ hasText: "Sandbox DigiCert CertCentral" }).allInnerTexts();
    const [issued = "", ordered = ""] = told;
    expect([issued, ordered].map((text) => text.split(" ")[0])).toEqual(["Issued", "Ordered"]);
    expect(issued).not.toMatch(/\d:\d\d/);
    expect(ordered).toMatch(/\d:\d\d/);
  },
);

sharedTest(
  "a page that is opened while a mail cools down is taken over as the server has drawn it",
  async ({ page, world }) => {
    await world.control.placeOrder({ commonName: "cooling.test" });
    await openOrders(page, world);
    await page.getByRole("button", { name: "Sync now" }).click();
    await page.getByRole("button", { name: "Send, cooling.test" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Resend email" }).click();
    await expect(dialog.getByRole("heading", { name: "The CA accepted the request" })).toBeVisible();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    for (let time = 0; time < 5; time++) {
      await openOrders(page, world);
      await expect(page.getByText(/again in 0:\d\d/).first()).toBeVisible();
    }
    expect(faults).toEqual([]);
  },
);
