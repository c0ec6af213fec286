import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resetPassword } from "@sealpost/cli/reset-password";
import { isOwnPath } from "@sealpost/domain";
import { type RunningProvider, startProvider } from "@sealpost/provider-simulator";
import Database from "better-sqlite3";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestBrowser } from "./test-browser.ts";
import {
  administrator,
  apiOf,
  enter,
  freePort,
  jsonOf,
  post,
  startTestConsole,
  type TestConsole,
  traceOf,
} from "./test-console.ts";
import { startHostileProvider, type Twist } from "./test-hostile-provider.ts";

const clientId = "sealpost-console";
const clientSecret = "client-secret-that-stands-nowhere-else";
const orders = "/security/ssl/orders?q=a%20b";
const callbackOf = (url: string) => `${url}/api/auth/oidc/callback`;

const directory = mkdtempSync(join(tmpdir(), "sealpost-client-secret-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** A console whose people may come by this provider too, with an administrator who does not. */
async function startConsoleFor(issuer: string, port: number, extra: Readonly<Record<string, string>> = {}) {
  const secretFile = join(directory, String(port));
  await writeFile(secretFile, `${clientSecret}\n`, { mode: 0o600 });
  const world = await startTestConsole({
    PORT: String(port),
    SEALPOST_OIDC_ISSUER: issuer,
    SEALPOST_OIDC_CLIENT_ID: clientId,
    SEALPOST_OIDC_CLIENT_SECRET_FILE: secretFile,
    SEALPOST_OIDC_NAME: "Corp",
    SEALPOST_OIDC_SCOPES: "groups",
    SEALPOST_OIDC_GROUPS: "pki-admins=administrator,pki-ops=operator,cn=keys=key-custodian",
    ...extra,
  });
  return world;
}

async function begin(
  world: TestConsole,
  browser: TestBrowser,
  about: { next?: string; isAgain?: boolean } = {},
) {
  const answer = await browser.post(`${world.url}/api/auth/oidc/start`, {
    next: orders,
    isAgain: false,
    ...about,
  });
  const { url = "", problem } = await jsonOf(answer);
  return { url: String(url), problem };
}

/** Where a browser is sent, as a path of the console. */
function wayOf(answer: Response): string {
  expect(answer.status).toBe(302);
  return answer.headers.get("location") ?? "";
}

function problemOf(answer: Response): string | null {
  const way = wayOf(answer);
  expect(way).toMatch(/^\/sign-in(?:\/again)?\?/);
  return new URL(way, "http://console.test").searchParams.get("problem");
}

/** Goes through the provider's pages until it sends the browser back. Resolves to the callback's address. */
async function passProvider(browser: TestBrowser, start: string, login: string | null): Promise<string> {
  let url = start;
  for (;;) {
    const shown = await browser.get(url);
    const answer = shown.status === 200 ? await browser.submit(url, login === null ? {} : { login }) : shown;
    const location = answer.headers.get("location");
    if (!location) throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`);
    url = new URL(location, url).href;
    if (url.includes("/api/auth/oidc/callback")) return url;
  }
}

const visit = (world: TestConsole, browser: TestBrowser) => apiOf(world, browser.cookie(world.url));
const signInsOf = async (world: TestConsole) =>
  (await traceOf(world))
    .filter(({ act, details }) => act === "person.sign-in" && details.path !== "/sign-in/email")
    .map(({ outcome, subject, details }) => [outcome, subject.label, details.reason ?? details.path]);

describe("signing in at an identity provider", () => {
  let provider: RunningProvider;
  let world: TestConsole;
  let adminCookie: string;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    const redirectUri = callbackOf(`http://localhost:${port}`);
    provider = await startProvider({ clientId, clientSecret, redirectUri });
    world = await startConsoleFor(provider.issuer, port);
    adminCookie = await enter(world);
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
  });
  const know = (sub: string, about: Partial<Parameters<RunningProvider["people"]["set"]>[1]>) =>
    provider.people.set(sub, {
      sub,
      name: sub,
      email: `${sub}@corp.example`,
      email_verified: true,
      ...about,
    });
  const come = async (browser: TestBrowser, login: string | null, about: Parameters<typeof begin>[2] = {}) =>
    await browser.get(await passProvider(browser, (await begin(world, browser, about)).url, login));

  it("makes a person whose group gives a role, brings them to the page they wanted, and traces both", async () => {
    know("olga", { name: "Olga", groups: ["staff", "pki-ops"] });
    const browser = new TestBrowser();
    expect(wayOf(await come(browser, "olga"))).toBe(orders);
    const me = await visit(world, browser).session.me.query();
    expect(me).toMatchObject({
      name: "Olga",
      email: "olga@corp.example",
      role: "operator",
      provider: "Corp",
    });
    const traced = (await traceOf(world)).filter(({ subject }) => subject.label === "Olga");
    expect(traced.map(({ act, outcome, actor, details }) => [act, outcome, actor.name, details])).toEqual([
      ["person.create", "done", "Sealpost", { by: "provider", role: "operator" }],
      ["person.sign-in", "done", "Olga", { path: "/oidc/callback" }],
    ]);
  });

  it("lets nobody who comes by the provider add a passkey, by which they would come in when the provider lets them no longer", async () => {
    know("kim", { groups: ["pki-ops"] });
    const browser = new TestBrowser();
    await come(browser, "kim");
    const kim = visit(world, browser);
    const refused = { data: { refusal: { code: "passkey-refused", reason: "from-provider" } } };
    await expect(kim.passkeys.begin.mutate()).rejects.toMatchObject(refused);
    // Neither does who sees one account only.
    const { personId = "" } = (await kim.session.me.query()) ?? {};
    const api = apiOf(world, adminCookie);
    const [account] = await api.accounts.list.query();
    const caAccountIds = [account?.caAccountId ?? ""];
    await api.people.change.mutate({ personId, role: "operator", caAccountIds });
    await expect(kim.passkeys.begin.mutate()).rejects.toMatchObject(refused);
  });

  it("gives at each sign-in the role that the groups give then, the highest of them, and traces the change", async () => {
    const browser = new TestBrowser();
    know("petr", { name: "Petr", groups: ["pki-ops"] });
    await come(browser, "petr");
    know("petr", { name: "Petr", groups: ["pki-ops", "cn=keys"] });
    await come(browser, "petr");
    expect(await visit(world, browser).session.me.query()).toMatchObject({ role: "key-custodian" });
    const changed = (await traceOf(world)).filter(
      ({ act, subject }) => act === "person.change" && subject.label === "Petr",
    );
    expect(changed.map(({ details }) => details)).toEqual([
      { from: "operator", role: "key-custodian", by: "groups" },
    ]);
  });

  it("keeps out whom no group gives a role any more, ends their sessions elsewhere, and says so", async () => {
    const [first, second] = [new TestBrowser(), new TestBrowser()];
    know("quinn", { groups: ["pki-ops"] });
    await come(first, "quinn");
    know("quinn", { groups: ["staff"] });
    expect(problemOf(await come(second, "quinn"))).toBe("no-role");
    expect(await visit(world, first).session.me.query()).toBeNull();
    know("stranger", { groups: [] });
    expect(problemOf(await come(new TestBrowser(), "stranger"))).toBe("no-role");
    expect(await signInsOf(world)).toEqual(
      expect.arrayContaining([
        ["refused", "quinn", "no-role"],
        ["refused", "stranger", "no-role"],
      ]),
    );
  });

  it("leaves to somebody the address they have here: no password is passed by, whatever the provider says", async () => {
    know("mallory", { email: administrator.email.toUpperCase(), groups: ["pki-admins"] });
    const browser = new TestBrowser();
    expect(problemOf(await come(browser, "mallory"))).toBe("email-taken");
    expect(await visit(world, browser).session.me.query()).toBeNull();
  });

  it("takes an address only if the provider has verified it", async () => {
    const ulf = { sub: "ulf", email: "ulf@corp.example", groups: ["pki-ops"] };
    for (const person of [ulf, { ...ulf, email_verified: false }]) {
      provider.people.set("ulf", person);
      expect(problemOf(await come(new TestBrowser(), "ulf"))).toBe("email-unverified");
    }
    const people = await apiOf(world, adminCookie).people.list.query();
    expect(people.map(({ email }) => email)).not.toContain("ulf@corp.example");
  });

  it("makes of an invitation to a verified address the person who was invited, and voids its link", async () => {
    const api = apiOf(world, adminCookie);
    const { url } = await api.people.invite.mutate({
      name: "Vera Invited",
      email: "vera@corp.example",
      role: "viewer",
    });
    know("vera", { name: "Vera", groups: ["pki-ops"] });
    know("eve", { email: "vera@corp.example", email_verified: false, groups: ["pki-ops"] });
    expect(problemOf(await come(new TestBrowser(), "eve"))).toBe("email-unverified");
    const browser = new TestBrowser();
    expect(wayOf(await come(browser, "vera"))).toBe(orders);
    expect(await visit(world, browser).session.me.query()).toMatchObject({
      name: "Vera Invited",
      role: "operator",
    });
    const token = url.split("#token=")[1];
    expect((await post(world, "/api/invite", { token, password: "correct horse battery" })).status).toBe(403);
    know("eve", { email: "vera@corp.example", email_verified: true, groups: ["pki-ops"] });
    expect(problemOf(await come(new TestBrowser(), "eve"))).toBe("email-taken");
  });

  it("shows how somebody signs in, and lets nobody give a role that follows from groups", async () => {
    const api = apiOf(world, adminCookie);
    const people = await api.people.list.query();
    const olga = people.find(({ name }) => name === "Olga");
    const ana = people.find(({ name }) => name === administrator.name);
    expect([olga?.isFromProvider, olga?.isRoleByGroups, ana?.isFromProvider, ana?.isRoleByGroups]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    const personId = olga?.personId ?? "";
    await expect(api.people.change.mutate({ personId, role: "administrator" })).rejects.toMatchObject({
      data: { refusal: { code: "role-by-groups" } },
    });
    const [account] = await api.accounts.list.query();
    const caAccountIds = [account?.caAccountId ?? ""];
    await api.people.change.mutate({ personId, role: "operator", caAccountIds });
    await come(new TestBrowser(), "olga");
    const after = (await api.people.list.query()).find((person) => person.personId === personId);
    expect(after).toMatchObject({ role: "operator", caAccountIds });
  });

  it("keeps out somebody who is disabled, and who was reset comes in again by their address", async () => {
    const api = apiOf(world, adminCookie);
    know("wim", { groups: ["pki-ops"] });
    await come(new TestBrowser(), "wim");
    const personId = (await api.people.list.query()).find(({ name }) => name === "wim")?.personId ?? "";
    await api.people.setState.mutate({ personId, state: "disabled" });
    expect(problemOf(await come(new TestBrowser(), "wim"))).toBe("disabled");
    await api.people.setState.mutate({ personId, state: "active" });
    await api.people.reset.mutate({ personId });
    const browser = new TestBrowser();
    expect(wayOf(await come(browser, "wim"))).toBe(orders);
    expect(await visit(world, browser).session.me.query()).toMatchObject({ personId });
  });

  it("takes the provider away as a way in from whom the operator gives a password", async () => {
    know("xenia", { groups: ["pki-ops"] });
    const browser = new TestBrowser();
    await come(browser, "xenia");
    const said: string[] = [];
    const socket = `${world.directory}/data/sandbox/operator.sock`;
    expect(await resetPassword("xenia@corp.example", (line) => said.push(line), socket)).toBe(0);
    const token = said.at(-1)?.split("#token=")[1];
    const password = "correct horse battery";
    expect((await post(world, "/api/reset", { token, password })).status).toBe(204);
    expect(await visit(world, browser).session.me.query()).toBeNull();
    expect(problemOf(await come(new TestBrowser(), "xenia"))).toBe("email-taken");
    const email = "xenia@corp.example";
    expect((await post(world, "/api/auth/sign-in/email", { email, password })).status).toBe(200);
  });

  it("ends a session that began at the provider after twelve hours, however much it was used", async () => {
    const browser = new TestBrowser();
    know("rosa", { groups: ["pki-ops"] });
    await come(browser, "rosa");
    const { personId = "" } = (await visit(world, browser).session.me.query()) ?? {};
    const older = (hours: number) => {
      const database = new Database(world.databaseFile);
      const aged = "update session set created_at = created_at - ? where user_id = ?";
      database.prepare(aged).run(hours * 3_600_000, personId);
      database.close();
    };
    older(11);
    expect(await visit(world, browser).session.me.query()).toMatchObject({ personId });
    expect(await visit(world, browser).session.list.query()).toHaveLength(1);
    older(1.1);
    expect(await visit(world, browser).session.me.query()).toBeNull();
  });

  it("begins a session of its own at each sign-in, whatever cookie came with it", async () => {
    const browser = new TestBrowser();
    await come(browser, "olga");
    const before = browser.cookie(world.url);
    await come(browser, "olga");
    const [one, other] = [before, browser.cookie(world.url)].map(
      (cookie) => /sealpost-\d+=([^;]+)/.exec(cookie)?.[1],
    );
    expect(other).not.toBe(one);
    const fixed = new TestBrowser();
    fixed.hold(world.url, `sealpost-${port}=chosen-by-a-stranger.c2ln`);
    await come(fixed, "olga");
    expect(fixed.cookie(world.url)).not.toContain("chosen-by-a-stranger");
  });

  it("counts as recent only a sign-in in which somebody was asked who they are", async () => {
    const browser = new TestBrowser();
    know("yara", { name: "Yara", groups: ["pki-admins"] });
    await come(browser, "yara");
    await expect(visit(world, browser).session.endOthers.mutate()).resolves.toBeUndefined();
    // The provider still knows them, and they come back without being asked; when they proved who they are is long ago.
    const database = new Database(world.databaseFile);
    const age = () =>
      database.prepare("update session set proven_at = proven_at - 3600000 where proven_at > 0").run();
    age();
    const stepUp = { data: { refusal: { code: "step-up-required" } } };
    await expect(visit(world, browser).session.endOthers.mutate()).rejects.toMatchObject(stepUp);
    const again = await begin(world, browser, { isAgain: true });
    expect(new URL(again.url).searchParams.get("prompt")).toBe("login");
    const back = await browser.get(await passProvider(browser, again.url, "yara"));
    expect(wayOf(back)).toBe("/sign-in/again?done=1");
    await expect(visit(world, browser).session.endOthers.mutate()).resolves.toBeUndefined();
    // A browser that takes the prompt out is not asked, and the provider says since when it knows them.
    const silent = new URL((await begin(world, browser, { isAgain: true })).url);
    for (const name of ["prompt", "max_age"]) silent.searchParams.delete(name);
    silent.searchParams.set("max_age", "9999");
    const begun =
      "update verification set value = json_set(value, '$.at', '2100-01-01T00:00:00.000Z') where value like '%isAgain\":true%'";
    expect(database.prepare(begun).run().changes).toBe(1);
    database.close();
    expect(problemOf(await browser.get(await passProvider(browser, silent.href, "yara")))).toBe("not-fresh");
  });

  it("lets nobody else into a page of somebody's by signing in again", async () => {
    const browser = new TestBrowser();
    await come(browser, "yara");
    const { url } = await begin(world, browser, { isAgain: true });
    browser.forget(provider.issuer);
    expect(problemOf(await browser.get(await passProvider(browser, url, "olga")))).toBe("another-person");
    expect(await visit(world, browser).session.me.query()).toMatchObject({ name: "Yara" });
  });

  it("says that the provider refused, without a word of its own", async () => {
    const answer = await come(new TestBrowser(), null);
    expect(problemOf(answer)).toBe("declined");
    expect(wayOf(answer)).toBe(`/sign-in?${new URLSearchParams({ problem: "declined", next: orders })}`);
  });

  it("leads to pages of its own only", async () => {
    for (const next of [
      "https://evil.test/",
      "//evil.test/",
      "/\\evil.test/",
      "/\t/evil.test",
      "/%0a\n/evil.test",
      "javascript:alert(1)",
      "",
    ]) {
      const answer = await new TestBrowser().post(`${world.url}/api/auth/oidc/start`, {
        next,
        isAgain: false,
      });
      expect([next, answer.status]).toEqual([next, 400]);
    }
  });

  it("takes for a path of its own nothing that a browser would read as another place", () => {
    const part = fc.constantFrom(
      "/",
      "\\",
      "\t",
      "\n",
      " ",
      ".",
      "..",
      "@",
      ":",
      "?",
      "#",
      "%",
      "evil.test",
      "ü",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 6 }), (parts) => {
        const path = parts.join("");
        return !isOwnPath(path) || new URL(path, "https://console.test").origin === "https://console.test";
      }),
      { numRuns: 5000 },
    );
    expect(isOwnPath(orders)).toBe(true);
  });

  it("takes an answer once, in the browser that asked, and for ten minutes", async () => {
    const [own, other] = [new TestBrowser(), new TestBrowser()];
    const back = await passProvider(own, (await begin(world, own)).url, "olga");
    // Login CSRF: somebody is given the answer to another one's sign-in.
    expect(problemOf(await other.get(back))).toBe("expired");
    await begin(world, other);
    expect(problemOf(await other.get(back))).toBe("expired");
    expect(await visit(world, other).session.me.query()).toBeNull();
    for (const wrong of [null, "", "x".repeat(43)]) {
      const url = new URL(back);
      if (wrong === null) url.searchParams.delete("state");
      else url.searchParams.set("state", wrong);
      expect(problemOf(await own.get(url.href))).toBe("expired");
    }
    expect(wayOf(await own.get(back))).toBe(orders);
    expect(problemOf(await own.get(back))).toBe("expired");
    const late = await passProvider(own, (await begin(world, own)).url, "olga");
    const database = new Database(world.databaseFile);
    database.prepare("update verification set expires_at = 1 where value like '%isAgain%'").run();
    database.close();
    expect(problemOf(await own.get(late))).toBe("expired");
    expect(await signInsOf(world)).toContainEqual(["refused", "", "expired"]);
  });

  it("lets two tabs of one browser sign in side by side", async () => {
    const browser = new TestBrowser();
    const [one, two] = [await begin(world, browser), await begin(world, browser)];
    expect(wayOf(await browser.get(await passProvider(browser, one.url, "olga")))).toBe(orders);
    expect(wayOf(await browser.get(await passProvider(browser, two.url, "olga")))).toBe(orders);
  });

  it("makes one person of two first sign-ins at once", async () => {
    know("zoe", { groups: ["pki-ops"] });
    const backs = await Promise.all(
      [1, 2, 3].map(async () => {
        const browser = new TestBrowser();
        return { browser, back: await passProvider(browser, (await begin(world, browser)).url, "zoe") };
      }),
    );
    const answers = await Promise.all(backs.map(({ browser, back }) => browser.get(back)));
    expect(answers.map(wayOf)).toEqual([orders, orders, orders]);
    expect(
      (await apiOf(world, adminCookie).people.list.query()).filter(({ name }) => name === "zoe"),
    ).toHaveLength(1);
  });

  it("leaves no administrator without a role: the last one keeps it, which is traced", async () => {
    const browser = new TestBrowser();
    await come(browser, "yara");
    const api = visit(world, browser);
    const others = (await api.people.list.query()).filter(
      ({ role, name }) => role === "administrator" && name !== "Yara",
    );
    for (const { personId } of others) await api.people.setState.mutate({ personId, state: "disabled" });
    know("yara", { name: "Yara", groups: ["pki-ops"] });
    expect(wayOf(await come(browser, "yara"))).toBe(orders);
    expect(await visit(world, browser).session.me.query()).toMatchObject({ role: "administrator" });
    const kept = (await traceOf(world)).findLast(({ act }) => act === "person.change");
    expect(kept).toMatchObject({
      outcome: "refused",
      code: "last-administrator",
      details: { from: "administrator", role: "operator", by: "groups" },
    });
    for (const { personId } of others)
      await visit(world, browser).people.setState.mutate({ personId, state: "active" });
    await come(browser, "yara");
    expect(await visit(world, browser).session.me.query()).toMatchObject({ role: "operator" });
  });

  it("keeps no token, code, verifier or secret in log, database, answers or the way back", async () => {
    const browser = new TestBrowser();
    const { url } = await begin(world, browser);
    const back = await passProvider(browser, url, "olga");
    const answer = await browser.get(back);
    const code = new URL(back).searchParams.get("code") ?? "no code";
    const state = new URL(back).searchParams.get("state") ?? "no state";
    const written = await readFile(`${world.databaseFile}-wal`);
    const kept = Buffer.concat([await world.database(), written]).toString("latin1");
    // The search finds what is there.
    expect(kept).toContain("olga@corp.example");
    const places = [kept, world.log(), JSON.stringify([...answer.headers]), await answer.text()];
    for (const secret of [clientSecret, code, state, "eyJ"])
      for (const place of places) expect(place).not.toContain(secret);
    expect(world.log()).not.toContain("@corp.example");
  });

  it("starts without the provider, keeps passwords working, and says that it does not answer", async () => {
    const gone = await freePort();
    await world.restart({ SEALPOST_OIDC_ISSUER: `http://localhost:${gone}` });
    const { email, password } = administrator;
    expect((await post(world, "/api/auth/sign-in/email", { email, password })).status).toBe(200);
    expect(await begin(world, new TestBrowser())).toMatchObject({ problem: "no-answer" });
    expect(await (await fetch(`${world.url}/api/system`)).json()).toMatchObject({
      provider: { name: "Corp" },
    });
  });
});

