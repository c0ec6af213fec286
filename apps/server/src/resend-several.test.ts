import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Api,
  apiOf,
  askForMail,
  connectAccount,
  enter,
  placeOrder,
  startTestConsole,
  type TestConsole,
  untilSettled,
} from "./test-console.ts";
import { startTestRouters } from "./test-router.ts";

let world: TestConsole;
let api: Api;
beforeEach(async () => {
  world = await startTestConsole();
  api = apiOf(world, await enter(world));
});
afterEach(() => world[Symbol.asyncDispose]());

const recipient = "busy@example.test";
const ask = (orderId: string) => ({
  orderId,
  kind: "fulfillment" as const,
  idempotencyKey: crypto.randomUUID(),
  confirmedRecipients: [recipient],
});

async function place(count: number): Promise<string[]> {
  for (let i = 1; i < count; i++)
    await world.simulator.control.placeOrder({ commonName: `h${i}.example.test`, approverEmail: recipient });
  await placeOrder(world, api, { commonName: "last.example.test", approverEmail: recipient });
  const { rows } = await api.orders.list.query({ search: recipient });
  return rows.map(({ orderId }) => orderId);
}

async function mails() {
  return (await world.simulator.control.journal()).mails.filter(({ to }) => to === recipient);
}

describe("mails asked for several orders at once", () => {
  it("are one request each: what is refused says why and holds up none of the rest, and again is not once more", async () => {
    const [first = "", second = "", third = ""] = await place(3);
    const requests = [
      ask(first),
      { ...ask(second), confirmedRecipients: ["other@example.test"] },
      ask(third),
    ];
    const outcomes = await api.orders.requestResends.mutate({ requests });
    expect(outcomes.map(({ orderId }) => orderId)).toEqual([first, second, third]);
    expect(outcomes[1]).toMatchObject({ request: null, refusal: { code: "recipient-changed" } });
    const made = outcomes.flatMap(({ request }) => (request ? [request.requestId] : []));
    for (const requestId of made) expect((await untilSettled(api, requestId)).status).toBe("accepted");
    const again = await api.orders.requestResends.mutate({ requests });
    expect(again.flatMap(({ request }) => (request ? [request.requestId] : []))).toEqual(made);
    expect(await mails()).toHaveLength(2);
    const together = await api.orders.resendRequests.query({ requestIds: made.toReversed() });
    expect(together.map(({ requestId, status }) => [requestId, status])).toEqual(
      made.toReversed().map((requestId) => [requestId, "accepted"]),
    );
  });

  it("at a CA that does not answer hold up no mail of another CA, and are asked for two at a time", async () => {
    await connectAccount(world, api, "digicert");
    const { row: other } = await placeOrder(world, api, { ca: "digicert", commonName: "other.example.test" });
    const ids = await place(6);
    await world.simulator.control.setFault("resend", "all", "hang-before-mail");
    const asking = async () =>
      (await world.simulator.control.journal()).calls.filter(({ path }) => path.includes("resendEmail"));
    await api.orders.requestResends.mutate({ requests: ids.map(ask) });
    await expect.poll(async () => (await asking()).length, { interval: 10 }).toBe(2);
    await world.simulator.control.clearFaults();
    const { requestId } = await askForMail(api, other.orderId);
    await expect
      .poll(async () => (await api.orders.resendRequest.query({ requestId })).status, { interval: 10 })
      .toBe("accepted");
    expect(await asking()).toHaveLength(2);
  });

  it("count towards the day of an address they go to together", async () => {
    const ids = await place(22);
    const outcomes = await api.orders.requestResends.mutate({ requests: ids.map(ask) });
    expect(outcomes.filter(({ request }) => request)).toHaveLength(20);
    expect(outcomes.flatMap(({ refusal }) => refusal ?? [])).toEqual([
      { code: "daily-limit", count: 20, recipient },
      { code: "daily-limit", count: 20, recipient },
    ]);
  });

  it("name each order once", async () => {
    const [id = ""] = await place(1);
    await expect(api.orders.requestResends.mutate({ requests: [ask(id), ask(id)] })).rejects.toMatchObject({
      data: { refusal: { code: "invalid-input" } },
    });
  });
});

it("asking for several needs a right of its own, and without it every order's trace says so", async () => {
  await using routers = await startTestRouters();
  const now = new Date("2026-11-23T00:00:00Z");
  const viewer = (await routers.open({ anchorsPem: [], intermediates: null })).callerAs("viewer", now);
  const ids = [await routers.placeOrder(["a.test"], now), await routers.placeOrder(["b.test"], now)];
  await expect(viewer.orders.requestResends({ requests: ids.map(ask) })).rejects.toMatchObject({
    cause: { refusal: { code: "forbidden", right: "orders:resend-bulk" } },
  });
  for (const orderId of ids)
    expect((await viewer.orders.get({ orderId })).trace).toMatchObject([
      { act: "resend.request", outcome: "refused", code: "forbidden" },
    ]);
  // Who asks again and again cannot fill the log: some are written down, of the rest how many.
  for (let time = 0; time < 60; time++)
    await expect(viewer.orders.requestResends({ requests: ids.map(ask) })).rejects.toBeTruthy();
  const traces = await Promise.all(ids.map(async (orderId) => (await viewer.orders.get({ orderId })).trace));
  expect(traces.flat().length).toBeLessThan(40);
});
