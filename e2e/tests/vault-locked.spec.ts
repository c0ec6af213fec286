import { rename } from "node:fs/promises";
import { join } from "node:path";
import { administrator, enter, expect, expectNoFaults, listens, test } from "../world.ts";

test("without its master key the console says that it only reads, shows what there is, and refuses the rest in plain words; with the key all is as before", async ({
  page,
  world,
}) => {
  await world.control.placeOrder({ commonName: "locked.example.test" });
  await enter(page, world);
  await page.getByRole("button", { name: "Sync now" }).click();
  const send = page.getByRole("button", { name: "Send, locked.example.test" });
  await expect(send).toBeVisible();
  const keyFile = join(world.dataDirectory, "../keys/master.key");
  await rename(keyFile, `${keyFile}.copy`);
  await world.restart();
  expect(world.log()).toContain("is missing. Put the copy you kept back there");

  // The session of before is not believed while it lasts.
  await page.goto(`${world.url}/security/ssl/orders`);
  await expect(page.getByRole("complementary", { name: "Read-only" })).toContainText("wait");
  await expectNoFaults(page, "sign-in of a locked console");
  await page.getByLabel("Email").fill(administrator.email);
  await page.getByLabel("Password").fill(administrator.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await listens(page);
  await expect(page.getByRole("complementary", { name: "Read-only" })).toContainText("The vault is locked");
  await expectNoFaults(page, "orders of a locked console");
  await send.click();
  await expect(page.getByRole("dialog")).toContainText("Sealpost only reads at the moment");
  await page.keyboard.press("Escape");
  await page.goto(`${world.url}/de/security/ssl/orders`);
  await expect(page.getByRole("complementary", { name: "Nur Lesen" })).toContainText(
    "Der Tresor ist verschlossen",
  );

  await rename(`${keyFile}.copy`, keyFile);
  await world.restart();
  await page.goto(`${world.url}/de/sign-in`);
  await expect(page.getByRole("complementary", { name: "Nur Lesen" })).toHaveCount(0);
  await page.getByLabel("E-Mail").fill(administrator.email);
  await page.getByLabel("Passwort").fill(administrator.password);
  await page.getByRole("button", { name: "Anmelden", exact: true }).click();
  await expect(page.getByRole("heading", { name: /^Bestellungen/ })).toBeVisible();
  expect((await world.control.journal()).mails).toEqual([]);
});
