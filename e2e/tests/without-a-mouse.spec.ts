import { createPrivateKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import {
  accountAt,
  administrator,
  enter,
  expect,
  keyFile,
  listens,
  mailFor,
  test,
  type World,
} from "../world.ts";

const mostStops = 80;

/** Goes on with the Tab key until what has the focus is called this. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const focus = page.locator("*:focus");
  for (let stop = 0; stop < mostStops; stop++) {
    await page.keyboard.press("Tab");
    const isThere = await expect(focus)
      .toHaveAccessibleName(name, { timeout: 1 })
      .then(
        () => true,
        () => false,
      );
    if (isThere) return;
  }
  throw new Error(`the Tab key does not lead to ${name}`);
}

async function type(page: Page, name: string, text: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

/** Goes to a place by the palette. */
async function goTo(page: Page, words: string, kind: RegExp): Promise<void> {
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Go to or do" })).toBeFocused();
  await page.keyboard.insertText(words);
  await expect(page.getByRole("option", { name: kind })).toHaveAttribute("data-highlighted");
  await page.keyboard.press("Enter");
}

async function connectByKeys(page: Page, world: World): Promise<void> {
  const account = accountAt(world, "ibm-classic");
  await tabTo(page, "Connect account");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Connect a CA account" })).toBeVisible();
  await tabTo(page, "Certificate authority");
  await page.keyboard.type("IBM");
  await type(page, "Name of the account", "Mine");
  await type(page, "Address of the API", account.baseUrl);
  const fields = { ...account.settings, ...account.credential };
  const answer = await page.request.get(`${world.url}/api/trpc/accounts.catalog`);
  const catalog: readonly { id: string; fields: readonly { name: string; label: { en: string } }[] }[] = (
    await answer.json()
  ).result.data;
  for (const { name, label } of catalog.find(({ id }) => id === "ibm-classic")?.fields ?? [])
    if (fields[name] !== undefined) await type(page, label.en, fields[name]);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByRole("heading", { name: "Mine" })).toBeVisible();
}

test("from the first sign-in to the downloaded key by keyboard alone: connect, find, send, import, download", async ({
  page,
  world,
}) => {
  const order = await world.control.placeOrder({
    ca: "ibm-classic",
    commonName: "keys.example.test",
    dnsNames: ["keys.example.test", "also.keys.example.test"],
    approverEmail: "admin@keys.example.test",
  });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url(), request.postData() ?? ""));
  await page.goto(world.setupLink);
  await type(page, "Name", administrator.name);
  await type(page, "Email", administrator.email);
  await type(page, "Password", administrator.password);
  await page.keyboard.press("Enter");
  await listens(page);

  await goTo(page, "accounts", /^CA accounts/);
  await expect(page.getByRole("heading", { name: "CA accounts", level: 1 })).toBeVisible();
  await connectByKeys(page, world);

  await goTo(page, "orders", /^Orders/);
  await expect(page.getByRole("heading", { name: /^Orders/, level: 1 })).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.insertText("also.keys");
  const name = page.getByRole("link", { name: "keys.example.test", exact: true });
  await expect(page.getByRole("row").filter({ has: name }).filter({ hasText: "Mine" })).toHaveCount(1);
  await expect(page.getByRole("row")).toHaveCount(4);
  await page.keyboard.press("ArrowDown");
  await expect(name.first()).toBeFocused();
  await expect(page.getByRole("tooltip")).toContainText("admin@keys.example.test");

  await page.keyboard.press("s");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("admin@keys.example.test").first()).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(name.first()).toBeFocused();
  const mails = async () =>
    (await world.control.journal()).mails.filter(({ orderId }) => orderId === order.id);
  expect(await mails()).toEqual([]);
  await page.keyboard.press("s");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await expect(dialog.getByRole("button", { name: "Resend email" })).not.toHaveAttribute("aria-disabled");
  await tabTo(page, "Resend email");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("heading", { name: "The CA accepted the request" })).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Close" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(name.first()).toBeFocused();
  expect(await mails()).toHaveLength(1);

  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Timeline" })).toBeVisible();
  await page.keyboard.press("Alt+ArrowLeft");
  await expect(name.first()).toBeFocused();

  await page.keyboard.press("i");
  await expect(page.getByRole("heading", { name: "Import SSL certificate" })).toBeVisible();
  const choosing = page.waitForEvent("filechooser");
  await tabTo(page, "Choose files");
  await page.keyboard.press("Enter");
  await (await choosing).setFiles([await mailFor(world, order.id), keyFile(order.privateKeyPem ?? "")]);
  await expect(page.getByText("Same key as the order's CSR")).toBeVisible();
  await tabTo(page, `Import for order ${order.id}`);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/certificates\/[0-9a-f-]{36}$/);
  await tabTo(page, "Actions");
  await page.keyboard.press("Enter");
  const downloading = page.waitForEvent("download");
  await page.keyboard.type("Download key");
  await expect(page.getByRole("menuitem", { name: "Download key" })).toBeFocused();
  await page.keyboard.press("Enter");
  const key = await readFile(await (await downloading).path(), "utf8");
  expect(createPrivateKey(key).equals(createPrivateKey(order.privateKeyPem ?? ""))).toBe(true);

  // What was imported is found again by pasting it; a key is refused, and neither is sent.
  await goTo(page, "orders", /^Orders/);
  await expect(page.getByRole("heading", { name: /^Orders/, level: 1 })).toBeVisible();
  await page.keyboard.press("/");
  const before = asked.length;
  await page.keyboard.insertText(order.certificatePem ?? "");
  await expect(page.getByText("found by the certificate's fingerprint")).toBeVisible();
  await expect(name).toHaveCount(1);
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(order.privateKeyPem ?? "");
  await expect(page.getByText("There is a private key in what you pasted.")).toBeVisible();
  expect(page.url()).toMatch(/q=[0-9a-f]{64}&/);
  const sent = decodeURIComponent(asked.slice(before).join(" "));
  for (const pem of [order.certificatePem ?? "", order.privateKeyPem ?? ""])
    expect(sent).not.toContain(pem.split("\n")[2]);
  await page.keyboard.press("ArrowDown");
  await expect(name).toBeFocused();

  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
  await tabTo(page, /^Single letters act/);
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  await expect(name).toBeFocused();
  await page.keyboard.press("s");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeHidden();
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
            - link "Expires in 30 days"
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
      - definition: None asked for here yet
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
  expect(await readFile(await (await downloading).path(), "utf8")).toContain("PRIVATE KEY");
});

test("several orders are asked for in one act, each with its address, and each tells its own outcome", async ({
  page,
  world,
}) => {
  const place = (name: string) =>
    world.control.placeOrder({
      ca: "ibm-classic",
      commonName: `${name}.several.test`,
      approverEmail: `admin@${name}.test`,
    });
  const orders = [await place("one"), await place("two"), await place("three")];
  await enter(page, world);
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
});
