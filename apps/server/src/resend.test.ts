import type { Fault } from "@sealpost/ca-simulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Api,
  apiOf,
  askForMail,
  enter,
  placeOrder,
  startTestConsole,
  type TestConsole,
  traceOf,
  untilSettled,
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

const mailsOf = async (id: number) =>
  (await world.simulator.control.journal()).mails.filter((mail) => mail.orderId === id);

describe("one click is one email", () => {
  it("carries a request to the CA, which sends exactly one mail, and tells who asked, when, and how long it took", async () => {
    const { order, row } = await placeOrder(world, api, { commonName: "a.example.test" });
    const asked = await askForMail(api, row.orderId);
    const ended = await untilSettled(api, asked.requestId);
    expect(ended).toMatchObject({ status: "accepted", requestedBy: { name: "Ana" }, attempts: 1 });
    expect(ended.answeredInMs).toBeGreaterThan(0);
    expect(await mailsOf(order.id)).toHaveLength(1);
    const trace = (await traceOf(world)).filter(({ subject }) => subject.id === row.orderId);
    expect(trace.map((entry) => entry.act)).toEqual(["resend.request", "resend.forward", "resend.settle"]);
  });

  it("answers the same key again with the first request, and sends nothing more", async () => {
    const { order, row } = await placeOrder(world, api, { commonName: "a.example.test" });
    const idempotencyKey = crypto.randomUUID();
    const asked = await Promise.all(
      Array.from({ length: 8 }, () => askForMail(api, row.orderId, { idempotencyKey })),
    );
    expect(new Set(asked.map((one) => one.requestId)).size).toBe(1);
    await untilSettled(api, asked[0]?.requestId ?? "");
    expect(await mailsOf(order.id)).toHaveLength(1);
  });

  it("lets one of ten people in who press at once, and tells the others who it was", async () => {
    const { order, row } = await placeOrder(world, api, { commonName: "a.example.test" });
    await world.simulator.control.setFault("resend", order.id, "slow");
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => askForMail(api, row.orderId)));
    const made = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.data.refusal] : []));
    expect(made).toHaveLength(1);
    expect(refused).toHaveLength(9);
    for (const refusal of refused)
      expect(refusal).toMatchObject({ code: "resend-under-way", requestedBy: "Ana" });
    await untilSettled(api, made[0]?.requestId ?? "");
    expect(await mailsOf(order.id)).toHaveLength(1);
  });

  it("refuses a second Send within the cool-down and names the time, and writes the refused act down", async () => {
    const { row } = await placeOrder(world, api, { commonName: "a.example.test" });
    await untilSettled(api, (await askForMail(api, row.orderId)).requestId);
    await expect(askForMail(api, row.orderId)).rejects.toMatchObject({
      data: { httpStatus: 429, refusal: { code: "cooling-down", until: expect.stringMatching(/^20/) } },
    });
    const { trace } = await api.orders.get.query({ orderId: row.orderId });
    expect(trace[0]).toMatchObject({ act: "resend.request", outcome: "refused", code: "cooling-down" });
  });

  it("sends nothing when the address at the CA is another one by the time the worker asks", async () => {
    const { order, row } = await placeOrder(world, api, {
      commonName: "a.example.test",
      approverEmail: "old@example.test",
    });
    await expect
      .poll(async () => (await api.orders.get.query({ orderId: row.orderId })).detailsAt, { interval: 5 })
      .not.toBeNull();
    await world.simulator.control.changeApproverEmail(order.id, "new@example.test");
    const confirmed = {
      orderId: row.orderId,
      kind: "fulfillment" as const,
      idempotencyKey: crypto.randomUUID(),
      confirmedRecipients: ["old@example.test"],
    };
    const asked = await api.orders.requestResend.mutate(confirmed);
    expect(await untilSettled(api, asked.requestId)).toMatchObject({
      status: "refused",
      reason: "recipient-changed",
      caMessage: "new@example.test",
    });
    expect(await mailsOf(order.id)).toEqual([]);
  });

  it("sends nothing for an order cancelled at the CA meanwhile", async () => {
    const { order, row } = await placeOrder(world, api, { commonName: "a.example.test" });
    const confirmed = {
      orderId: row.orderId,
      kind: "fulfillment" as const,
      idempotencyKey: crypto.randomUUID(),
      confirmedRecipients: [order.approverEmail],
    };
    // The background has read the details, so only the worker will look again.
    await expect
      .poll(async () => (await api.orders.get.query({ orderId: row.orderId })).detailsAt, { interval: 5 })
      .not.toBeNull();
    await world.simulator.control.setStatus(order.id, "Canceled");
    const asked = await api.orders.requestResend.mutate(confirmed);
    expect(await untilSettled(api, asked.requestId)).toMatchObject({
      status: "refused",
      reason: "order-not-issued",
    });
    expect(await mailsOf(order.id)).toEqual([]);
  });

  const faults: readonly [Fault, string, number][] = [
    ["refuse", "refused", 0],
    ["false", "refused", 0],
    ["unauthorized", "refused", 0],
    ["forbidden", "refused", 0],
    ["not-found", "refused", 0],
    ["http-500", "outcome-unknown", 0],
    ["html", "outcome-unknown", 0],
    ["half-answer", "outcome-unknown", 0],
    ["empty-200", "outcome-unknown", 0],
    ["no-answer-before-mail", "outcome-unknown", 0],
    ["no-answer-after-mail", "outcome-unknown", 1],
    ["slow", "accepted", 1],
  ];
  it.each(faults)(
    "ends as it was when the CA answers with %s: %s, and %i mails",
    async (fault, status, mails) => {
      const { order, row } = await placeOrder(world, api, { commonName: "a.example.test" });
      await world.simulator.control.setFault("resend", order.id, fault);
      const ended = await untilSettled(api, (await askForMail(api, row.orderId)).requestId);
      expect(ended.status).toBe(status);
      expect(await mailsOf(order.id)).toHaveLength(mails);
      const calls = (await world.simulator.control.journal()).calls.filter((call) =>
        call.path.includes("resendEmail"),
      );
      expect(calls).toHaveLength(1);
    },
  );

  it("comes back by itself when the CA asks for patience, and can be taken back while it waits", async () => {
    const { order, row } = await placeOrder(world, api, { commonName: "a.example.test" });
    await world.simulator.control.setFault("resend", order.id, "rate-limit");
    const asked = await askForMail(api, row.orderId);
    await expect
      .poll(async () => (await api.orders.resendRequest.query({ requestId: asked.requestId })).attempts, {
        interval: 10,
      })
      .toBeGreaterThan(0);
    await expect
      .poll(async () => (await api.orders.resendRequest.query({ requestId: asked.requestId })).status, {
        interval: 10,
      })
      .toBe("requested");
    await api.orders.cancelResend.mutate({ requestId: asked.requestId });
    expect(await untilSettled(api, asked.requestId)).toMatchObject({
      status: "not-sent",
      reason: "cancelled",
    });
    expect(await mailsOf(order.id)).toEqual([]);
    await world.simulator.control.clearFaults();
    expect(await untilSettled(api, (await askForMail(api, row.orderId)).requestId)).toMatchObject({
      status: "accepted",
    });
  });

  it("wants a second thought after an unknown outcome, and then asks again", async () => {
    const { order, row } = await placeOrder(world, api, {
      commonName: "a.example.test",
      status: "Pending CA Approval",
    });
    await world.simulator.control.setFault("resend", order.id, "no-answer-before-mail");
    await untilSettled(api, (await askForMail(api, row.orderId, { kind: "approver" })).requestId);
    await expect(askForMail(api, row.orderId, { kind: "approver" })).rejects.toMatchObject({
      data: { refusal: { code: "cooling-down" } },
    });
  });

  it("says unknown of what was under way when it was stopped, and never repeats it", async () => {
    const { order, row } = await placeOrder(world, api, { commonName: "a.example.test" });
    await world.simulator.control.setFault("resend", order.id, "hang-after-mail");
    const asked = await askForMail(api, row.orderId);
    await expect.poll(async () => (await mailsOf(order.id)).length, { interval: 10 }).toBe(1);
    await world.restart();
    await world.simulator.control.clearFaults();
    expect(await untilSettled(api, asked.requestId)).toMatchObject({ status: "outcome-unknown" });
    expect(await mailsOf(order.id)).toHaveLength(1);
  });

  it("never sends what a restored backup had queued", async () => {
    const { order, row } = await placeOrder(world, api, { commonName: "a.example.test" });
    await world.simulator.control.setFault("read", order.id, "http-503");
    const confirmed = {
      orderId: row.orderId,
      kind: "fulfillment" as const,
      idempotencyKey: crypto.randomUUID(),
      confirmedRecipients: [order.approverEmail],
    };
    const { requestId } = await api.orders.requestResend.mutate(confirmed);
    await expect
      .poll(async () => (await api.orders.resendRequest.query({ requestId })).attempts, { interval: 10 })
      .toBeGreaterThan(0);
    await world.restoreBackup();
    await world.simulator.control.clearFaults();
    expect(await untilSettled(api, requestId)).toMatchObject({
      status: "not-sent",
      reason: "restored-backup",
    });
    expect(await mailsOf(order.id)).toEqual([]);
  });

  it("warns above 20 mails a day to one address, and goes on only with the count confirmed", async () => {
    const recipient = "busy@example.test";
    for (let i = 0; i < 20; i++) {
      const { row } = await placeOrder(world, api, {
        commonName: `h${i}.example.test`,
        approverEmail: recipient,
      });
      await untilSettled(api, (await askForMail(api, row.orderId)).requestId);
    }
    const { row } = await placeOrder(world, api, {
      commonName: "one-more.example.test",
      approverEmail: recipient,
    });
    await expect(askForMail(api, row.orderId)).rejects.toMatchObject({
      data: { refusal: { code: "daily-limit", count: 20, recipient } },
    });
    const asked = await askForMail(api, row.orderId, { confirmedDailyCount: 20 });
    expect((await untilSettled(api, asked.requestId)).status).toBe("accepted");
  });

  it("keeps the CA's credential and full addresses out of the log", async () => {
    const { row } = await placeOrder(world, api, {
      commonName: "a.example.test",
      approverEmail: "somebody@example.test",
    });
    await untilSettled(api, (await askForMail(api, row.orderId)).requestId);
    await expect.poll(() => world.log()).toContain("resend moved");
    for (const secret of [
      world.ibm.apiKey,
      "somebody@example.test",
      "correct horse battery",
      cookie.split("=")[1] ?? "?",
    ])
      expect(world.log()).not.toContain(secret);
  });
});
