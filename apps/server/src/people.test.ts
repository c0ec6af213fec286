import { join as joinPath } from "node:path";
import { makeAdministrator } from "@sealpost/cli/make-administrator";
import { unlock } from "@sealpost/cli/unlock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  administrator,
  apiOf,
  codeAt,
  cookiesOf,
  enter,
  jsonOf,
  post,
  startTestConsole,
  type TestConsole,
} from "./test-console.ts";

let world: TestConsole;
let cookie: string;
beforeEach(async () => {
  world = await startTestConsole();
  cookie = await enter(world);
});
afterEach(() => world[Symbol.asyncDispose]());

const refusal = (code: string) => ({ data: { refusal: { code } } });
const signIn = (email: string, password: string) =>
  post(world, "/api/auth/sign-in/email", { email, password });

/** Invites somebody, and has them choose a password. Resolves to their id. */
async function join(email: string, about: { role: "viewer" | "administrator"; caAccountIds?: string[] }) {
  const api = apiOf(world, cookie);
  const { url } = await api.people.invite.mutate({ name: email, email, ...about });
  const token = url.split("/invite#token=")[1];
  const password = `a long password of ${email}`;
  const found = async () => (await api.people.list.query()).find((one) => one.email === email);
  expect(await found()).toMatchObject({ state: "invited" });
  expect((await post(world, "/api/invite", { token, password })).status).toBe(204);
  expect(await (await post(world, "/api/invite", { token, password })).json()).toEqual({
    code: "link-spent",
  });
  const person = await found();
  expect(person).toMatchObject({ state: "active" });
  return { personId: person?.personId ?? "", password };
}

