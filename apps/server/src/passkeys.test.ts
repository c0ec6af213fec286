import "reflect-metadata";
import { generateKeyPairSync, type KeyObject, sign, webcrypto } from "node:crypto";
import { BasicConstraintsExtension, X509CertificateGenerator } from "@peculiar/x509";
import { openStore } from "@sealpost/db";
import { personIdSchema, sessionIdSchema } from "@sealpost/domain";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Passkeys } from "./passkeys.ts";
import { type Attest, type Deviations, SoftwareAuthenticator } from "./software-authenticator.ts";
import {
  type Api,
  administrator,
  apiOf,
  codeAt,
  cookiesOf,
  enter,
  jsonOf,
  post,
  startTestConsole,
  type TestConsole,
  traceOf,
} from "./test-console.ts";

let world: TestConsole;
let cookie: string;
let api: Api;
beforeEach(async () => {
  // Each call may come from an address of its own: what is counted by address is looked at on purpose.
  world = await startTestConsole({ SEALPOST_TRUSTED_PROXIES: "127.0.0.1" });
  cookie = await enter(world);
  api = apiOf(world, cookie);
});
afterEach(() => world[Symbol.asyncDispose]());

let addresses = 0;
const fromElsewhere = () => ({ "x-forwarded-for": `203.0.113.${++addresses % 250}` });
const signInByPassword = (email: string, password: string) =>
  post(world, "/api/auth/sign-in/email", { email, password }, fromElsewhere());
const passkeyRefused = (reason: string) => ({ data: { refusal: { code: "passkey-refused", reason } } });
const notSignedIn = { data: { refusal: { code: "not-signed-in" } } };

/** Adds a passkey to whoever this is. */
async function add(to: Api, name = "Key", deviations: Deviations = {}) {
  const authenticator = new SoftwareAuthenticator(world.url);
  await to.passkeys.add.mutate({ name, ...authenticator.make(await to.passkeys.begin.mutate(), deviations) });
  return authenticator;
}

/** Asks for a challenge in a browser that has these cookies. */
async function challengeOf(own = "") {
  const answer = await post(world, "/api/auth/passkey/challenge", {}, { cookie: own, ...fromElsewhere() });
  const { challenge, rpId, known } = await jsonOf(answer);
  const cookies = [own, cookiesOf(answer)].filter(Boolean).join("; ");
  return { challenge: String(challenge), rpId: String(rpId), known, cookies };
}

/** Signs in as a page does; differently where told. */
async function signIn(authenticator: SoftwareAuthenticator, deviations: Deviations = {}) {
  const asked = await challengeOf();
  return await send(authenticator.sign(asked, deviations), asked.cookies);
}

function send(signed: ReturnType<SoftwareAuthenticator["sign"]>, cookies: string, address = fromElsewhere()) {
  return post(world, "/api/auth/sign-in/passkey", signed, { cookie: cookies, ...address });
}

/** Somebody else, signed in. */
async function join(email: string) {
  const { url } = await api.people.invite.mutate({ name: email, email, role: "viewer" });
  const password = `a long password of ${email}`;
  expect((await post(world, "/api/invite", { token: url.split("#token=")[1], password })).status).toBe(204);
  const own = cookiesOf(await signInByPassword(email, password));
  const person = (await api.people.list.query()).find((one) => one.email === email);
  return { password, cookie: own, api: apiOf(world, own), personId: person?.personId ?? "" };
}

/** Lets every sign-in so far have been an hour ago. */
function ageSignIns() {
  const database = new Database(world.databaseFile);
  database.prepare("update session set created_at = created_at - 3600000").run();
  database.close();
}

