import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Page } from "@playwright/test";
import {
  administrator,
  enter,
  expect,
  expectNoFaults,
  freePort,
  startWorld,
  tabTo,
  test,
  type World,
} from "../world.ts";

/** An authenticator in the browser's own keychain that verifies whoever uses it, until told otherwise. */
async function plugIn(page: Page) {
  const browser = await page.context().newCDPSession(page);
  await browser.send("WebAuthn.enable");
  const { authenticatorId } = await browser.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      ...{ protocol: "ctap2", transport: "internal", automaticPresenceSimulation: true },
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
    },
  });
  return {
    verify: (isUserVerified: boolean) =>
      browser.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    async credentials() {
      return (await browser.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
    },
  };
}

/** Lets every sign-in so far have been an hour ago. */
function ageSignIns({ dataDirectory }: World): void {
  const database = new DatabaseSync(join(dataDirectory, "sandbox/sealpost.db"));
  database.exec("update session set created_at = created_at - 3600000");
  database.close();
}

test("a passkey is added, signs in, proves a recent sign-in, is renamed and removed, by keyboard alone", async ({
  page,
  world,
}) => {
  await enter(page, world);
  const authenticator = await plugIn(page);
  await page.goto(`${world.url}/account`);
  await expect(page.getByText("You have none yet.")).toBeVisible();
  await tabTo(page, "Add a passkey");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await expect(dialog.getByLabel("Name")).toHaveValue("Chrome on Linux");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Chrome on Linux", { exact: true })).toBeVisible();
  await expect(dialog).toBeHidden();
  await expect(page.locator("[aria-live=polite]").getByText("The passkey is added.")).toBeAttached();
  await expect(page.getByRole("button", { name: "Add a passkey" })).toBeFocused();
  const [credential] = await authenticator.credentials();
  expect(credential).toMatchObject({ rpId: "localhost", isResidentCredential: true });

  await tabTo(page, /Ana Kovač/);
  await page.keyboard.press("Enter");
  await page.keyboard.press("End");
  await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Email")).toBeFocused();
  await tabTo(page, "Sign in with a passkey");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: /^Orders/ })).toBeVisible();

  await page.goto(`${world.url}/people`);
  await expect(page.getByText("May sign in · passkey")).toBeVisible();
  await page.goto(`${world.url}/account`);
  await expect(page.getByText(/last used/)).toBeVisible();
  await tabTo(page, "Rename Chrome on Linux");
  await page.keyboard.press("Enter");
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText("Office");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Rename Office" })).toBeFocused();

  ageSignIns(world);
  await tabTo(page, "Remove Office");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await tabTo(page, "Remove");
  await page.keyboard.press("Enter");
  const stepUp = page.getByRole("dialog", { name: "Sign in again" });
  await expect(stepUp.getByLabel(/^Password of/)).toBeFocused();
  await tabTo(page, "Sign in with a passkey");
  await page.keyboard.press("Enter");
  await expect(page.getByText("You have none yet.")).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.locator("*:focus")).toContainText("Passkeys");

  await page.context().clearCookies({ name: /^sealpost-\d+$/ });
  await page.goto(`${world.url}/sign-in`);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText(
    "This passkey does not sign you in here.",
  );
});

for (const theme of ["light", "dark"] as const) {
  test(`passkeys speak German, say what went wrong, and have no fault axe can find at 360 px in ${theme}`, async ({
    page,
    context,
    world,
  }) => {
    await context.addCookies([{ name: "sealpost-theme", value: theme, url: world.url }]);
    await enter(page, world);
    const authenticator = await plugIn(page);
    await page.setViewportSize({ width: 360, height: 800 });
    await page.goto(`${world.url}/de/account`);
    const add = async () => {
      await page.getByRole("button", { name: "Passkey hinzufügen" }).click();
      await page
        .getByRole("dialog")
        .getByLabel("Name")
        .fill("Mein Schlüsselbund im Büro mit einem langen Namen");
      await page.getByRole("button", { name: "Weiter" }).click();
    };
    await authenticator.verify(false);
    await add();
    const alert = page.getByRole("dialog").getByRole("alert");
    await expect(alert).toContainText("Es wurde kein Passkey benutzt");
    await expectNoFaults(page, "a passkey that was not made");
    await authenticator.verify(true);
    await page.getByRole("button", { name: "Weiter" }).click();
    await expect(
      page.getByText("Mein Schlüsselbund im Büro mit einem langen Namen", { exact: true }),
    ).toBeVisible();
    await add();
    await expect(alert).toContainText("Auf diesem Gerät liegt schon ein Passkey von Ihnen.");
    await page.getByRole("button", { name: "Abbrechen" }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expectNoFaults(page, "account with a passkey");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);

    // What was waited for goes on as who signed in.
    await context.clearCookies({ name: /^sealpost-\d+$/ });
    await page.getByRole("button", { name: /entfernen$/ }).click();
    await page.getByRole("button", { name: "Entfernen", exact: true }).click();
    const signIn = page.getByRole("dialog", { name: "Ihre Sitzung ist beendet" });
    await expectNoFaults(page, "signing in again in place");
    await signIn.getByRole("button", { name: "Mit einem Passkey anmelden" }).click();
    await expect(page.getByText("Sie haben noch keinen.")).toBeVisible();

    await context.clearCookies({ name: /^sealpost-\d+$/ });
    await page.goto(`${world.url}/de/sign-in`);
    await page.getByRole("button", { name: "Mit einem Passkey anmelden" }).click();
    await expect(page.getByRole("main").getByRole("alert")).toContainText(
      "Dieser Passkey meldet Sie hier nicht an.",
    );
    await expectNoFaults(page, "sign-in with a passkey that is gone");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
    // Another spelling of the same place: passkeys are bound to the name.
    await page.goto(`${world.url.replace("localhost", "127.0.0.1")}/de/sign-in`);
    await page.getByRole("button", { name: "Mit einem Passkey anmelden" }).click();
    await expect(page.getByRole("main").getByRole("alert")).toContainText("gelten nur unter localhost");
    await page.getByLabel("E-Mail").fill(administrator.email);
    await page.getByLabel("Passwort").fill(administrator.password);
    await page.getByRole("button", { name: "Anmelden", exact: true }).click();
    await expect(page.getByRole("heading", { name: /^Bestellungen/ })).toBeVisible();
  });
}

test("at an IP address the console offers no passkeys and says why", async ({ page }) => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const world = await startWorld({ PORT: String(port), SEALPOST_PUBLIC_URL: url });
  try {
    await enter(page, world);
    await page.goto(`${url}/account`);
    await expect(page.getByText(/this console has only an IP address/)).toBeVisible();
    await expect(page.getByRole("button", { name: "Add a passkey" })).toHaveCount(0);
    await page.context().clearCookies();
    await page.goto(`${url}/sign-in`);
    await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
    await expect(page.getByRole("button", { name: "Sign in with a passkey" })).toHaveCount(0);
  } finally {
    await world.stop();
  }
});
