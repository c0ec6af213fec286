import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { enter, expect, keyFile, mailFor, openOrders, sharedTest, tabTo, test } from "../world.ts";

/** Goes to a screen by the palette. */
async function goTo(page: Page, screen: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Go to or do" })).toBeFocused();
  await page.keyboard.insertText(screen);
  await expect(page.getByRole("option", { name: screen, exact: true })).toHaveAttribute("data-highlighted");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: new RegExp(`^${screen}`), level: 1 })).toBeVisible();
}

test("the whole flow by keyboard alone: find, send, paste the mail, import; the first steps tick on the way, go, and come back from Help", async ({
  page,
  world,
}) => {
  const order = await world.control.placeOrder({
    ca: "ibm-classic",
    commonName: "keys.example.test",
    approverEmail: "admin@keys.example.test",
  });
  await enter(page, world);
  const step = page.locator("[aria-current=step]");
  await expect(step).toHaveText(/Have an email sent again/);
  await tabTo(page, "Sync now");
  await page.keyboard.press("Enter");
  await page.keyboard.press("/");
  await page.keyboard.insertText("keys.example");
  const name = page.getByRole("link", { name: "keys.example.test", exact: true });
  await expect(page.locator("[data-row]")).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await expect(name).toBeFocused();

  await page.keyboard.press("s");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("admin@keys.example.test").first()).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await expect(dialog.getByRole("button", { name: "Resend email" })).not.toHaveAttribute("aria-disabled");
  await tabTo(page, "Resend email");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("heading", { name: "The CA accepted the request" })).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Close" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(name).toBeFocused();
  await expect(step).toHaveText(/Import the certificate/);

  await page.keyboard.press("i");
  await expect(page.getByRole("heading", { name: "Import SSL certificate" })).toBeVisible();
  await tabTo(page, "Paste text");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Certificate, chain and key as text")).toBeFocused();
  const mail = (await mailFor(world, order.id)).buffer.toString("utf8");
  await page.keyboard.insertText(mail);
  await tabTo(page, "Read it");
  await page.keyboard.press("Enter");
  await expect(page.locator("[data-finding=missing-key]")).toBeVisible();
  const choosing = page.waitForEvent("filechooser");
  await tabTo(page, "Add the private key");
  await page.keyboard.press("Enter");
  await (await choosing).setFiles([keyFile(order.privateKeyPem ?? "")]);
  await expect(page.getByText("Fits the certificate")).toBeVisible();
  const save = page.getByRole("button", { name: `Import for order ${order.id}` });
  await expect(save).not.toHaveAttribute("aria-disabled");
  await tabTo(page, `Import for order ${order.id}`);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "keys.example.test", level: 1 })).toBeVisible();

  await goTo(page, "Orders");
  const steps = page.getByText("All four have been done here.");
  await expect(steps).toBeVisible();
  await tabTo(page, "Hide the first steps");
  await page.keyboard.press("Enter");
  await expect(steps).toBeHidden();
  await page.reload();
  await expect(page.getByRole("heading", { name: /^Orders/ })).toBeVisible();
  await expect(page.getByRole("heading", { name: "First steps" })).toBeHidden();
  await goTo(page, "Help");
  await tabTo(page, "Show the first steps again");
  await page.keyboard.press("Enter");
  await expect(steps).toBeVisible();
});

