import { expect, openOrders, sharedTest as test } from "../world.ts";

test("an import is not left unasked: by a link, the palette, the search, another language, signing out or Back; what was typed and not yet read counts", async ({
  page,
  world,
}) => {
  await openOrders(page, world);
  await page.getByRole("link", { name: "Import SSL certificate" }).click();
  await page.getByRole("button", { name: "Paste text" }).click();
  const text = page.getByLabel("Certificate, chain and key as text");
  await text.fill("typed by hand");
  const question = page.getByRole("dialog", { name: "Discard what you entered?" });
  const goOn = async () => {
    await question.getByRole("button", { name: "Go on" }).click();
    await expect(question).toBeHidden();
    await expect(page).toHaveURL(/\/certificates\/import$/);
    await expect(text).toHaveValue("typed by hand");
  };
  await page.getByRole("link", { name: "Certificates", exact: true }).first().click();
  await goOn();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Go to or do" }).fill("People");
  await page.getByRole("option", { name: "People", exact: true }).click();
  await expect(question.getByRole("button", { name: "Go on" })).toBeFocused();
  await goOn();
  await page.getByRole("searchbox", { name: /^Search/ }).fill("shop");
  await page.keyboard.press("Enter");
  await goOn();
  await page.getByRole("button", { name: "Language" }).click();
  await page.getByRole("menuitem", { name: "Deutsch" }).click();
  await goOn();
  await page.getByRole("button", { name: /, menu$/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await goOn();
  await page.evaluate("history.back()");
  await goOn();
  await page.evaluate("history.back()");
  await question.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByRole("heading", { name: /^Orders/, level: 1 })).toBeVisible();
  await expect(page).toHaveURL(/\/ssl\/orders$/);
});
