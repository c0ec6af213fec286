import { describe, expect, it } from "vitest";
import { accountId } from "./dialects/ibm-classic/dialect.ts";
import { type Fault, startSimulator } from "./index.ts";
import { callCa, resend, service, startForTest } from "./test-ca.ts";

const coded = (code: string) => expect.stringContaining(`"code":"SoftLayer_Exception_${code}"`);

describe("a fault at the CA", () => {
  const answered: readonly [Fault, status: number, body: unknown, mails: number][] = [
    ["refuse", 500, coded("Public"), 0],
    ["http-500", 500, "upstream failure", 0],
    ["http-503", 503, expect.stringContaining("<html>"), 0],
    ["html", 200, expect.stringContaining("<html>"), 0],
    ["garbage", 200, expect.stringMatching(/[^}]$/), 0],
    ["rate-limit", 429, coded("WebService_RateLimitExceeded"), 0],
    ["empty-200", 200, "", 0],
    ["error-in-200", 200, expect.stringContaining("Internal Error"), 0],
    ["false", 200, "false", 0],
    ["unauthorized", 401, coded("Public"), 0],
    ["forbidden", 403, coded("Public"), 0],
    ["not-found", 404, coded("ObjectNotFound"), 0],
    ["slow", 200, "true", 1],
    [{ status: 418, body: { error: "Tea only." } }, 418, '{"error":"Tea only."}', 0],
    [{ status: 200, body: "plainly wrong" }, 200, "plainly wrong", 0],
  ];
  it.concurrent.each(answered)("plays %o in a resend", async (fault, status, body, mails) => {
    await using simulator = await startSimulator();
    const { id } = await simulator.control.placeOrder({ commonName: "a.example.test" });
    await simulator.control.setFault("resend", id, fault);
    const answer = await resend(simulator, id);
    expect([answer.status, await answer.text()]).toEqual([status, body]);
    if (fault === "rate-limit") expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await simulator.control.mails()).toHaveLength(mails);
  });

  it.each([
    ["no-answer-before-mail", 0],
    ["no-answer-after-mail", 1],
    ["half-answer", 0],
  ] as const)("plays %s by hanging up, with %i mails sent", async (fault, mails) => {
    const simulator = await startForTest();
    const { id } = await simulator.control.placeOrder({ commonName: "a.example.test" });
    await simulator.control.setFault("resend", id, fault);
    await expect(resend(simulator, id).then((answer) => answer.text())).rejects.toThrow();
    expect(await simulator.control.mails()).toHaveLength(mails);
  });

  it.each([
    ["hang-before-mail", 0],
    ["hang-after-mail", 1],
  ] as const)("plays %s until the caller leaves, with %i mails sent", async (fault, mails) => {
    const simulator = await startForTest();
    const { id } = await simulator.control.placeOrder({ commonName: "a.example.test" });
    await simulator.control.setFault("resend", id, fault);
    const abort = new AbortController();
    const asked = callCa(simulator, `${service}/${id}/resendEmail`, {
      parameters: ["FulfillmentEmail"],
      signal: abort.signal,
    });
    const left = expect(asked).rejects.toMatchObject({ name: "AbortError" });
    await simulator.waitForMails(mails);
    await expect.poll(async () => (await simulator.control.journal()).calls.length).toBe(1);
    abort.abort();
    await left;
    expect(await simulator.control.mails()).toHaveLength(mails);
  });

  it("stands for one order or for all, for reading or for resending, until it is taken away", async () => {
    const simulator = await startForTest();
    const { control } = simulator;
    const a = await control.placeOrder({ commonName: "a.test" });
    const b = await control.placeOrder({ commonName: "b.test" });
    const read = async (path: string) => (await callCa(simulator, `${service}/${path}`)).status;
    await control.setFault("read", a.id, "not-found");
    expect([await read(`${a.id}`), await read(`${b.id}`)]).toEqual([404, 200]);
    expect((await resend(simulator, a.id)).status).toBe(200);
    await control.setFault("read", "all", "http-503");
    const list = `getSslCertificateRequests/${accountId}`;
    expect([await read(`${a.id}`), await read(`${b.id}`), await read(list)]).toEqual([404, 503, 503]);
    await control.setFault("read", a.id, null);
    expect(await read(`${a.id}`)).toBe(503);
    await control.clearFaults();
    expect([await read(`${a.id}`), await read(list)]).toEqual([200, 200]);
  });
});