describe("a passkey", () => {
  it("signs in without password and code, and shows to its owner by name and use, to administrators that it is there", async () => {
    const tom = await join("tom@example.test");
    const { totpURI } = await jsonOf(
      await post(world, "/api/auth/two-factor/enable", { password: tom.password }, { cookie: tom.cookie }),
    );
    const code = codeAt(String(totpURI), Math.floor(Date.now() / 30_000));
    const verified = await post(world, "/api/auth/two-factor/verify-totp", { code }, { cookie: tom.cookie });
    const toms = apiOf(world, cookiesOf(verified));
    const again = await signInByPassword("tom@example.test", tom.password);
    expect(await jsonOf(again)).toMatchObject({ twoFactorRedirect: true });

    const authenticator = await add(toms, "Tom's key");
    const [before] = await toms.passkeys.list.query();
    expect(before).toEqual({
      passkeyId: expect.any(String),
      name: "Tom's key",
      addedAt: expect.any(String),
      lastUsedAt: null,
    });
    const answer = await signIn(authenticator);
    expect([answer.status, await answer.json()]).toEqual([200, { isSignedIn: true }]);
    const inside = apiOf(world, cookiesOf(answer));
    expect(await inside.session.me.query()).toMatchObject({ email: "tom@example.test", hasPasskey: true });
    expect(await inside.passkeys.list.query()).toMatchObject([{ lastUsedAt: expect.any(String) }]);
    expect(await api.people.list.query()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ email: "tom@example.test", hasPasskey: true, hasSecondFactor: true }),
        expect.objectContaining({ email: administrator.email, hasPasskey: false, hasSecondFactor: false }),
      ]),
    );
  });

  it("is traced when it is added, used, refused, renamed and removed", async () => {
    const authenticator = await add(api, "First");
    const [passkey] = await api.passkeys.list.query();
    const passkeyId = passkey?.passkeyId ?? "";
    await signIn(authenticator);
    expect((await signIn(authenticator, { isUserVerified: false })).status).toBe(401);
    await api.passkeys.rename.mutate({ passkeyId, name: "Second" });
    await api.passkeys.remove.mutate({ passkeyId });
    await expect(add(api, "Third", { origin: "https://evil.test" })).rejects.toMatchObject(
      passkeyRefused("unproven"),
    );
    const traced = (await traceOf(world)).filter(({ act }) => /passkey|sign-in/.test(act));
    expect(
      traced.map(({ act, outcome, actor, details }) => [
        act,
        outcome,
        actor.name,
        details.passkey ?? details.path,
      ]),
    ).toEqual([
      ["person.sign-in", "done", administrator.name, "/sign-in/email"],
      ["person.add-passkey", "done", administrator.name, "First"],
      ["person.sign-in", "done", administrator.name, "/sign-in/passkey"],
      ["person.sign-in", "refused", administrator.name, "/sign-in/passkey"],
      ["person.rename-passkey", "done", administrator.name, "Second"],
      ["person.remove-passkey", "done", administrator.name, "Second"],
      ["person.add-passkey", "refused", administrator.name, "Third"],
    ]);
    expect(world.log()).not.toContain(authenticator.credentialId);
  });

  it.each<[string, Deviations]>([
    ["another site's", { origin: "https://evil.test" }],
    ["one of another port", { origin: "http://localhost:1" }],
    ["one for another name", { rpId: "evil.test" }],
    ["one nobody was verified for", { isUserVerified: false }],
    ["one nobody was present for", { isUserPresent: false }],
    ["one made in a frame", { isFramed: true }],
    ["an answer to another challenge", { challenge: "AAAA" }],
    ["a sign-in for a new key", { type: "webauthn.get" }],
    ["one with its maker's certificate, however good", { attest: byMaker }],
    ["one whose statement somebody else signed", { attest: bySomebodyElse }],
  ])("is not added when it is %s", async (_, deviations) => {
    await expect(add(api, "Key", deviations)).rejects.toMatchObject(passkeyRefused("unproven"));
    expect(await api.passkeys.list.query()).toEqual([]);
  });

  it("is added for a challenge that this session asked for, and once", async () => {
    const authenticator = new SoftwareAuthenticator(world.url);
    const question = await api.passkeys.begin.mutate();
    const made = { name: "Key", ...authenticator.make(question) };
    const elsewhere = apiOf(
      world,
      cookiesOf(await signInByPassword(administrator.email, administrator.password)),
    );
    const eve = await join("eve@example.test");
    for (const other of [elsewhere, eve.api])
      await expect(other.passkeys.add.mutate(made)).rejects.toMatchObject(passkeyRefused("unproven"));
    await api.passkeys.add.mutate(made);
    await expect(api.passkeys.add.mutate(made)).rejects.toMatchObject(passkeyRefused("unproven"));
    // Asked for again: it is known, and whose it is nobody learns.
    expect((await api.passkeys.begin.mutate()).known).toEqual([authenticator.credentialId]);
    await expect(
      eve.api.passkeys.add.mutate({
        name: "Key",
        ...authenticator.make(await eve.api.passkeys.begin.mutate()),
      }),
    ).rejects.toMatchObject(passkeyRefused("known"));
    expect(await eve.api.passkeys.list.query()).toEqual([]);
  });

  it("is added when its own key has signed the statement, as some authenticators do unasked", async () => {
    const authenticator = await add(api, "Key", { attest: bySelf });
    expect((await signIn(authenticator)).status).toBe(200);
  });

  it("is neither added nor signs in for a challenge of more than five minutes ago", async () => {
    const authenticator = await add(api);
    const asked = await challengeOf();
    const database = new Database(world.databaseFile);
    database.prepare("update verification set expires_at = expires_at - 301000").run();
    database.close();
    expect((await send(authenticator.sign(asked), asked.cookies)).status).toBe(401);

    const { passkeys: store, close } = openStore({ file: world.databaseFile, seal: null });
    let now = new Date();
    const passkeys = Passkeys.at(new URL(world.url), store, { now: () => now });
    const sessionId = sessionIdSchema.parse("session");
    const proven = async (afterMs: number) => {
      const made = passkeys?.ask({ sessionId, personId: personIdSchema.parse("ana"), known: [] });
      now = new Date(now.getTime() + afterMs);
      return made && (await passkeys?.prove(sessionId, new SoftwareAuthenticator(world.url).make(made)));
    };
    expect(await proven(299_000)).toMatchObject({ counter: 0 });
    expect(await proven(300_000)).toBeNull();
    close();
  });

  it("that does not count its uses signs in again and again, but one answer once", async () => {
    const authenticator = await add(api);
    expect((await signIn(authenticator, { counter: 0 })).status).toBe(200);
    const asked = await challengeOf();
    const signed = authenticator.sign(asked, { counter: 0 });
    const sent = await Promise.all([1, 2, 3].map(() => send(signed, asked.cookies)));
    expect(sent.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    expect((await send(signed, asked.cookies)).status).toBe(401);
  });

  it("and its copy do not both sign in with one count", async () => {
    const authenticator = await add(api);
    const sent = await Promise.all([1, 2].map(() => signIn(authenticator, { counter: 5 })));
    expect(sent.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  it("is neither added nor removed without a recent sign-in, and is itself one", async () => {
    const authenticator = await add(api);
    const question = await api.passkeys.begin.mutate();
    const [passkey] = await api.passkeys.list.query();
    const passkeyId = passkey?.passkeyId ?? "";
    ageSignIns();
    const stepUp = { data: { refusal: { code: "step-up-required" } } };
    await expect(api.passkeys.begin.mutate()).rejects.toMatchObject(stepUp);
    const made = new SoftwareAuthenticator(world.url).make(question);
    await expect(api.passkeys.add.mutate({ name: "Key", ...made })).rejects.toMatchObject(stepUp);
    await expect(api.passkeys.remove.mutate({ passkeyId })).rejects.toMatchObject(stepUp);
    const asked = await challengeOf(cookie);
    // Who is signed in is asked for one of theirs.
    expect(asked.known).toEqual([authenticator.credentialId]);
    const fresh = apiOf(world, cookiesOf(await send(authenticator.sign(asked), asked.cookies)));
    await fresh.passkeys.remove.mutate({ passkeyId });
    expect(await fresh.passkeys.list.query()).toEqual([]);
  });

  it("does not sign in when it is not what was asked for, and every answer is the same", async () => {
    const authenticator = await add(api);
    const { privateKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const good = await signIn(authenticator, { counter: 10 });
    expect(good.status).toBe(200);
    const replayed = await challengeOf();
    const signed = authenticator.sign(replayed, { counter: 11 });
    expect((await send(signed, replayed.cookies)).status).toBe(200);
    const [here, there] = [await challengeOf(), await challengeOf()];
    const answers = {
      "another site": await signIn(authenticator, { counter: 20, origin: "https://evil.test" }),
      "another name": await signIn(authenticator, { counter: 20, rpId: "evil.test" }),
      "nobody verified": await signIn(authenticator, { counter: 20, isUserVerified: false }),
      "nobody present": await signIn(authenticator, { counter: 20, isUserPresent: false }),
      "in a frame": await signIn(authenticator, { counter: 20, isFramed: true }),
      "another key": await signIn(authenticator, { counter: 20, key }),
      "a counter that stands": await signIn(authenticator, { counter: 11 }),
      "a counter that goes back": await signIn(authenticator, { counter: 3 }),
      "a new passkey": await signIn(authenticator, { counter: 20, type: "webauthn.create" }),
      "somebody else's handle": await signIn(authenticator, { counter: 20, userHandle: "c29tZWJvZHk" }),
      "the same once more": await send(signed, replayed.cookies),
      "another browser's challenge": await send(authenticator.sign(there, { counter: 20 }), here.cookies),
      "no challenge": await send(authenticator.sign(await challengeOf(), { counter: 20 }), ""),
      "nobody's passkey": await signIn(new SoftwareAuthenticator(world.url)),
    };
    for (const [what, answer] of Object.entries(answers)) {
      expect([what, answer.status, await answer.json()]).toEqual([
        what,
        401,
        { code: "INVALID_PASSKEY", message: "Invalid passkey" },
      ]);
      await expect(apiOf(world, cookiesOf(answer)).passkeys.list.query()).rejects.toMatchObject(notSignedIn);
    }
    expect((await signIn(authenticator, { counter: 20 })).status).toBe(200);
  });

  it("of somebody disabled does not sign in, nor one that was removed, nor any after a reset", async () => {
    const eve = await join("eve@example.test");
    const [kept, removed] = [await add(eve.api, "Kept"), await add(eve.api, "Removed")];
    const list = await eve.api.passkeys.list.query();
    await eve.api.passkeys.remove.mutate({
      passkeyId: list.find(({ name }) => name === "Removed")?.passkeyId ?? "",
    });
    expect((await signIn(removed)).status).toBe(401);
    expect((await signIn(kept)).status).toBe(200);
    const { personId } = eve;
    await api.people.setState.mutate({ personId, state: "disabled" });
    expect((await signIn(kept)).status).toBe(401);
    await api.people.setState.mutate({ personId, state: "active" });
    expect((await signIn(kept)).status).toBe(200);
    await api.people.reset.mutate({ personId });
    expect((await signIn(kept)).status).toBe(401);
    expect(await api.people.list.query()).toContainEqual(
      expect.objectContaining({ personId, state: "invited", hasPasskey: false }),
    );
  });

  it("of somebody who comes by an identity provider does not sign in: that lets them in, and no longer in, there alone", async () => {
    const eve = await join("eve@example.test");
    const authenticator = await add(eve.api);
    const database = new Database(world.databaseFile);
    const linked = "update account set provider_id = 'https://provider.test' where user_id = ?";
    database.prepare(linked).run(eve.personId);
    database.close();
    expect((await signIn(authenticator)).status).toBe(401);
  });

  it("of somebody else is neither seen, renamed nor removed", async () => {
    await add(api, "Ana's");
    const [own] = await api.passkeys.list.query();
    const passkeyId = own?.passkeyId ?? "";
    const eve = await join("eve@example.test");
    const notFound = { data: { refusal: { code: "not-found", what: "passkey" } } };
    expect(await eve.api.passkeys.list.query()).toEqual([]);
    await expect(eve.api.passkeys.rename.mutate({ passkeyId, name: "Eve's" })).rejects.toMatchObject(
      notFound,
    );
    await expect(eve.api.passkeys.remove.mutate({ passkeyId })).rejects.toMatchObject(notFound);
    expect(await api.passkeys.list.query()).toMatchObject([{ name: "Ana's" }]);
  });

  it("is slowed down as passwords are, and one person has twenty at most", async () => {
    const stranger = new SoftwareAuthenticator(world.url);
    const address = { "x-forwarded-for": "198.51.100.7" };
    const statuses = [];
    for (let i = 0; i < 6; i++) {
      const asked = await challengeOf();
      statuses.push((await send(stranger.sign(asked), asked.cookies, address)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    for (let i = 0; i < 20; i++) await add(api, `Key ${i}`);
    await expect(api.passkeys.begin.mutate()).rejects.toMatchObject(passkeyRefused("too-many"));
  });

  it("keeps its challenge in the browser under the console's own name, and in the database as a hash", async () => {
    const answer = await post(world, "/api/auth/passkey/challenge", {});
    const [line = ""] = answer.headers.getSetCookie();
    const port = new URL(world.url).port;
    expect(line).toMatch(
      new RegExp(`^sealpost-${port}\\.passkey=.*Max-Age=300; Path=/; HttpOnly; SameSite=Lax$`),
    );
    const { challenge } = await jsonOf(answer);
    const database = new Database(world.databaseFile, { readonly: true });
    const kept = database.prepare("select * from verification").all();
    database.close();
    expect(kept.length).toBeGreaterThan(0);
    expect(JSON.stringify(kept)).not.toContain(String(challenge));
  });

  it("is not offered at an IP address, which passkeys cannot be bound to", async () => {
    const { passkeys: store, close } = openStore({ file: world.databaseFile, seal: null });
    for (const [url, isName] of [
      ["https://sealpost.example.com", true],
      ["https://sealpost", true],
      ["https://192.0.2.1", false],
      ["https://[2001:db8::1]:8443", false],
    ] as const)
      expect([url, Passkeys.at(new URL(url), store, { now: () => new Date() }) !== null]).toEqual([
        url,
        isName,
      ]);
    close();
    const offers = async () => (await jsonOf(await fetch(`${world.url}/api/system`))).offersPasskeys;
    expect(await offers()).toBe(true);
    await world.restart({ SEALPOST_PUBLIC_URL: `http://127.0.0.1:${new URL(world.url).port}` });
    expect(await offers()).toBe(false);
    await expect(api.passkeys.begin.mutate()).rejects.toMatchObject(passkeyRefused("unavailable"));
    expect((await post(world, "/api/auth/passkey/challenge", {})).status).toBe(401);
  });
});

/** With the new key itself. */
const bySelf: Attest = (signed, key) => packed(sign("sha256", signed, key));

const makerKey = generateKeyPairSync("ec", { namedCurve: "P-256" });
const makerCertificate = await certificateOf(makerKey);
const bySomebodyElse: Attest = (signed) => packed(sign("sha256", signed, makerKey.privateKey));

/** With what section 8.2.1 of Web Authentication asks for. */
async function certificateOf(pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }) {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keyFrom = (key: KeyObject, use: "sign" | "verify") =>
    webcrypto.subtle.importKey("jwk", key.export({ format: "jwk" }), algorithm, true, [use]);
  const { rawData } = await X509CertificateGenerator.createSelfSigned({
    name: "C=DE, O=Maker, OU=Authenticator Attestation, CN=Maker",
    keys: {
      publicKey: await keyFrom(pair.publicKey, "verify"),
      privateKey: await keyFrom(pair.privateKey, "sign"),
    },
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 1000),
    extensions: [new BasicConstraintsExtension(false, undefined, true)],
  });
  return new Uint8Array(rawData);
}

/** As a security key does it (W3C Web Authentication, section 8.2.1), with a certificate that nobody has to trust. */
const byMaker: Attest = (signed) => {
  const statement = packed(sign("sha256", signed, makerKey.privateKey)).statement;
  return { format: "packed", statement: new Map([...statement, ["x5c", [makerCertificate]]]) };
};

function packed(signature: Buffer) {
  const statement = new Map<string, unknown>([
    ["alg", -7],
    ["sig", Uint8Array.from(signature)],
  ]);
  return { format: "packed", statement };
}
