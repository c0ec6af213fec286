import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Page } from "@playwright/test";
import { type RunningProvider, startProvider } from "@sealpost/provider-simulator";
import {
  test as base,
  enter,
  expect,
  expectNoFaults,
  freePort,
  startWorld,
  tabTo,
  type World,
} from "../world.ts";

const client = { clientId: "sealpost", clientSecret: "client-secret-of-this-test" };

/** A console whose identity provider is called Corp. Its first administrator signs in with a password. */
const test = base.extend<{ corp: RunningProvider & { redirectUri: string } }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from here
  corp: async ({}, use) => {
    const redirectUri = `http://localhost:${await freePort()}/api/auth/oidc/callback`;
    await using provider = await startProvider({ ...client, redirectUri });
    await use(Object.assign(provider, { redirectUri }));
  },
  world: async ({ corp }, use) => {
    const directory = await mkdtemp(join(tmpdir(), "sealpost-client-secret-"));
    const secretFile = join(directory, "client-secret");
    await writeFile(secretFile, client.clientSecret);
    const world = await startWorld({
      PORT: new URL(corp.redirectUri).port,
      SEALPOST_OIDC_ISSUER: corp.issuer,
      SEALPOST_OIDC_CLIENT_ID: client.clientId,
      SEALPOST_OIDC_CLIENT_SECRET_FILE: secretFile,
      SEALPOST_OIDC_NAME: "Corp",
      SEALPOST_OIDC_SCOPES: "groups",
      SEALPOST_OIDC_GROUPS: "pki-admins=administrator,pki-ops=operator",
    });
    world.secrets.knows("client secret", client.clientSecret);
    await use(world);
    await world.stop();
    await rm(directory, { recursive: true });
  },
});

async function proveAt(page: Page, login: string): Promise<void> {
  await expect(page.getByRole("heading", { name: "Company sign-in" })).toBeVisible();
  await page.getByLabel("Login").fill(login);
  await page.getByRole("button", { name: "Go on" }).click();
}

/** As when the provider had known them for an hour already. */
function ageSignIns({ dataDirectory }: World): void {
  const database = new DatabaseSync(join(dataDirectory, "sandbox/sealpost.db"));
  database.exec("update session set proven_at = proven_at - 3600000 where proven_at is not null");
  database.close();
}

