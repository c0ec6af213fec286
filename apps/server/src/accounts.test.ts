import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Api,
  apiOf,
  askForMail,
  enter,
  placeOrder,
  startTestConsole,
  type TestConsole,
} from "./test-console.ts";

let world: TestConsole;
let api: Api;
beforeEach(async () => {
  world = await startTestConsole();
  api = apiOf(world, await enter(world));
});
afterEach(() => world[Symbol.asyncDispose]());

const connect = (about: { label?: string; apiKey?: string; baseUrl?: string; caAccountId?: string }) =>
  api.accounts.connect.mutate({
    caAccountId: about.caAccountId ?? null,
    adapter: "ibm-classic",
    label: about.label ?? "By hand",
    baseUrl: about.baseUrl ?? world.ibm.baseUrl,
    fields: {
      username: world.ibm.username,
      apiKey: about.apiKey ?? world.ibm.apiKey,
    },
  });

const synced = (id: string) =>
  expect.poll(async () => (await api.accounts.list.query()).find((one) => one.caAccountId === id)?.sync, {
    interval: 10,
  });

describe("CA accounts", () => {
  it("reads the orders of an account connected by hand, and tests its credential", async () => {
    await world.simulator.control.placeOrder({ commonName: "a.example.test" });
    const account = await connect({});
    await synced(account.caAccountId).toMatchObject({ ordersSeen: 1, fault: null, runningSince: null });
    expect(await api.accounts.test.mutate({ caAccountId: account.caAccountId })).toEqual({
      accountName: "Sandbox account",
      isReadOnly: null,
    });
    expect(JSON.stringify(await api.accounts.list.query())).not.toContain(world.ibm.apiKey);
  });

  it("shows a wrong credential in the CA's own words, and keeps what was read before", async () => {
    await world.simulator.control.placeOrder({ commonName: "a.example.test" });
    const account = await connect({});
    await synced(account.caAccountId).toMatchObject({ ordersSeen: 1, runningSince: null });
    await connect({ caAccountId: account.caAccountId, apiKey: "wrong" });
    await synced(account.caAccountId).toMatchObject({
      fault: { kind: "unauthorized", caMessage: "Access Denied." },
    });
    const { rows } = await api.orders.list.query({ caAccountIds: [account.caAccountId] });
    expect(rows).toHaveLength(1);
    await expect(api.accounts.test.mutate({ caAccountId: account.caAccountId })).rejects.toMatchObject({
      data: { httpStatus: 502, refusal: { code: "ca-error", kind: "unauthorized" } },
    });
  });

  it.each([
    ["html", "unexpected-response"],
    ["garbage", "unexpected-response"],
    ["http-503", "unavailable"],
    ["no-answer-before-mail", "unavailable"],
  ] as const)("leaves orders readable when the CA answers a reading with %s", async (fault, kind) => {
    const { row } = await placeOrder(world, api, { commonName: "a.example.test" });
    await world.simulator.control.setFault("read", "all", fault);
    await api.accounts.syncNow.mutate({});
    await synced(row.caAccountId).toMatchObject({ fault: { kind }, runningSince: null });
    expect((await api.orders.get.query({ orderId: row.orderId })).commonName).toBe("a.example.test");
    await world.simulator.control.clearFaults();
    await api.accounts.syncNow.mutate({});
    await synced(row.caAccountId).toMatchObject({ fault: null });
  });

  it("asks for the secret again when the address changes, and refuses plain http to elsewhere", async () => {
    const { caAccountId } = await connect({});
    await expect(
      connect({ caAccountId, apiKey: "", baseUrl: "https://stranger.test/" }),
    ).rejects.toMatchObject({ data: { refusal: { field: "credential", problem: "type-again" } } });
    await expect(connect({ label: "Plain", baseUrl: "http://ca.example.test/" })).rejects.toMatchObject({
      data: { refusal: { code: "address-not-allowed" } },
    });
    expect((await connect({ caAccountId, apiKey: "", label: "Renamed" })).label).toBe("Renamed");
    await expect(connect({ label: "renamed" })).rejects.toMatchObject({
      data: { refusal: { code: "account-label-taken" } },
    });
  });

  it("stays paused when a paused one is renamed, and wants its secret again once it was disconnected", async () => {
    const { caAccountId } = await connect({});
    await api.accounts.setState.mutate({ caAccountId, state: "paused" });
    expect(await connect({ caAccountId, apiKey: "", label: "Renamed" })).toMatchObject({
      state: "paused",
      label: "Renamed",
    });
    await api.accounts.setState.mutate({ caAccountId, state: "disconnected" });
    await expect(connect({ caAccountId, apiKey: "" })).rejects.toMatchObject({
      data: { refusal: { field: "credential", problem: "type-again" } },
    });
    expect(await connect({ caAccountId })).toMatchObject({ state: "connected" });
  });

  it.each(["https://10.1.2.3/", "https://169.254.169.254/", "https://[fd00::1]/", "https://192.168.0.1/"])(
    "calls no address inside a network that only the operator can open: %s",
    async (baseUrl) => {
      const { caAccountId } = await connect({ label: baseUrl, baseUrl });
      await expect(api.accounts.test.mutate({ caAccountId })).rejects.toMatchObject({
        data: { refusal: { code: "ca-error", kind: "unavailable", caMessage: "address-not-allowed" } },
      });
    },
  );

  it("reads a paused account again as soon as it is resumed, also after a restart in between", async () => {
    const { row } = await placeOrder(world, api, { commonName: "a.example.test" });
    const { caAccountId } = row;
    await api.accounts.setState.mutate({ caAccountId, state: "paused" });
    await world.restart();
    const { id } = await world.simulator.control.placeOrder({ commonName: "b.example.test" });
    await api.accounts.setState.mutate({ caAccountId, state: "connected" });
    await expect
      .poll(async () => (await api.orders.list.query({ search: String(id) })).rows, { interval: 10 })
      .toMatchObject([{ commonName: "b.example.test" }]);
  });

  it("asks nothing of a paused account, keeps the orders of a disconnected one, and throws its credential away", async () => {
    const { row } = await placeOrder(world, api, { commonName: "a.example.test" });
    await api.accounts.setState.mutate({ caAccountId: row.caAccountId, state: "paused" });
    await expect(askForMail(api, row.orderId)).rejects.toMatchObject({
      data: { refusal: { code: "account-paused" } },
    });
    const gone = await api.accounts.setState.mutate({ caAccountId: row.caAccountId, state: "disconnected" });
    expect(gone).toMatchObject({ state: "disconnected", hasCredential: false });
    expect((await api.orders.list.query({})).rows).toHaveLength(1);
    await expect(
      api.accounts.setState.mutate({ caAccountId: row.caAccountId, state: "connected" }),
    ).rejects.toMatchObject({ data: { refusal: { code: "invalid-input" } } });
  });
});