test("the whole flow through the accessibility tree alone: what a screen reader meets has its name, in the order of the page", async ({
  page,
  world,
}) => {
  const order = await world.control.placeOrder({
    ca: "ibm-classic",
    commonName: "tree.example.test",
    approverEmail: "admin@tree.example.test",
  });
  await enter(page, world);
  await page.getByRole("button", { name: "Sync now" }).click();
  await page.getByRole("searchbox", { name: /^Search/ }).fill("tree.example");
  await expect(page.getByRole("row")).toHaveCount(3);
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading /Orders \\d+/ [level=1]
      - text: As of
      - time
      - button "Sync now"
      - link "Import SSL certificate"
      - navigation "Views":
        - list:
          - listitem:
            - link "All orders"
          - listitem:
            - link "Needs action"
          - listitem:
            - link "With the CA"
          - listitem:
            - link "Expires within 30 days"
        - button "Save view"
      - button "Status"
      - button "CA"
      - button "CA account"
      - button "Type"
      - button "Expires"
      - link "Export CSV"
      - button "Columns"
      - group "Order of the list":
        - button "Needs action first" [pressed]
        - button "Expires, oldest first"
      - table "Orders":
        - rowgroup:
          - row:
            - columnheader "Select all orders shown"
            - columnheader "Common name"
            - columnheader "Type"
            - columnheader "CA"
            - columnheader "Status"
            - columnheader "Domain administrator"
            - columnheader "Email"
            - columnheader "Ordered"
            - columnheader "Expires"
            - columnheader "Imported"
        - rowgroup:
          - row:
            - rowheader /Needs action 1/
          - row:
            - cell:
              - checkbox "Select tree.example.test"
            - cell:
              - link "tree.example.test"
            - cell /DV/
            - cell
            - cell "Issued – not imported"
            - cell "admin@tree.example.test"
            - cell:
              - button "Send, tree.example.test"
            - cell
            - cell
            - cell:
              - link "Import, tree.example.test"
  `);
  await page.getByRole("button", { name: "Send, tree.example.test" }).click();
  const dialog = page.getByRole("dialog", { name: "Resend the fulfillment email?" });
  await expect(dialog.getByRole("button", { name: "Resend email" })).not.toHaveAttribute("aria-disabled");
  await expect(dialog).toMatchAriaSnapshot(`
    - dialog "Resend the fulfillment email?":
      - heading "Resend the fulfillment email?" [level=2]
      - paragraph: /mail the certificate for tree.example.test once more/
      - term: Domain administrator
      - definition: /admin@tree.example.test/
      - term: Last email
      - definition: None asked for from here yet
      - term: Cool-down
      - definition
      - paragraph: One click, one email.
      - button "Cancel"
      - button "Resend email"
  `);
  await dialog.getByRole("button", { name: "Resend email" }).click();
  const result = page.getByRole("dialog", { name: "The CA accepted the request" });
  await result.getByRole("button", { name: "Close" }).click();
  await page.getByRole("link", { name: "Import, tree.example.test" }).click();
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "Import SSL certificate" [level=1]
      - region:
        - heading [level=2]
        - button "Choose files"
        - button "Paste text"
  `);
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose files" }).click();
  await (await choosing).setFiles([await mailFor(world, order.id), keyFile(order.privateKeyPem ?? "")]);
  await page.getByRole("button", { name: `Import for order ${order.id}` }).click();
  await expect(page.getByRole("heading", { name: "tree.example.test", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Actions" }).click();
  await expect(page.getByRole("menu")).toMatchAriaSnapshot(`
    - menu:
      - menuitem "Download certificate"
      - menuitem "Download key"
      - menuitem "Download PEM"
      - separator
      - menuitem "Delete"
  `);
  const downloading = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Download PEM" }).click();
  await expect(page.getByRole("textbox", { name: "Reason" })).toBeFocused();
  await page.keyboard.type("New load balancer");
  await page.getByRole("button", { name: "Download PEM" }).click();
  expect(await readFile(await (await downloading).path(), "utf8")).toContain("PRIVATE KEY");
});

sharedTest(
  "what has the focus is never behind the bar at the top, on the way up a list as well",
  async ({ page, world }) => {
    await page.setViewportSize({ width: 1440, height: 500 });
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: 500 });
      await openOrders(page, world);
      const bar = await page.locator("header").boundingBox();
      const rows = page.locator("[data-row-name]");
      await rows.nth(19).focus();
      for (let row = 18; row >= 0; row--) {
        await page.keyboard.press("k");
        await expect(rows.nth(row)).toBeFocused();
        const box = await rows.nth(row).boundingBox();
        expect(box?.y, `row ${row} at ${width} px`).toBeGreaterThanOrEqual(bar?.height ?? 0);
      }
    }
  },
);

