import { readFile } from "node:fs/promises";
import { expect, openOrders, sharedTest } from "../world.ts";

sharedTest(
  "a person saves the mail from the sandbox mailbox and the key from the key page, as files",
  async ({ page, context, world }) => {
    const order = await world.control.placeOrder({ commonName: "saved.example.test" });
    await openOrders(page, world);
    await page.getByRole("button", { name: "Sync now" }).click();
    await page.getByRole("button", { name: "Send, saved.example.test" }).click();
    await page.getByRole("button", { name: "Resend email" }).click();
    await page.getByRole("button", { name: "Close" }).click();
    const open = async (link: string) => {
      const opened = context.waitForEvent("page");
      await page.getByRole("link", { name: link }).click();
      return await opened;
    };
    const mailbox = await open("Open the sandbox mailbox");
    await mailbox.getByRole("link", { name: /saved\.example\.test/ }).click();
    const saving = mailbox.waitForEvent("download");
    await mailbox.getByRole("button", { name: "Download .eml" }).click();
    const mail = await saving;
    expect(mail.suggestedFilename()).toMatch(/\.eml$/);
    expect(await readFile(await mail.path(), "utf8")).toContain(`ORDER #${order.id}`);
    const keys = await open("Sandbox keys");
    const keySaving = keys.waitForEvent("download");
    await keys.getByRole("link", { name: /private key, saved\.example\.test/i }).click();
    expect(await readFile(await (await keySaving).path(), "utf8")).toBe(order.privateKeyPem);
  },
);