it("lets nobody come by the provider before the first administrator is made, and without groups only who is invited", async () => {
  const port = await freePort();
  await using provider = await startProvider({
    clientId,
    clientSecret,
    redirectUri: callbackOf(`http://localhost:${port}`),
  });
  await using world = await startConsoleFor(provider.issuer, port, {
    SEALPOST_OIDC_GROUPS: "",
    SEALPOST_OIDC_VERIFIED_EMAILS: "on",
  });
  provider.people.set("olga", { sub: "olga", email: "olga@corp.example", groups: ["pki-admins"] });
  expect(await begin(world, new TestBrowser())).toMatchObject({ problem: "no-role" });
  const api = apiOf(world, await enter(world));
  const browser = new TestBrowser();
  const come = async () =>
    await browser.get(await passProvider(browser, (await begin(world, browser)).url, "olga"));
  expect(problemOf(await come())).toBe("no-role");
  await api.people.invite.mutate({ name: "Olga", email: "olga@corp.example", role: "importer" });
  expect(wayOf(await come())).toBe(orders);
  const personId = (await visit(world, browser).session.me.query())?.personId ?? "";
  await api.people.change.mutate({ personId, role: "viewer" });
  await come();
  expect(await visit(world, browser).session.me.query()).toMatchObject({ role: "viewer" });
});

