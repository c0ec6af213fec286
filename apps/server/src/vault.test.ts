import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkVault, rotateVault } from "@sealpost/cli/vault";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Api,
  apiOf,
  enter,
  placeOrder,
  post,
  startTestConsole,
  type TestConsole,
  traceOf,
} from "./test-console.ts";

let world: TestConsole;
let api: Api;
let cookie: string;
let socket: string;
let certificateId: string;
let keyPem: string;
const said: string[] = [];
const say = (line: string) => void said.push(line);

beforeAll(async () => {
  world = await startTestConsole();
  cookie = await enter(world);
  api = apiOf(world, cookie);
  socket = join(world.directory, "data", "sandbox", "operator.sock");
  const { order } = await placeOrder(world, api, { commonName: "shop.example.test" });
  keyPem = order.privateKeyPem ?? "";
  const form = new FormData();
  form.append("text", `${order.certificatePem}${keyPem}`);
  ({ certificateId } = await api.certificates.import.mutate(form));
});
afterAll(() => world[Symbol.asyncDispose]());

const exportedKey = async () =>
  await (
    await post(world, `/api/certificates/${certificateId}/key`, { reason: "for the test" }, { cookie })
  ).text();

describe("the vault under an operator's hands", () => {
  it("gets a new master key while the console runs, and gives out the same key before and after", async () => {
    const keyFile = world.env.SEALPOST_MASTER_KEY_FILE;
    const before = readFileSync(keyFile, "utf8");
    expect(await exportedKey()).toBe(keyPem);
    expect(await rotateVault(say, socket)).toBe(0);
    expect(readFileSync(keyFile, "utf8")).not.toBe(before);
    expect(await exportedKey()).toBe(keyPem);
    await world.restart();
    expect(await exportedKey()).toBe(keyPem);
    expect(said.join("\n")).toContain("Keep a copy of that file elsewhere now");
    expect((await traceOf(world)).filter(({ act }) => act === "vault.rotate")).toMatchObject([
      { actor: { kind: "operator" }, outcome: "done" },
    ]);
  });

  it("gets no new master key while its file holds another one, and says what to do", async () => {
    const keyFile = world.env.SEALPOST_MASTER_KEY_FILE;
    const right = readFileSync(keyFile, "utf8");
    const wrong = `${Buffer.alloc(32, 2).toString("base64")}\n`;
    writeFileSync(keyFile, wrong);
    expect(await rotateVault(say, socket)).toBe(1);
    expect(said.at(-1)).toContain("Put the right file back");
    expect(readFileSync(keyFile, "utf8")).toBe(wrong);
    expect(await exportedKey()).toBe(keyPem);
    writeFileSync(keyFile, right);
    expect(await rotateVault(say, socket)).toBe(0);
    expect(await exportedKey()).toBe(keyPem);
  });

  it("is found in order, and a damaged and an unnamed item are found in it", async () => {
    expect(await checkVault(say, socket)).toBe(0);
    const vault = join(world.directory, "data", "sandbox", "vault");
    const [name = ""] = readdirSync(vault).filter((one) => one.endsWith(".sealed"));
    const whole = readFileSync(join(vault, name));
    writeFileSync(join(vault, name), whole.subarray(0, -1));
    expect(await checkVault(say, socket)).toBe(1);
    expect(said.at(-1)).toContain(`${name.replace(".sealed", "")} is missing or damaged`);
    writeFileSync(join(vault, name), whole);
    expect(await checkVault(say, socket)).toBe(0);
  });

  it("says what to do when no console answers", async () => {
    for (const ask of [rotateVault, checkVault]) expect(await ask(say, "/nowhere/operator.sock")).toBe(2);
    expect(said.at(-1)).toContain("Start it first");
  });
});
