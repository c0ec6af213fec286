import { administrator, enter, expect, keyFile, mailFor, openOrders, sharedTest, test } from "../world.ts";

sharedTest(
  "the whole flow is German in German: Senden, E-Mail erneut senden, Importieren",
  async ({ page, world }) => {
    const order = await world.control.placeOrder({
      commonName: "xn--strae-oqa.example",
      approverEmail: "admin@buecher.example",
    });
    await openOrders(page, world);
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
    await expect(
      dialog.getByRole("heading", { name: "Die CA hat die Anforderung angenommen" }),
    ).toBeVisible();
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
  },
);

test("the language somebody chooses is theirs in every browser, whatever that one prefers", async ({
  page,
  browser,
  world,
}) => {
  await enter(page, world);
  await page.getByRole("button", { name: "Language" }).click();
  await page.getByRole("menuitem", { name: "Deutsch" }).click();
  await expect(page.getByRole("heading", { name: /^Bestellungen/ })).toBeVisible();
  const signInWith = async (locale: string, path: string) => {
    const elsewhere = await browser.newPage({ locale });
    await elsewhere.goto(`${world.url}${path}`);
    await elsewhere.getByLabel(/^E-?[Mm]ail$/).fill(administrator.email);
    await elsewhere.getByLabel(/^Pass/).fill(administrator.password);
    await elsewhere.keyboard.press("Enter");
    return elsewhere;
  };
  const english = await signInWith("en-US", "/help");
  await expect(english.getByRole("heading", { name: "Hilfe", level: 1 })).toBeVisible();
  await expect(english).toHaveURL(`${world.url}/de/help`);
  await english.goto(`${world.url}/account`);
  await expect(english.getByRole("heading", { name: "Ihr Konto", level: 1 })).toBeVisible();
  await english.getByLabel("Sprache der Konsole").selectOption("English");
  await expect(english.getByRole("heading", { name: "Your account", level: 1 })).toBeVisible();
  await english.close();

  const german = await signInWith("de-DE", "/security/ssl/orders?q=parcel");
  await expect(german.getByRole("heading", { name: /^Orders/, level: 1 })).toBeVisible();
  await expect(german).toHaveURL(`${world.url}/security/ssl/orders?q=parcel`);
  await german.close();
});