describe("people", () => {
  it("come by a link that works once, see only their accounts, and are out at once when they are disabled", async () => {
    const api = apiOf(world, cookie);
    const { personId, password } = await join("eve@example.test", { role: "viewer", caAccountIds: [] });
    const hers = apiOf(world, cookiesOf(await signIn("eve@example.test", password)));
    expect(await hers.accounts.list.query()).toEqual([]);
    await expect(hers.people.list.query()).rejects.toMatchObject(refusal("forbidden"));
    await api.people.change.mutate({ personId, role: "viewer", caAccountIds: null });
    expect(await hers.accounts.list.query()).toHaveLength(1);
    await api.people.setState.mutate({ personId, state: "disabled" });
    await expect(hers.accounts.list.query()).rejects.toMatchObject(refusal("not-signed-in"));
    const [unknown, disabled] = [
      await signIn("nobody@example.test", password),
      await signIn("eve@example.test", password),
    ];
    expect([unknown.status, disabled.status]).toEqual([401, 401]);
  });

  it("cannot lock everybody out: the last administrator who can sign in stays one", async () => {
    const api = apiOf(world, cookie);
    await api.people.invite.mutate({ name: "Never came", email: "late@example.test", role: "administrator" });
    const own = (await api.people.list.query()).find(({ email }) => email === administrator.email);
    const personId = own?.personId ?? "";
    const last = refusal("last-administrator");
    await expect(api.people.change.mutate({ personId, role: "viewer" })).rejects.toMatchObject(last);
    await expect(api.people.setState.mutate({ personId, state: "disabled" })).rejects.toMatchObject(last);
    await expect(api.people.reset.mutate({ personId })).rejects.toMatchObject(last);
    const { personId: other } = await join("ben@example.test", { role: "administrator" });
    await api.people.change.mutate({ personId: other, role: "viewer" });
    await expect(
      api.people.invite.mutate({ name: "Twice", email: "BEN@example.test", role: "viewer" }),
    ).rejects.toMatchObject({ data: { refusal: { code: "invalid-input", field: "email" } } });
  });

  it("may have a second factor, whose codes count once, and recovery codes beside it", async () => {
    const { password } = await join("tom@example.test", { role: "viewer" });
    const email = "tom@example.test";
    const first = cookiesOf(await signIn(email, password));
    const made = await jsonOf(
      await post(world, "/api/auth/two-factor/enable", { password }, { cookie: first }),
    );
    const uri = String(made.totpURI);
    const step = Math.floor(Date.now() / 30_000);
    const verify = (code: string, own: string) =>
      post(world, "/api/auth/two-factor/verify-totp", { code }, { cookie: own });
    expect((await verify(codeAt(uri, step), first)).status).toBe(200);
    const challenge = cookiesOf(await signIn(email, password));
    await expect(apiOf(world, challenge).accounts.list.query()).rejects.toMatchObject(
      refusal("not-signed-in"),
    );
    expect((await verify(codeAt(uri, step), challenge)).status).toBe(401);
    const inside = await verify(codeAt(uri, step + 1), challenge);
    expect(inside.status).toBe(200);
    expect(await apiOf(world, cookiesOf(inside)).accounts.list.query()).toHaveLength(1);
    expect((await verify(codeAt(uri, step - 1), challenge)).status).not.toBe(200);
    const codes: unknown = made.backupCodes;
    const code = Array.isArray(codes) ? String(codes[0]) : "";
    const dump = (await world.database()).toString("latin1");
    expect([dump.includes(code), dump.includes(password)]).toEqual([false, false]);
    const recover = async () =>
      await post(
        world,
        "/api/auth/two-factor/verify-backup-code",
        { code },
        { cookie: cookiesOf(await signIn(email, password)) },
      );
    const recovered = await recover();
    expect(recovered.status).toBe(200);
    expect(await apiOf(world, cookiesOf(recovered)).accounts.list.query()).toHaveLength(1);
    expect((await recover()).status).toBe(401);
  });

  it("are asked for the second factor at every sign-in, whatever a browser wants to be spared and keeps", async () => {
    const email = "tom@example.test";
    const { password } = await join(email, { role: "viewer" });
    const first = cookiesOf(await signIn(email, password));
    const enabling = await post(world, "/api/auth/two-factor/enable", { password }, { cookie: first });
    const { totpURI, backupCodes: codes } = await jsonOf(enabling);
    const step = Math.floor(Date.now() / 30_000);
    const prove = (path: string, code: string, own: string) =>
      post(world, `/api/auth/two-factor/${path}`, { code, trustDevice: true }, { cookie: own });
    expect((await prove("verify-totp", codeAt(String(totpURI), step), first)).status).toBe(200);
    const proofs = [
      ["verify-totp", codeAt(String(totpURI), step + 1)],
      ["verify-backup-code", Array.isArray(codes) ? String(codes[0]) : ""],
    ] as const;
    for (const [path, code] of proofs) {
      const inside = await prove(path, code, cookiesOf(await signIn(email, password)));
      expect(inside.status).toBe(200);
      const kept = cookiesOf(inside);
      await post(world, "/api/auth/sign-out", {}, { cookie: kept });
      const again = await post(world, "/api/auth/sign-in/email", { email, password }, { cookie: kept });
      expect(await jsonOf(again)).toMatchObject({ twoFactorRedirect: true });
      await expect(apiOf(world, cookiesOf(again)).accounts.list.query()).rejects.toMatchObject(
        refusal("not-signed-in"),
      );
    }
  });

  it("see where they are signed in, without a token in it, and end one session or all others, nobody else's", async () => {
    const { password } = await join("kim@example.test", { role: "viewer" });
    const entered = async (userAgent: string) => {
      const answer = await post(
        world,
        "/api/auth/sign-in/email",
        { email: "kim@example.test", password },
        { "user-agent": userAgent },
      );
      return cookiesOf(answer);
    };
    const [here, phone, office] = [await entered("Here"), await entered("Phone"), await entered("Office")];
    const api = apiOf(world, here);
    const listed = await api.session.list.query();
    expect(listed.map(({ userAgent, isOwn }) => [userAgent, isOwn])).toEqual([
      ["Office", false],
      ["Phone", false],
      ["Here", true],
    ]);
    const tokens = [here, phone, office].map(
      (cookie) => decodeURIComponent(cookie.split("=")[1] ?? "").split(".")[0],
    );
    expect(tokens.every((token) => token && token.length > 20)).toBe(true);
    expect(tokens.some((token) => JSON.stringify(listed).includes(String(token)))).toBe(false);

    const theirs = await apiOf(world, cookie).session.list.query();
    const foreign = api.session.end.mutate({ sessionId: theirs[0]?.sessionId ?? "" });
    await expect(foreign).rejects.toMatchObject(refusal("not-found"));
    await apiOf(world, cookie).accounts.list.query();

    await api.session.end.mutate({ sessionId: listed[1]?.sessionId ?? "" });
    await expect(apiOf(world, phone).accounts.list.query()).rejects.toMatchObject(refusal("not-signed-in"));
    await apiOf(world, office).accounts.list.query();
    await api.session.endOthers.mutate();
    await expect(apiOf(world, office).accounts.list.query()).rejects.toMatchObject(refusal("not-signed-in"));
    expect(await api.session.list.query()).toMatchObject([{ userAgent: "Here", isOwn: true }]);
    const { entries } = await apiOf(world, cookie).audit.list.query({ act: "person.session-end" });
    expect(entries).toMatchObject([{ details: { sessions: "others" } }, { details: { sessions: "one" } }]);
  });

  it("are recovered by the operator when nobody can manage people: the role, a link, and what was stops working", async () => {
    const socket = joinPath(world.directory, "data", "sandbox", "operator.sock");
    const said: string[] = [];
    const say = (line: string) => void said.push(line);
    const { password } = await join("ben@example.test", { role: "viewer", caAccountIds: [] });
    const bens = cookiesOf(await signIn("ben@example.test", password));
    expect(await makeAdministrator("nobody@example.test", say, socket)).toBe(1);
    expect(await makeAdministrator("Ben@example.test", say, socket)).toBe(0);
    await expect(apiOf(world, bens).accounts.list.query()).rejects.toMatchObject(refusal("not-signed-in"));
    expect((await signIn("ben@example.test", password)).status).toBe(401);
    const token = said.at(-1)?.split("/reset#token=")[1];
    const fresh = "another horse battery";
    expect((await post(world, "/api/reset", { token, password: fresh })).status).toBe(204);
    const api = apiOf(world, cookiesOf(await signIn("ben@example.test", fresh)));
    expect((await api.people.list.query()).map(({ name, role }) => [name, role])).toEqual([
      ["Ana", "administrator"],
      ["ben@example.test", "administrator"],
    ]);
    expect(await unlock("ben@example.test", say, socket)).toBe(0);
    expect(await unlock("nobody@example.test", say, socket)).toBe(1);
    const { entries } = await api.audit.list.query({ actorId: "operator" });
    expect(entries).toMatchObject([
      { act: "person.unlock", actorKind: "operator", subject: { label: "ben@example.test" } },
      { act: "person.make-administrator", actorKind: "operator", details: { from: "viewer" } },
    ]);
  });
});
