import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  administrator,
  apiOf,
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
const cookiesOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .filter((line) => !/max-age=0/i.test(line))
    .map((line) => line.split(";")[0])
    .join("; ");
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

/** RFC 6238, with the values every authenticator app uses: SHA-1, six digits, half a minute. */
function codeAt(uri: string, step: number): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...(new URL(uri).searchParams.get("secret") ?? "")]
    .map((char) => alphabet.indexOf(char).toString(2).padStart(5, "0"))
    .join("");
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac("sha1", secret).update(counter).digest();
  const number = hash.readUInt32BE((hash.at(-1) ?? 0) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
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
});