describe("an identity provider that lies", () => {
  let provider: Awaited<ReturnType<typeof startHostileProvider>>;
  let world: TestConsole;
  beforeAll(async () => {
    provider = await startHostileProvider(clientId);
    world = await startConsoleFor(provider.issuer, await freePort());
    await enter(world);
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
  });
  const comeBack = async (changes: Parameters<typeof provider.answerTo>[1] = {}) => {
    const browser = new TestBrowser();
    const { url } = await begin(world, browser);
    return { browser, answer: await browser.get(provider.answerTo(url, changes)) };
  };

  it("is believed as long as it does not", async () => {
    provider.twist({});
    const { browser, answer } = await comeBack();
    expect(wayOf(answer)).toBe(orders);
    expect(await visit(world, browser).session.me.query()).toMatchObject({
      email: "ana@corp.example",
      role: "administrator",
    });
  });

  const now = Math.floor(Date.now() / 1000);
  const lies: ReadonlyArray<readonly [what: string, twist: Twist]> = [
    ["the nonce of another sign-in", { claims: (honest) => ({ ...honest, nonce: "another" }) }],
    ["no nonce", { claims: ({ nonce: _, ...rest }) => rest }],
    ["another issuer's id_token", { claims: (honest) => ({ ...honest, iss: "https://evil.test" }) }],
    ["an id_token for another client", { claims: (honest) => ({ ...honest, aud: "another-client" }) }],
    [
      "an id_token for several, of which another one asked",
      { claims: (honest) => ({ ...honest, aud: [clientId, "another"], azp: "another" }) },
    ],
    [
      "an id_token for several without saying who asked",
      { claims: (honest) => ({ ...honest, aud: [clientId, "another"] }) },
    ],
    [
      "an id_token that has expired",
      { claims: (honest) => ({ ...honest, iat: now - 7200, exp: now - 3600 }) },
    ],
    [
      "an id_token of a time to come",
      { claims: (honest) => ({ ...honest, iat: now + 3600, exp: now + 7200 }) },
    ],
    ["an id_token without an end", { claims: ({ exp: _, ...rest }) => rest }],
    ["an id_token without a subject", { claims: ({ sub: _, ...rest }) => rest }],
    ["a signature by a key it does not publish", { hasForeignKey: true }],
    ["no signature", { header: { alg: "none" } }],
    ["a signature by the client secret's kind of key", { header: { alg: "HS256" } }],
    ["a sign-in at no time", { claims: (honest) => ({ ...honest, auth_time: "yesterday" }) }],
    ["a name that is no text", { claims: (honest) => ({ ...honest, name: { first: "Ana" } }) }],
    ["what it knows of somebody else", { userinfo: { sub: "bob", groups: ["pki-admins"] } }],
    ["no id_token", { tokenAnswer: { status: 200, body: '{"access_token":"a","token_type":"Bearer"}' } }],
    ["something that is no JSON", { tokenAnswer: { status: 200, body: "<html>" } }],
    ["a refusal of the code", { tokenAnswer: { status: 400, body: '{"error":"invalid_grant"}' } }],
  ];
  it.each(lies)("lets nobody in with %s", async (_, twist) => {
    provider.twist(twist);
    const { browser, answer } = await comeBack();
    expect(problemOf(answer)).toBe("untrusted");
    expect(await visit(world, browser).session.me.query()).toBeNull();
    provider.twist({});
  });

  it("lets nobody in with the answer of another issuer, or one that names none though it promised to (RFC 9207)", async () => {
    for (const iss of ["https://evil.test", null]) {
      const asked = provider.seen.filter((path) => path === "/token").length;
      const { answer } = await comeBack({ iss });
      expect(problemOf(answer)).toBe("untrusted");
      // The code went to nobody.
      expect(provider.seen.filter((path) => path === "/token")).toHaveLength(asked);
    }
  });

  it("makes no sign-in recent that was long ago there, or of which it does not say when it was", async () => {
    const dates: ReadonlyArray<NonNullable<Twist["claims"]>> = [
      (honest) => ({ ...honest, auth_time: now - 3600 }),
      ({ auth_time: _, ...rest }) => rest,
    ];
    for (const claims of dates) {
      provider.twist({ claims });
      const { browser } = await comeBack();
      await expect(visit(world, browser).session.endOthers.mutate()).rejects.toMatchObject({
        data: { refusal: { code: "step-up-required" } },
      });
    }
    provider.twist({});
    const { browser } = await comeBack();
    await expect(visit(world, browser).session.endOthers.mutate()).resolves.toBeUndefined();
  });

  it("shows nothing of what it writes into an answer", async () => {
    const { answer } = await comeBack({
      code: null,
      error: "access_denied",
      error_description: "<script>alert(1)</script>",
    });
    expect(problemOf(answer)).toBe("declined");
    expect(wayOf(answer)).not.toContain("script");
    expect(problemOf((await comeBack({ code: null, error: "temporarily_unavailable" })).answer)).toBe(
      "no-answer",
    );
    expect(world.log()).not.toContain("alert(1)");
  });

  it("gets no second exchange of a code: with its sign-in the answer is used up", async () => {
    const browser = new TestBrowser();
    const { url } = await begin(world, browser);
    const back = provider.answerTo(url);
    const asked = provider.seen.filter((path) => path === "/token").length;
    const answers = await Promise.all([browser.get(back), browser.get(back)]);
    // One comes in. Whether the other still knows the page that was wanted depends on which of its two keepers is gone.
    const ways = answers.map(wayOf).sort();
    expect(ways[0]).toBe(orders);
    expect(ways[1]).toMatch(/^\/sign-in\?problem=expired&next=/);
    expect(provider.seen.filter((path) => path === "/token")).toHaveLength(asked + 1);
  });

  it.each([
    ["calls itself by another issuer", { discovery: { issuer: "https://evil.test" } }],
    ["sends browsers to a script", { discovery: { authorization_endpoint: "javascript:alert(1)" } }],
    [
      "sends browsers over plain http",
      { discovery: { authorization_endpoint: "http://evil.test/authorize" } },
    ],
    ["answers without end", { discovery: { padding: "x".repeat(600 * 1024) } }],
  ] as const)("is not gone to when it %s", async (_, twist) => {
    await world.restart();
    provider.twist(twist);
    const { url, problem } = await begin(world, new TestBrowser());
    expect([url, problem]).toEqual(["", "untrusted"]);
    provider.twist({});
  });

  it("does not get a secret over plain http, wherever its document points", async () => {
    await world.restart();
    provider.twist({ discovery: { token_endpoint: "http://evil.test/token" } });
    expect(problemOf((await comeBack()).answer)).toBe("untrusted");
    provider.twist({});
    await world.restart();
  });

  it("holds nobody up for long when it falls silent", async () => {
    await comeBack();
    provider.twist({ isSilent: true });
    const started = performance.now();
    expect(problemOf((await comeBack()).answer)).toBe("no-answer");
    expect(performance.now() - started).toBeLessThan(15_000);
    provider.twist({});
  }, 30_000);
});
