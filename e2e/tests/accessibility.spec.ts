import { enter, expect, expectNoFaults, keyFile, mailFor, openOrders, sharedTest, test } from "../world.ts";

for (const theme of ["light", "dark"] as const) {
  test(`axe finds nothing on any screen in ${theme}`, async ({ page, context, world }) => {
    await context.addCookies([{ name: "sealpost-theme", value: theme, url: world.url }]);
    await page.goto(world.setupLink);
    await expectNoFaults(page, "setup");
    await enter(page, world);
    await expectNoFaults(page, "orders");
    const order = (await world.control.orders()).find((one) => one.commonName === "git.parcelworks.example");
    await page.getByRole("button", { name: "Send, git.parcelworks.example" }).click();
    await expect(page.getByText("hostmaster@parcelworks.example").last()).toBeVisible();
    await expectNoFaults(page, "resend dialog");
    await page.getByRole("button", { name: "Resend email" }).click();
    await expect(page.getByRole("heading", { name: "The CA accepted the request" })).toBeVisible();
    await expectNoFaults(page, "resend result");
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("link", { name: "git.parcelworks.example", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Timeline" })).toBeVisible();
    await expectNoFaults(page, "order");
    await page.getByRole("link", { name: "Import for this order" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Import" })).toBeVisible();
    await expectNoFaults(page, "import, empty");
    const files = page.locator("input[type=file]").first();
    await files.setInputFiles([await mailFor(world, order?.id ?? 0)]);
    await expect(page.locator("[data-finding=missing-key]")).toBeVisible();
    await expectNoFaults(page, "import, blocked");
    await page.getByLabel("Add the private key").setInputFiles([keyFile(order?.privateKeyPem ?? "")]);
    await page.getByRole("button", { name: /^Import for order/ }).click();
    await expect(page.getByRole("heading", { name: "SSL certificate details" })).toBeVisible();
    await expectNoFaults(page, "certificate");
    await page.goto(`${world.url}/security/ssl/certificates`);
    await expectNoFaults(page, "certificates");
    await page.goto(`${world.url}/ca-accounts`);
    await expectNoFaults(page, "accounts");
    await page.getByRole("button", { name: "Connect account" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectNoFaults(page, "connect account");
    for (const [screen, button] of [
      ["mailboxes", "Connect mailbox"],
      ["people", "Invite somebody"],
    ] as const) {
      await page.goto(`${world.url}/${screen}`);
      await expectNoFaults(page, screen);
      await page.getByRole("main").getByRole("button", { name: button }).first().click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectNoFaults(page, button);
    }
    await page.goto(`${world.url}/audit-log`);
    await page
      .getByRole("button", { name: /^Details of entry/ })
      .first()
      .click();
    await page.getByRole("button", { name: "Verify" }).click();
    await expect(page.getByRole("heading", { name: "The audit log is intact" })).toBeVisible();
    await expectNoFaults(page, "audit log");
    await page.goto(`${world.url}/account`);
    await expectNoFaults(page, "your account");
    await page.goto(`${world.url}/help`);
    await expectNoFaults(page, "help");
    await context.clearCookies({ name: /^sealpost-\d+$/ });
    await page.goto(`${world.url}/sign-in`);
    await expectNoFaults(page, "sign-in");
  });
}

sharedTest(
  "what one types into the search stays as it is typed while the list follows",
  async ({ page, world }) => {
    await openOrders(page, world);
    await page.keyboard.press("/");
    await page.keyboard.type("git ");
    await expect(page).toHaveURL(/[?&]q=git(&|$)/);
    await expect(page.getByRole("link", { name: "git.parcelworks.example", exact: true })).toHaveCount(1);
    await page.keyboard.type("x");
    await expect(page.getByRole("searchbox")).toHaveValue("git x");
    await expect(page).toHaveURL(/[?&]q=git\+x/);
    await page.getByRole("link", { name: "Certificates", exact: true }).click();
    await expect(page.getByRole("heading", { name: /^Certificates/ })).toBeVisible();
    await expect(page.getByRole("searchbox")).toHaveValue("");
    await page.goBack();
    await expect(page.getByRole("searchbox")).toHaveValue("git x");
  },
);

sharedTest(
  "the way back ends on the row one had left by, also far down and when the page is loaded anew",
  async ({ page, world }) => {
    await openOrders(page, world);
    const name = page.locator("[data-row-name]").nth(44);
    const href = (await name.getAttribute("href")) ?? "";
    await name.click();
    await expect(page).toHaveURL(new RegExp(`${href}$`));
    await page.goBack();
    const left = page.locator(`a[data-row-name][href="${href}"]`);
    await expect(left).toBeFocused();
    await page.reload();
    await expect(left).toBeFocused();
    await expect(left).toBeInViewport();
  },
);

test("the mail is asked for by keyboard alone, Enter on the focused Cancel sends nothing, and the focus returns", async ({
  page,
  world,
}) => {
  await enter(page, world);
  await page.keyboard.press("/");
  await page.keyboard.type("git.parcelworks");
  await expect(page.getByRole("link", { name: "git.parcelworks.example", exact: true })).toHaveCount(1);
  const send = page.getByRole("button", { name: "Send, git.parcelworks.example" });
  const focused = () => page.evaluate("document.activeElement?.getAttribute('aria-label')");
  for (let i = 0; i < 40 && (await focused()) !== "Send, git.parcelworks.example"; i++)
    await page.keyboard.press("Tab");
  await expect(send).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(send).toBeFocused();
  expect((await world.control.journal()).calls.filter((call) => call.path.includes("resendEmail"))).toEqual(
    [],
  );
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Cancel" })).toBeFocused();
  await expect(page.getByRole("button", { name: "Resend email" })).not.toHaveAttribute("aria-disabled");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "The CA accepted the request" })).toBeVisible();
});
