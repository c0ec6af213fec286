import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Api,
  apiOf,
  connectAccount,
  enter,
  jsonOf,
  placeOrder,
  post,
  startTestConsole,
  type TestConsole,
} from "./test-console.ts";

let world: TestConsole;
let api: Api;
let cookie: string;
beforeEach(async () => {
  world = await startTestConsole();
  cookie = await enter(world);
  api = apiOf(world, cookie);
});
afterEach(() => world[Symbol.asyncDispose]());

const place = async () => {
  const order = await world.simulator.control.placeOrder({ ca: "digicert", commonName: "a.example.test" });
  await connectAccount(world, api, "digicert");
  const { rows } = await api.orders.list.query({ search: String(order.id) });
  return { order, orderId: rows[0]?.orderId ?? "" };
};
const download = (orderId: string, withCookie = cookie) =>
  post(world, `/api/orders/${orderId}/download`, {}, { cookie: withCookie });

describe("downloading from the CA into the import", () => {
  it("hands on what the CA has issued, imports it with its key for its order, and keeps nothing in between", async () => {
    const { order, orderId } = await place();
    const answer = await download(orderId);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toContain("no-store");
    const form = await answer.formData();
    form.append("key", order.privateKeyPem ?? "");
    const leaf = Buffer.from((order.certificatePem ?? "").replace(/-----[^-]+-----|\s/g, ""), "base64");
    const kept = await world.database();
    for (const bytes of [leaf, Buffer.from(leaf.toString("base64").slice(0, 64))])
      expect(kept.includes(bytes.subarray(0, 64))).toBe(false);
    expect(world.log()).not.toContain(leaf.toString("base64").slice(0, 64));
    const certificate = await api.certificates.import.mutate(form);
    expect(certificate).toMatchObject({ commonName: "a.example.test", orderId, isKeyStored: true });
    const { trace } = await api.orders.get.query({ orderId });
    expect(trace.map(({ act }) => act)).toContain("order.download");
  });

  it("hands on the CA's words when it refuses, and traces that it was asked", async () => {
    const { order, orderId } = await place();
    await world.simulator.control.setFault("read", order.id, "forbidden");
    const answer = await download(orderId);
    expect(answer.status).toBe(502);
    expect(await jsonOf(answer)).toMatchObject({
      refusal: { code: "ca-error", kind: "forbidden", caMessage: expect.stringMatching(/permission/) },
    });
    const { trace } = await api.orders.get.query({ orderId });
    expect(trace[0]).toMatchObject({ act: "order.download", outcome: "refused", code: "ca-error" });
  });

  it("says of a CA that hands out nothing that it does not, and answers nobody without a session", async () => {
    const { row } = await placeOrder(world, api, { commonName: "ibm.example.test" });
    expect(await jsonOf(await download(row.orderId))).toMatchObject({ code: "download-unsupported" });
    expect((await download(row.orderId, "")).status).toBe(401);
    expect(await jsonOf(await download("nobody"))).toMatchObject({ code: "not-found" });
  });
});
