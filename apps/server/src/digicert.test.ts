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
  traceOf,
  untilSettled,
} from "./test-console.ts";

let world: TestConsole;
let api: Api;
beforeEach(async () => {
  world = await startTestConsole();
  api = apiOf(world, await enter(world));
});
afterEach(() => world[Symbol.asyncDispose]());

const place = async (commonName: string) =>
  await world.simulator.control.placeOrder({
    ca: "digicert",
    commonName,
    validation: "ov",
    organization: "A Ltd",
    approverEmail: "ana@example.test",
    technicalEmail: "it@example.test",
  });

describe("an account at DigiCert", () => {
  it("is read page by page, and its details survive the next list", async () => {
    await world.simulator.control.setLargestPage(2);
    for (let i = 0; i < 5; i++) await place(`host-${i}.example.test`);
    const caAccountId = await connectAccount(world, api, "digicert");
    const { rows } = await api.orders.list.query({ caAccountIds: [caAccountId] });
    expect(rows).toHaveLength(5);
    const orderId = rows[0]?.orderId ?? "";
    await api.orders.prepareResend.mutate({ orderId, kind: "fulfillment" });
    const before = await api.orders.get.query({ orderId });
    await api.accounts.syncNow.mutate({ caAccountId });
    await expect
      .poll(async () => (await api.orders.get.query({ orderId })).syncedAt > before.syncedAt)
      .toBe(true);
    const after = await api.orders.get.query({ orderId });
    for (const fact of ["issuances", "recipients", "validationType", "dnsNames"] as const)
      expect(after[fact]).toEqual(before[fact]);
  });

  it("mails the certificate to the addresses that were confirmed, once each", async () => {
    const { id } = await place("a.example.test");
    await connectAccount(world, api, "digicert");
    const { rows } = await api.orders.list.query({ search: String(id) });
    const orderId = rows[0]?.orderId ?? "";
    const { requestId } = await askForMail(api, orderId);
    expect(await untilSettled(api, requestId)).toMatchObject({ status: "accepted" });
    const mails = await world.simulator.control.mails();
    expect(mails.flatMap(({ to }) => to)).toEqual(["ana@example.test", "it@example.test"]);
  });

  it("mails only to the address that was chosen, in the form and with the words that were asked for", async () => {
    const { id } = await place("a.example.test");
    await connectAccount(world, api, "digicert");
    const { rows } = await api.orders.list.query({ search: String(id) });
    const orderId = rows[0]?.orderId ?? "";
    const chosen = ["else@example.test"];
    const message = "Bitte bis Freitag einspielen.";
    const about = { confirmedRecipients: chosen, format: "plaintext", message } as const;
    await expect(askForMail(api, orderId, about)).rejects.toMatchObject({
      data: { refusal: { code: "recipient-changed" } },
    });
    const { requestId } = await askForMail(api, orderId, { ...about, chosenRecipients: chosen });
    expect(await untilSettled(api, requestId)).toMatchObject({ status: "accepted", format: "plaintext" });
    const mails = await world.simulator.control.mails();
    expect(mails.flatMap(({ to }) => to)).toEqual(chosen);
    const raw = Buffer.from(await world.simulator.control.rawMail(mails[0]?.mailId ?? "")).toString();
    expect(raw).toContain(message);
    expect(raw).toContain("-----BEGIN CERTIFICATE-----");
    // What mails say is kept nowhere, not even our own words.
    await world.restart();
    expect(JSON.stringify(await traceOf(world))).toContain(chosen[0]);
    expect((await world.database()).includes(message)).toBe(false);
  });

  it("refuses a key pasted into the message, and at other CAs what they cannot do, on the field at fault", async () => {
    const { id } = await place("a.example.test");
    await connectAccount(world, api, "digicert");
    const { rows } = await api.orders.list.query({ search: String(id) });
    const pasted = askForMail(api, rows[0]?.orderId ?? "", { message: "-----BEGIN PRIVATE KEY-----" });
    await expect(pasted).rejects.toMatchObject({
      data: { refusal: { code: "invalid-input", field: "message", problem: "holds-key-material" } },
    });
    const { row } = await placeOrder(world, api, { commonName: "ibm.example.test" });
    for (const about of [
      { format: "link" as const },
      { message: "Hello" },
      { chosenRecipients: ["else@example.test"] },
    ]) {
      const refusal = { code: "invalid-input", field: Object.keys(about)[0], problem: "unsupported" };
      await expect(askForMail(api, row.orderId, about)).rejects.toMatchObject({ data: { refusal } });
    }
    expect(await world.simulator.control.mails()).toEqual([]);
  });

  it("says in the CA's words that a key may only read, and no mail leaves", async () => {
    const { id } = await place("a.example.test");
    await connectAccount(world, api, "digicert", world.simulator.account("digicert").readOnlyCredential);
    const { rows } = await api.orders.list.query({ search: String(id) });
    const { requestId } = await askForMail(api, rows[0]?.orderId ?? "");
    expect(await untilSettled(api, requestId)).toMatchObject({
      status: "refused",
      reason: "unauthorized",
      caMessage: "You do not have permission to perform this action.",
    });
    expect(await world.simulator.control.mails()).toEqual([]);
  });
});
