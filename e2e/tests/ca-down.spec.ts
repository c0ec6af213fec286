import { accountAt, enter, expect, test } from "../world.ts";

test("a CA that fails leaves the orders readable, and the account shows its words and when it was last right", async ({
  page,
  world,
}) => {
  await enter(page, world);
  await expect(page.getByText(/^As of/)).toBeVisible();
  await world.control.setFault("read", "all", "unauthorized");
  await page.getByRole("button", { name: "Sync now" }).click();
  await page.getByRole("link", { name: /^Sync stopped at \d accounts$/ }).click();
  const name = "Sandbox IBM Cloud classic";
  const card = page.locator("section").filter({ has: page.getByRole("heading", { name }) });
  await expect(card.getByRole("alert")).toContainText("The CA does not accept the credential");
  await expect(card.getByRole("alert")).toContainText("a key of IBM Cloud goes with the word apikey");
  await expect(card.getByRole("alert")).toContainText("Access Denied.");
  await expect(card.getByText(/shown as of/)).toBeVisible();
  await page.getByRole("link", { name: "Orders", exact: true }).first().click();
  await expect(page.getByRole("link", { name: "git.parcelworks.example", exact: true })).toBeVisible();

  await world.control.setFault("read", "all", "html");
  await page.getByRole("link", { name: "CA accounts" }).click();
  await card.getByRole("button", { name: "Test connection" }).click();
  await expect(card.getByRole("status").filter({ hasText: "The connection works." })).toBeVisible();
  await world.control.clearFaults();
});

test("an account is connected by hand, and a wrong key is told in the CA's own words", async ({
  page,
  world,
}) => {
  const ibm = accountAt(world, "ibm-classic");
  const { apiKey = "" } = ibm.credential;
  await enter(page, world);
  await page.getByRole("link", { name: "CA accounts" }).click();
  await page.getByRole("button", { name: "Connect account" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name of the account").fill("By hand");
  await form.getByLabel("Address of the API").fill("http://ca.example.test/");
  await form.getByLabel("API user name").fill(ibm.settings.username ?? "");
  await form.getByLabel("API key").fill("wrong");
  await form.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(form.getByText("Use an https address")).toBeVisible();
  await form.getByLabel("Address of the API").fill(ibm.baseUrl);
  await form.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(form).toBeHidden();
  const card = page.locator("section").filter({ has: page.getByRole("heading", { name: "By hand" }) });
  await card.getByRole("button", { name: "Test connection" }).click();
  await expect(card.getByRole("alert")).toContainText("Access Denied.");
  await card.getByRole("button", { name: "Actions for By hand" }).click();
  await page.getByRole("menuitem", { name: "Edit or rename" }).click();
  await form.getByLabel("API key").fill(apiKey);
  await form.getByRole("button", { name: "Save" }).click();
  await card.getByRole("button", { name: "Test connection" }).click();
  await expect(card.getByRole("status").filter({ hasText: "The connection works." })).toBeVisible();
  expect(world.log()).not.toContain(apiKey);
});
