import { enter, expect, keyFile, mailFor, test } from "../world.ts";

test("the whole flow is German in German: Senden, E-Mail erneut senden, Importieren", async ({
  page,
  world,
}) => {
  const order = await world.control.placeOrder({
    commonName: "xn--strae-oqa.example",
    approverEmail: "admin@buecher.example",
  });
  await enter(page, world);
  await page.goto(`${world.url}/de/security/ssl/orders`);
  await page.getByRole("button", { name: "Jetzt abgleichen" }).click();
  await page.getByLabel("Namen, Nummern, Adressen, Fingerabdrücke suchen").fill(String(order.id));
  await expect(page.getByRole("link", { name: "straße.example", exact: true })).toHaveCount(1);
  await page.getByRole("button", { name: "Senden, xn--strae-oqa.example" }).click();
  const dialog = page.getByRole("dialog");
  await expect(
    dialog.getByRole("heading", { name: "Auftragserfüllungs-E-Mail erneut senden?" }),
  ).toBeVisible();
  await expect(dialog.getByText("Domänenadministrator")).toBeVisible();
  await dialog.getByRole("button", { name: "E-Mail erneut senden" }).click();
  await expect(dialog.getByRole("heading", { name: "Die CA hat die Anforderung angenommen" })).toBeVisible();
  await dialog.getByRole("button", { name: "Schließen" }).click();
  await page.getByRole("link", { name: "Importieren, xn--strae-oqa.example" }).click();
  await expect(page.getByRole("heading", { name: "SSL-Zertifikat importieren" })).toBeVisible();
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles([await mailFor(world, order.id), keyFile(order.privateKeyPem ?? "")]);
  await page.getByRole("button", { name: `Für Bestellung ${order.id} importieren` }).click();
  await expect(page.getByRole("heading", { name: "straße.example" })).toBeVisible();
  await expect(page.getByText("Zertifikat und Schlüssel, versiegelt")).toBeVisible();
});
