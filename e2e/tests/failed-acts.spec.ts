import { expect, openOrders, sharedTest as test } from "../world.ts";

test("an act that fails says so where its menu has closed, until it is tried again, and a question asked later begins without it", async ({
  page,
  world,
}) => {
  const said = page.getByRole("complementary", { name: "Result" });
  const acts = /\/accounts\.(?:syncNow|setState)/;
  await openOrders(page, world);
  await page.route(acts, (route) => route.abort());
  await page.getByRole("button", { name: "Sync now" }).click();
  await expect(said).toContainText("The server does not answer.");
  await said.getByRole("button", { name: "Close" }).click();
  await expect(said).toHaveCount(0);

  await page.getByRole("link", { name: "CA accounts" }).click();
  await page
    .getByRole("button", { name: /^Actions for/ })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "Pause" }).click();
  await expect(said).toContainText("The server does not answer.");
  await page
    .getByRole("button", { name: /^Actions for/ })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "Disconnect" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeVisible();
  await expect(dialog.getByRole("alert")).toHaveCount(0);
  await dialog.getByRole("button", { name: "Disconnect" }).click();
  await expect(dialog.getByRole("alert")).toContainText("The server does not answer.");
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await page.unroute(acts);
  await page
    .getByRole("button", { name: /^Actions for/ })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "Sync now" }).click();
  await expect(said).toHaveCount(0);
});
