import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkVault, rotateVault } from "@sealpost/cli/vault";
import { chainStart } from "@sealpost/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SoftwareAuthenticator } from "./software-authenticator.ts";
import {
  type Api,
  administrator,
  apiOf,
  cookiesOf,
  enter,
  jsonOf,
  placeOrder,
  post,
  startTestConsole,
  type TestConsole,
  traceOf,
} from "./test-console.ts";
import { procedures } from "./trpc-route.ts";

let world: TestConsole;
let cookie: string;
let orderId: string;
let certificateId: string;
let keyPem: string;
let authenticator: SoftwareAuthenticator;
let kept: ReturnType<typeof sealed>;

beforeAll(async () => {
  world = await startTestConsole();
  cookie = await enter(world);
  const api = apiOf(world, cookie);
  const { order, row } = await placeOrder(world, api, { commonName: "shop.example.test" });
  ({ orderId } = row);
  keyPem = order.privateKeyPem ?? "";
  const form = new FormData();
  form.append("text", `${order.certificatePem}${keyPem}`);
  ({ certificateId } = await api.certificates.import.mutate(form));
  authenticator = new SoftwareAuthenticator(world.url);
  const passkey = authenticator.make(await api.passkeys.begin.mutate());
  await api.passkeys.add.mutate({ name: "Key", ...passkey });
  kept = sealed();
});
afterAll(() => world[Symbol.asyncDispose]());

const keyFile = () => world.env.SEALPOST_MASTER_KEY_FILE;
const copy = () => `${keyFile()}.copy`;
const withoutKey = async () => {
  renameSync(keyFile(), copy());
  await world.restart();
};
const withAnotherKey = async () => {
  renameSync(keyFile(), copy());
  writeFileSync(keyFile(), `${Buffer.alloc(32, 2).toString("base64")}\n`, { mode: 0o600 });
  await world.restart();
};
const withItsKey = async () => {
  rmSync(keyFile(), { force: true });
  renameSync(copy(), keyFile());
  await world.restart();
};

/** Every file of the vault, as it lies there. */
function sealed() {
  const vault = join(world.directory, "data", "sandbox", "vault");
  return readdirSync(vault).map((name) => [name, readFileSync(join(vault, name)).toString("base64")]);
}

describe.each([
  ["without its master key", withoutKey, "is missing. Put the copy you kept back there"],
  ["with another master key", withAnotherKey, "was sealed with another master key"],
] as const)("a console that starts %s", (_, start, sentence) => {
  let own: string;
  let api: Api;
  beforeAll(async () => {
    await start();
    const answer = await post(world, "/api/auth/sign-in/email", administrator);
    own = cookiesOf(answer);
    api = apiOf(world, own);
  });
  afterAll(withItsKey);

  it("starts, says why it only reads in its log, and makes no link, no key and no vault", async () => {
    expect(world.log()).toContain(sentence);
    expect(await world.setupLink()).toBeNull();
    expect(await jsonOf(await fetch(`${world.url}/api/system`))).toMatchObject({
      isReadOnly: true,
      needsSetup: false,
    });
    expect(sealed()).toEqual(kept);
  });

  it("lets people sign in afresh and look at orders and certificates", async () => {
    await expect(apiOf(world, cookie).orders.get.query({ orderId })).rejects.toMatchObject({
      data: { refusal: { code: "not-signed-in" } },
    });
    expect((await api.orders.get.query({ orderId })).commonName).toBe("shop.example.test");
    expect((await api.certificates.get.query({ certificateId })).certificateId).toBe(certificateId);
    expect((await api.audit.list.query({})).entries.length).toBeGreaterThan(0);
  });

  it("lets a passkey in, which stands for a second factor too", async () => {
    const asked = await post(world, "/api/auth/passkey/challenge", {});
    const { challenge, rpId } = await jsonOf(asked);
    const signed = authenticator.sign({ challenge: String(challenge), rpId: String(rpId) });
    const answer = await post(world, "/api/auth/sign-in/passkey", signed, { cookie: cookiesOf(asked) });
    expect(answer.status).toBe(200);
    expect((await apiOf(world, cookiesOf(answer)).session.me.query())?.name).toBe(administrator.name);
  });

  it("refuses every procedure that changes something, and every other way to", async () => {
    const mutations = procedures("mutation").map((path) => `/api/trpc/${path}`);
    expect(mutations.length).toBeGreaterThan(20);
    const others = [
      "/api/setup",
      "/api/invite",
      "/api/reset",
      `/api/certificates/${certificateId}/key`,
      `/api/certificates/${certificateId}/pem`,
      `/api/orders/${orderId}/download`,
      "/api/audit/export",
      "/api/auth/change-password",
      "/api/auth/two-factor/enable",
      "/api/auth/two-factor/verify-totp",
    ];
    for (const path of [...mutations, ...others]) {
      const answer = await post(world, path, {}, { cookie: own });
      expect([path, answer.status]).toEqual([path, 503]);
      expect(await answer.text()).toContain('"vault-locked"');
    }
    const said: string[] = [];
    const socket = join(world.directory, "data", "sandbox", "operator.sock");
    expect(await rotateVault((line) => said.push(line), socket)).toBe(2);
    expect(await checkVault((line) => said.push(line), socket)).toBe(2);
    expect(said.join("\n")).toContain("This console only reads");
  });

  it("reads nothing from the CA and traces nothing, but says in its log who came in", async () => {
    const before = (await traceOf(world)).length;
    await world.simulator.control.placeOrder({ commonName: "later.example.test" });
    const { calls } = await world.simulator.control.journal();
    expect((await api.orders.list.query({ search: "later" })).rows).toEqual([]);
    expect((await world.simulator.control.journal()).calls).toHaveLength(calls.length);
    expect(await traceOf(world)).toHaveLength(before);
    expect(world.log()).toContain("sign-in without a trace");
    expect(sealed()).toEqual(kept);
  });
});

describe("when the right master key is back", () => {
  it("goes on as before: the session from before, the key, the audit log", async () => {
    const api = apiOf(world, cookie);
    const answer = await post(
      world,
      `/api/certificates/${certificateId}/key`,
      { reason: "test" },
      { cookie },
    );
    expect(await answer.text()).toBe(keyPem);
    expect(await api.audit.check.mutate({ sequence: 0, hash: chainStart })).toMatchObject({ fault: null });
  });
});