sharedTest(
  "a search that is done keeps the focus, and the same result is read out again",
  async ({ page, world }) => {
    await page.goto(`${world.url}/audit-log`);
    await expect(page.locator("[data-live]")).toBeAttached();
    const subject = page.getByLabel("To what");
    await subject.fill("example");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/subject=example/);
    await expect(subject).toBeFocused();

    await page.goto(`${world.url}/ca-accounts`);
    await expect(page.locator("[data-live]")).toBeAttached();
    await page.evaluate(`
    window.told = 0;
    new MutationObserver((changes) => {
      if (changes.some(({ target }) => target.textContent)) window.told++;
    }).observe(document.querySelector(".sr-only[aria-live]"), { childList: true, subtree: true, characterData: true });
  `);
    const testing = page.getByRole("button", { name: /^Test/ }).first();
    for (const times of [1, 2]) {
      await testing.click();
      await expect.poll(() => page.evaluate("window.told")).toBe(times);
    }
  },
);

sharedTest(
  "several orders are asked for in one act, each with its address, and each tells its own outcome",
  async ({ page, world }) => {
    const place = (name: string) =>
      world.control.placeOrder({
        ca: "ibm-classic",
        commonName: `${name}.several.test`,
        approverEmail: `admin@${name}.test`,
      });
    const orders = [await place("one"), await place("two"), await place("three")];
    await openOrders(page, world);
    await page.getByRole("button", { name: "Sync now" }).click();
    await page.getByRole("searchbox", { name: /^Search/ }).fill("several.test");
    await expect(page.getByRole("row")).toHaveCount(5);
    await page.getByRole("button", { name: "Send, two.several.test" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Resend email" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
    await world.control.setFault("resend", orders[2]?.id ?? 0, "refuse");
    await page.getByRole("checkbox", { name: "Select all orders shown" }).check();
    const bar = page.getByRole("region", { name: "Selected orders" });
    await expect(bar).toContainText("3 selected");
    await expect(bar).toContainText("2 can be asked for now, 1 cannot.");
    const downloading = page.waitForEvent("download");
    await bar.getByRole("link", { name: "Export CSV" }).click();
    const csv = await readFile(await (await downloading).path(), "utf8");
    expect(csv.trim().split("\r\n")).toHaveLength(4);

    await bar.getByRole("button", { name: "Resend emails" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByText("One email for each order.")).toBeVisible();
    await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
    await expect(dialog).toContainText("admin@one.test");
    await expect(dialog).toContainText("admin@three.test");
    await expect(dialog.getByRole("definition").filter({ hasText: "admin@two.test" })).toHaveCount(0);
    await dialog.getByRole("button", { name: "Resend 2 emails" }).click();
    await expect(dialog.getByRole("heading", { name: "All are answered" })).toBeVisible();
    await expect(dialog).toContainText("1 accepted by the CA, none unknown, 1 not sent.");
    await dialog.getByRole("button", { name: "Close" }).click();
    const { mails } = await world.control.journal();
    expect(mails.filter(({ to }) => to.endsWith("@one.test"))).toHaveLength(1);
    expect(mails.filter(({ to }) => to.endsWith("@three.test"))).toEqual([]);
  },
);

sharedTest(
  "the palette offers nothing that was found for a shorter text and does not hold what is typed now",
  async ({ page, world }) => {
    await openOrders(page, world);
    await page.keyboard.press("Control+k");
    const text = page.getByRole("combobox", { name: "Go to or do" });
    const found = page.getByRole("option", { name: /^git\.parcelworks\.example/ });
    await text.fill("parcelworks");
    await expect(found).toHaveAttribute("data-highlighted");
    await page.route("**/api/trpc/**", () => {});
    await text.fill("parcelworks.e");
    await expect(found).toHaveAttribute("data-highlighted");
    await text.fill("parcelworks.elsewhere");
    await expect(found).toHaveCount(0);
    await page.keyboard.press("Enter");
    await expect(text).toBeVisible();
    await page.unrouteAll();
  },
);