test("one signs in at the company's provider, in English and German, to the page one wanted; the button is reached by keyboard", async ({
  page,
  browser,
  world,
  corp,
}) => {
  const person = { email_verified: true, groups: ["pki-ops"] };
  corp.people.set("olga", { ...person, sub: "olga", name: "Olga Ops", email: "olga@corp.example" });
  await enter(page, world);
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const visitor = await context.newPage();
  await visitor.goto(`${world.url}/help?from=mail`);
  await expect(visitor.getByRole("button", { name: "Sign in with Corp" })).toBeVisible();
  await expectNoFaults(visitor, "sign-in");
  await visitor.getByLabel("Email").focus();
  await tabTo(visitor, "Sign in with Corp");
  await visitor.keyboard.press("Enter");
  await proveAt(visitor, "olga");
  await expect(visitor).toHaveURL(`${world.url}/help?from=mail`);
  await expect(visitor.getByRole("button", { name: /Olga Ops/ })).toBeVisible();
  await visitor.goto(`${world.url}/account`);
  await expect(visitor.getByText("You sign in with Corp.")).toBeVisible();
  await expect(visitor.getByLabel("Current password")).toHaveCount(0);
  await expectNoFaults(visitor, "account");
  await visitor.getByRole("button", { name: /Olga Ops/ }).click();
  await visitor.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(visitor.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await visitor.goto(`${world.url}/de/help`);
  await visitor.getByRole("button", { name: "Mit Corp anmelden" }).click();
  await expect(visitor).toHaveURL(`${world.url}/de/help`);
  await expect(visitor.getByRole("heading", { name: "Hilfe", level: 1 })).toBeVisible();
  await context.close();
});

test("who may not come in reads why, in their language and nobody else's words, and passwords go on working", async ({
  page,
  browser,
  world,
  corp,
}) => {
  corp.people.set("stranger", { sub: "stranger", email: "s@corp.example", email_verified: true, groups: [] });
  await enter(page, world);
  const context = await browser.newContext({ locale: "de-DE", reducedMotion: "reduce" });
  const visitor = await context.newPage();
  await visitor.setViewportSize({ width: 360, height: 740 });
  await visitor.goto(`${world.url}/help`);
  await visitor.getByRole("button", { name: "Mit Corp anmelden" }).click();
  await visitor.getByRole("button", { name: "Cancel" }).click();
  await expect(visitor.getByRole("alert").filter({ hasText: "Corp hat Sie nicht angemeldet" })).toBeVisible();
  await expect(visitor.getByText("The person said no")).toHaveCount(0);
  await expectNoFaults(visitor, "sign-in after a refusal");
  await visitor.getByRole("button", { name: "Mit Corp anmelden" }).click();
  await proveAt(visitor, "stranger");
  await expect(visitor.getByText("Sie haben hier keine Rolle")).toBeVisible();
  expect(await visitor.locator("html").evaluate(({ scrollWidth }) => scrollWidth)).toBe(360);
  await corp[Symbol.asyncDispose]();
  await world.restart();
  await visitor.reload();
  await visitor.getByRole("button", { name: "Mit Corp anmelden" }).click();
  await expect(visitor.getByText("Corp antwortet nicht.")).toBeVisible();
  await visitor.getByLabel("E-Mail").fill("ana@example.test");
  await visitor.getByLabel("Passwort").fill("correct horse battery");
  await visitor.getByRole("button", { name: "Anmelden", exact: true }).click();
  await expect(visitor.getByRole("heading", { name: "Hilfe", level: 1 })).toBeVisible();
  await context.close();
});

test("who came by the provider signs in again there, in a window that closes, and what they typed is done", async ({
  page,
  browser,
  world,
  corp,
}) => {
  const person = { email_verified: true, groups: ["pki-admins"] };
  corp.people.set("adele", { ...person, sub: "adele", name: "Adele Admin", email: "adele@corp.example" });
  await enter(page, world);
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const admin = await context.newPage();
  await admin.goto(`${world.url}/people`);
  await admin.getByRole("button", { name: "Sign in with Corp" }).click();
  await proveAt(admin, "adele");
  await expect(admin.getByText("May sign in · at the identity provider")).toBeVisible();
  await admin.getByRole("button", { name: "Actions for Adele Admin" }).click();
  await admin.getByRole("menuitem", { name: "Change role or accounts" }).click();
  await expect(admin.getByText("The role follows from groups at the identity provider")).toBeVisible();
  await expect(admin.getByRole("radio", { name: /^Viewer/ })).toBeDisabled();
  await expectNoFaults(admin, "a role by groups");
  await admin.getByRole("button", { name: "Cancel" }).click();
  ageSignIns(world);
  await admin.getByRole("button", { name: "Invite somebody" }).click();
  await admin.getByRole("textbox", { name: "Name" }).fill("Ivo Invited");
  await admin.getByRole("textbox", { name: "Email" }).fill("ivo@corp.example");
  await admin.getByRole("button", { name: "Make the link" }).click();
  await expect(admin.getByRole("heading", { name: "Sign in again" })).toBeVisible();
  await expectNoFaults(admin, "sign in again");
  const opened = context.waitForEvent("page");
  await admin.getByRole("link", { name: /^Sign in with Corp/ }).click();
  const popup = await opened;
  const closed = popup.waitForEvent("close");
  await proveAt(popup, "adele");
  await closed;
  await expect(admin.getByRole("heading", { name: "Link for Ivo Invited" })).toBeVisible();
  await admin.getByRole("button", { name: "Close" }).click();
  await expect(admin.getByText("Ivo Invited")).toBeVisible();
  await admin.goto(`${world.url}/audit-log`);
  await expect(admin.getByRole("table").getByText("Person made").first()).toBeVisible();
  expect(world.log()).not.toContain("code=");
  await context.close();
});
