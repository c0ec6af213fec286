import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { enter, expect, keyFile, mailFor, openOrders, sharedTest, test } from "../world.ts";

/** A PFX as Windows exports one: certificate, key and a password; made by OpenSSL. */
function pfxOf(
  order: { certificatePem: string | null; privateKeyPem: string | null },
  password: string,
): Buffer {
  const directory = mkdtempSync(join(tmpdir(), "sealpost-pfx-"));
  try {
    const file = join(directory, "both.pem");
    writeFileSync(file, `${order.certificatePem}${order.privateKeyPem}`);
    const openssl = ["pkcs12", "-export", "-in", file, "-passout", `pass:${password}`];
    execFileSync("openssl", [...openssl, "-out", join(directory, "shop.pfx")]);
    return readFileSync(join(directory, "shop.pfx"));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test("a PFX is asked its password, a wrong one is told, and the intermediate an earlier import taught is added", async ({
  page,
  world,
}) => {
  const first = await world.control.placeOrder({ commonName: "first.example.test" });
  const order = await world.control.placeOrder({ commonName: "pfx.example.test" });
  await enter(page, world);
  await page.getByRole("button", { name: "Sync now" }).click();
  await expect(page.getByRole("link", { name: "pfx.example.test", exact: true })).toBeVisible();
  const files = page.locator("input[type=file]").first();
  await page.getByRole("button", { name: "Send, first.example.test" }).click();
  await page.getByRole("button", { name: "Resend email" }).click();
  await page.goto(`${world.url}/security/ssl/certificates/import`);
  await files.setInputFiles([await mailFor(world, first.id), keyFile(first.privateKeyPem ?? "")]);
  await page.getByRole("button", { name: `Import for order ${first.id}` }).click();
  await expect(page.getByRole("heading", { name: "first.example.test" })).toBeVisible();

  await page.goto(`${world.url}/security/ssl/certificates/import`);
  const buffer = pfxOf(order, "Grüße 1");
  await files.setInputFiles([{ name: "shop.pfx", mimeType: "application/x-pkcs12", buffer }]);
  await expect(page.locator("[data-finding=passphrase-required]")).toBeVisible();
  await page.getByLabel("Passphrase of the private key").fill("gruesse 1");
  await page.keyboard.press("Enter");
  await expect(page.locator("[data-finding=wrong-passphrase]")).toBeVisible();
  await page.getByLabel("Passphrase of the private key").fill("Grüße 1");
  await page.getByRole("button", { name: "Open the key" }).click();
  await expect(page.getByText("Fits the certificate")).toBeVisible();
  await expect(page.getByText("added from the library")).toBeVisible();
  await expect(page.getByText("TLS 1.3")).toBeVisible();
  await page.getByRole("button", { name: `Import for order ${order.id}` }).click();
  await expect(page.getByRole("heading", { name: "pfx.example.test" })).toBeVisible();

  await page.goto(`${world.url}/security/ssl/certificates/import`);
  const pem = { name: "leaf.pem", mimeType: "text/plain", buffer: Buffer.from(order.certificatePem ?? "") };
  await files.setInputFiles([pem]);
  await expect(page.getByText(/imported this exact certificate/)).toContainText("Nothing will be changed");
  await page.getByRole("button", { name: "Start over" }).click();
  await page.getByRole("button", { name: "Discard" }).click();
  await files.setInputFiles([{ name: "shop.pfx", mimeType: "application/x-pkcs12", buffer }]);
  const passphrase = page.getByLabel("Passphrase of the private key");
  for (const wrong of ["1", "2", "3", "4"]) {
    await passphrase.fill(wrong);
    const answer = page.waitForResponse(/certificates\.preview/);
    await page.keyboard.press("Enter");
    await answer;
    await expect(page.getByText(/This passphrase does not open the key/)).toBeVisible();
  }
  await passphrase.fill("5");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/Five passphrases in a row were wrong. Try again at/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Open the key" })).toHaveAttribute("aria-disabled", "true");
});

sharedTest(
  "of two certificates in one file each can be taken, and what was chosen with the keyboard keeps the focus",
  async ({ page, world }) => {
    const one = await world.control.placeOrder({ commonName: "one.example.test" });
    const two = await world.control.placeOrder({ commonName: "two.example.test" });
    await openOrders(page, world);
    await page.getByRole("button", { name: "Sync now" }).click();
    await expect(page.getByRole("link", { name: "two.example.test", exact: true })).toBeVisible();
    await page.goto(`${world.url}/security/ssl/certificates/import`);
    const both = [one, two].map(({ certificatePem, privateKeyPem }) => `${certificatePem}${privateKeyPem}`);
    await page
      .locator("input[type=file]")
      .first()
      .setInputFiles([keyFile(both.join(""))]);
    const button = (id: number) => page.getByRole("button", { name: `Import for order ${id}` });
    const isFirst = (await button(one.id).or(button(two.id)).textContent())?.includes(String(one.id));
    await page.getByRole("button", { name: "Take this one instead" }).click();
    await expect(button(isFirst ? two.id : one.id)).toBeVisible();
    await expect(page.getByText("Fits the certificate")).toBeVisible();
    const only = page.getByLabel("Certificate only");
    await only.focus();
    await only.press("Space");
    await expect(only).toBeChecked();
    await button(isFirst ? two.id : one.id).click({ trial: true });
    await expect(only).toBeFocused();
  },
);

sharedTest(
  "a name the certificate lacks blocks the import until somebody who may says why",
  async ({ page, world }) => {
    const made = await world.control.placeOrder({ commonName: "shop.example.test" });
    // The same request again for another name: its certificate is for shop.example.test alone.
    const order = await world.control.placeOrder({
      commonName: "given-up.example.test",
      csrPem: made.csrPem,
    });
    await openOrders(page, world);
    await page.getByRole("button", { name: "Sync now" }).click();
    await page.getByRole("link", { name: "Import, given-up.example.test" }).click();
    const both = keyFile(`${order.certificatePem}${made.privateKeyPem}`);
    await page.locator("input[type=file]").first().setInputFiles([both]);
    await expect(page.locator("[data-finding=hostname-mismatch]")).toContainText("given-up.example.test");
    const button = page.getByRole("button", { name: `Import for order ${order.id}` });
    await expect(button).toHaveAttribute("aria-disabled", "true");
    await page.getByLabel("Import it all the same").check();
    await expect(button).toHaveAttribute("aria-disabled", "true");
    await page.getByLabel("Reason").fill("The old name was given up.");
    await button.click();
    await expect(page.getByRole("heading", { name: "shop.example.test" })).toBeVisible();
  },
);

sharedTest(
  "a key typed into its box is read with the file that comes after it, and one held as text can be added to what was found",
  async ({ page, world }) => {
    const { certificatePem, privateKeyPem } = await world.control.placeOrder({
      commonName: "typed.example.test",
    });
    await page.goto(`${world.url}/security/ssl/certificates/import`);
    const drop = page.locator("input[type=file]").first();
    const leaf = { name: "leaf.pem", mimeType: "text/plain", buffer: Buffer.from(certificatePem ?? "") };
    await page.getByRole("button", { name: "Enter parts separately" }).click();
    await page.getByLabel("Private key").fill(privateKeyPem ?? "");
    await drop.setInputFiles([leaf]);
    await expect(page.getByText("Fits the certificate")).toBeVisible();
    await expect(page.getByText("box Private key").first()).toBeVisible();
    await page.getByRole("button", { name: "Start over" }).click();
    await page.getByRole("button", { name: "Discard" }).click();

    await drop.setInputFiles([leaf]);
    await expect(page.locator("[data-finding=missing-key]")).toBeVisible();
    await page.getByRole("button", { name: "Paste text" }).last().click();
    await page.getByLabel("Certificate, chain and key as text").fill(privateKeyPem ?? "");
    await page.getByRole("button", { name: "Read it" }).click();
    await expect(page.getByText("Fits the certificate")).toBeVisible();
    await expect(page.getByText("pasted text").first()).toBeVisible();
  },
);

sharedTest(
  "what was found stays when it cannot be read anew, with Import off and a way to try again",
  async ({ page, world }) => {
    const order = await world.control.placeOrder({ commonName: "again.example.test" });
    await page.goto(`${world.url}/security/ssl/certificates/import`);
    const both = keyFile(`${order.certificatePem}${order.privateKeyPem}`);
    await page.locator("input[type=file]").first().setInputFiles([both]);
    const save = page.getByRole("button", { name: "Import", exact: true });
    await save.click({ trial: true });
    await page.getByLabel("Notes").fill("for the second server");
    await page.route("**/certificates.preview*", (route) => route.abort());
    await page.getByLabel("Certificate only").check();
    await expect(page.locator("main [role=alert]")).toContainText("The server does not answer.");
    await expect(page.getByRole("heading", { name: "again.example.test" })).toBeVisible();
    await expect(page.getByLabel("Notes")).toHaveValue("for the second server");
    await expect(save).toHaveAttribute("aria-disabled", "true");
    await page.unroute("**/certificates.preview*");
    await page.getByRole("button", { name: "Try again" }).click();
    await save.click();
    await expect(page.getByRole("heading", { name: "again.example.test", level: 1 })).toBeVisible();
  },
);
