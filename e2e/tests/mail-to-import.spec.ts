import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import type { NewOrder } from "@sealpost/ca-simulator";
import { filesBelow } from "@sealpost/ca-simulator/secrets";
import { type MailServer, startMailServer, whyNoMailServer } from "@sealpost/mailbox/real-mail";
import { enter, expect, expectNoFaults, keyFile, listens, startWorld, test, type World } from "../world.ts";

const watched = "admin@example.test";
/** Somebody else's mailbox, which nobody follows. */
const other = "somebody@example.test";
const whyNot = whyNoMailServer();

test.describe("mails over Postfix and Dovecot", () => {
  test.skip(whyNot !== null, whyNot ?? "");
  // One world for all: each of them starts a mail server, a console and a browser's session.
  test.describe.configure({ mode: "serial" });
  test.setTimeout(480_000);
  let stack: AsyncDisposableStack;
  let server: MailServer;
  let world: World;
  let context: BrowserContext;
  let page: Page;

  test.beforeAll(async ({ browser }) => {
    stack = new AsyncDisposableStack();
    server = stack.use(await startMailServer({ users: [watched, other], withPostfix: true }));
    const place = await mkdtemp(join(tmpdir(), "sealpost-e2e-mail-"));
    stack.defer(() => rm(place, { recursive: true }));
    const anchors = join(place, "anchors.pem");
    await writeFile(anchors, server.certificatePem);
    world = await startWorld({
      SEALPOST_PRIVATE_MAIL_SERVERS: "on",
      SEALPOST_ANCHORS_FILE: anchors,
      SEALPOST_UNCONFIRMED_AFTER_HOURS: String(8 / 3600),
    });
    stack.defer(() => world.stop());
    await world.control.setMailServer({ port: server.ports.smtp, returnTo: watched });
    context = await browser.newContext();
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: world.url });
    page = await context.newPage();
    stack.defer(() => context.close());
    await enter(page, world);
  });
  test.afterAll(() => stack.disposeAsync());

  const place = async (order: NewOrder) => {
    const placed = await world.control.placeOrder({
      approverEmail: watched,
      technicalEmail: watched,
      ...order,
    });
    await page.goto(`${world.url}/security/ssl/orders?q=${placed.commonName}`);
    await listens(page);
    await page.getByRole("button", { name: "Sync now" }).click();
    await expect(page.getByRole("link", { name: placed.commonName, exact: true })).toBeVisible();
    return placed;
  };
  /** Asks for the mail as a person does, and resolves when the mail server has taken it. */
  const send = async (placed: Awaited<ReturnType<typeof place>>) => {
    await page.getByRole("button", { name: `Send, ${placed.commonName}` }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Resend email" }).click();
    const isSent = async () =>
      (await world.control.journal()).mails.some(({ orderId }) => orderId === placed.id);
    await expect.poll(isSent, { intervals: [20] }).toBe(true);
    const takenAt = Date.now();
    return { takenAt, close: () => dialog.getByRole("button", { name: "Close" }).click() };
  };
  const arrivals = (includeHidden = false) =>
    page.getByRole("region", { name: "Arrived certificates", includeHidden });
  const importWithKey = async (placed: Awaited<ReturnType<typeof place>>) => {
    await page.getByLabel("Add the private key").setInputFiles([keyFile(placed.privateKeyPem ?? "")]);
    await page.getByRole("button", { name: `Import for order` }).click();
    await expect(page).toHaveURL(/\/certificates\/[0-9a-f-]{36}$/);
  };

  test("without a mailbox nothing is alarming: the order says that nobody looks, and offers to connect one", async () => {
    const placed = await place({ commonName: "nobody-looks.example.test" });
    const { close } = await send(placed);
    await close();
    await page.getByRole("link", { name: placed.commonName, exact: true }).click();
    const calm = page.locator("[data-mail-watch=none]");
    await expect(calm).toContainText("No mailbox is connected");
    await expect(page.locator("[data-step=accepted]")).toBeVisible();
    await calm.getByRole("link", { name: "Connect a mailbox" }).click();
    await page.getByRole("button", { name: "Connect mailbox" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Name of the mailbox").fill("SSL admin");
    await form.getByLabel("Mail server (IMAP)").fill(server.host);
    await form.getByLabel("Port").fill(String(server.ports.imaps));
    await form.getByLabel("User name").fill(watched);
    await form.getByLabel("Password").fill("test-only");
    await form.getByRole("button", { name: "Connect", exact: true }).click();
    await expect(page.getByText("New emails are followed.")).toBeVisible();
    // What came before the mailbox was connected is found by looking back.
    await page.goto(`${world.url}/security/ssl/orders`);
    await expect(arrivals().getByText(placed.commonName)).toBeVisible();
    await expectNoFaults(page, "orders with an arrival");
    await arrivals().getByRole("link", { name: placed.commonName, exact: true }).click();
    await expect(page.locator("[data-step=received]")).toContainText("SSL admin");
    await expect(page.getByRole("link", { name: "Import what arrived" })).toBeVisible();
  });

  for (const ca of ["ibm-classic", "namecheap", "digicert"])
    test(`${ca}: the mail shows within three seconds of its delivery, and is imported with nothing but the key`, async () => {
      const placed = await place({ ca, commonName: `${ca}.example.test` });
      const { takenAt, close } = await send(placed);
      const notice = arrivals().getByRole("listitem").filter({ hasText: placed.commonName });
      // It stands behind the open dialog; to those who do not see it, it is said.
      const behind = arrivals(true).locator("li").filter({ hasText: placed.commonName });
      await behind.waitFor({ timeout: 10_000 });
      expect(Date.now() - takenAt).toBeLessThan(3000);
      const said = page.locator(".sr-only[aria-live=polite]");
      await expect(said).toHaveText(`The certificate for ${placed.commonName} has arrived.`);
      await close();
      await notice.getByRole("link", { name: `Import what arrived for ${placed.commonName}` }).click();
      await expect(page.locator("[data-finding=missing-key]")).toBeVisible();
      // Over again is as it began.
      await page.getByRole("button", { name: "Start over" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Discard" }).click();
      await expect(page.locator("[data-finding=missing-key]")).toBeVisible();
      await importWithKey(placed);
      await page.getByRole("link", { name: "Orders", exact: true }).first().click();
      await expect(arrivals().getByText(placed.commonName)).toHaveCount(0);
    });

  for (const ca of ["godaddy", "azure-app-service"])
    test(`${ca}: the mail with a link shows as arrived, and the certificate comes from the CA`, async () => {
      const placed = await place({ ca, commonName: `${ca}.example.test` });
      const { close } = await send(placed);
      await close();
      const notice = arrivals().getByRole("listitem").filter({ hasText: placed.commonName });
      await expect(notice).toContainText("holds a link");
      await notice.getByRole("link", { name: `Download from CA what is there for` }).click();
      await importWithKey(placed);
    });

  test("a mail that comes back says whom it did not reach and why; one that nobody sees is unconfirmed when its time is over; both with what can be done", async () => {
    const silent = await place({ commonName: "elsewhere.example.test", approverEmail: other });
    await (await send(silent)).close();
    const gone = "gone@example.test";
    const placed = await place({
      ca: "digicert",
      commonName: "returned.example.test",
      approverEmail: gone,
      technicalEmail: gone,
    });
    await (await send(placed)).close();
    await page.getByRole("link", { name: placed.commonName, exact: true }).click();
    await expect(page.locator("[data-step=bounced]")).toContainText(gone);
    await expect(page.locator("[data-resend-evidence=bounced]")).toContainText("exist");
    const steps = page.locator("[data-next-steps]");
    await expect(steps.getByRole("button", { name: "Send again, or to another address" })).toBeVisible();
    await expect(steps.getByRole("link", { name: "Download from CA" })).toBeVisible();
    await steps.getByRole("button", { name: "Copy text for support" }).click();
    await expect(steps.getByRole("button", { name: "Copied" })).toBeVisible();
    const copied = await page.evaluate("navigator.clipboard.readText()");
    expect(copied).toContain(`Order number: ${placed.id}`);
    expect(copied).toContain("exist");
    await expectNoFaults(page, "order whose mail came back");

    await page.goto(`${world.url}/security/ssl/orders?q=${silent.commonName}`);
    await page.getByRole("link", { name: silent.commonName, exact: true }).click();
    await expect(page.locator("[data-step=unconfirmed]")).toBeVisible();
    await steps.getByRole("button", { name: "Send again" }).click();
    await expect(page.getByRole("dialog").getByText(other).first()).toBeVisible();
    await page.keyboard.press("Escape");
  });

  test("a mail that has been deleted meanwhile is said to be gone, with the ways that are left", async () => {
    const placed = await place({ ca: "digicert", commonName: "deleted.example.test" });
    const { close } = await send(placed);
    await close();
    const notice = arrivals().getByRole("listitem").filter({ hasText: placed.commonName });
    await expect(notice).toBeVisible();
    await server.doveadm("expunge", "-u", watched, "mailbox", "INBOX", "subject", placed.commonName);
    let letThrough = () => {};
    const through = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    await page.route("**/api/mails/*/open", (route) => through.then(() => route.continue()));
    await notice.getByRole("link", { name: `Import what arrived for` }).click();
    // Whoever is quicker than the mailbox is told all the same.
    await page
      .locator("input[type=file]")
      .first()
      .setInputFiles([keyFile(placed.privateKeyPem ?? "")]);
    await expect(page.getByRole("heading", { name: "Findings" })).toBeVisible();
    await expect(page.getByText("Fetching the email of")).toBeVisible();
    letThrough();
    const said = page.getByRole("alert").filter({ hasText: "The email could not be fetched." });
    await expect(said).toContainText("moved or deleted");
    await expect(page.getByRole("link", { name: "Send again from the order" })).toBeVisible();
    await page.getByRole("button", { name: /^Download from/ }).click();
    await importWithKey(placed);
  });

  test("a mail that is nobody's is listed with the reason, and stands in the order a person chooses", async () => {
    const placed = await place({ commonName: "chosen.example.test" });
    await server.append(
      watched,
      "INBOX",
      [
        "From: Shop <sales@reseller.test>",
        "Message-ID: <by-hand@reseller.test>",
        "Subject: Your SSL certificate for somewhere.else.test has been issued",
        "",
        "Your certificate has been issued.",
      ].join("\r\n"),
    );
    await page.getByRole("link", { name: "Mailboxes" }).click();
    const row = page.getByRole("listitem").filter({ hasText: "sales@reseller.test" });
    await expect(row).toContainText("No order here has its number or its names.");
    await row.getByRole("button", { name: "Not ours" }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await row.getByRole("button", { name: "Choose the order" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByLabel("Search orders")).toBeVisible();
    await expectNoFaults(page, "mails without an order");
    // Nothing is answered for a while: neither the search, nor what the page behind asks for anew.
    await page.route("**/api/trpc/**", (route) => route.abort());
    await dialog.getByLabel("Search orders").fill("chosen.example");
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await expect(dialog.getByRole("alert")).toContainText("does not answer");
    await expect(dialog.getByText("No order matches.")).toHaveCount(0);
    await expect(page.locator("main section [role=alert] + ul")).toBeAttached();
    await page.unroute("**/api/trpc/**");
    await dialog.getByRole("button", { name: "Try again" }).click();
    await dialog.getByRole("radio", { name: /chosen\.example\.test/ }).check();
    await dialog.getByRole("button", { name: "Take it for this order" }).click();
    await expect(dialog).toBeHidden();
    await expect(row).toHaveCount(0);
    await page.goto(`${world.url}/security/ssl/orders?q=${placed.commonName}`);
    await expect(arrivals().getByText(placed.commonName)).toBeVisible();
  });

  test("of all these mails nothing lies anywhere: each is looked for when the console has stopped", async () => {
    const mails = (await filesBelow(server.maildir(watched))).filter(({ bytes }) =>
      bytes.includes("Message-ID:"),
    );
    expect(mails.length).toBeGreaterThan(5);
    for (const { name, bytes } of mails) world.secrets.knowsMail(name, bytes);
  });
});
