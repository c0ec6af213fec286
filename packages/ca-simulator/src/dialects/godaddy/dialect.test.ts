import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator.ts";

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator[Symbol.asyncDispose]());

/** Asks as a client does. Resolves to status, type and body. */
async function ask(path: string, about: { method?: string; authorization?: string } = {}) {
  const { baseUrl, credential } = simulator.account("godaddy");
  const { method = "GET", authorization = `sso-key ${credential.key}:${credential.secret}` } = about;
  const answer = await fetch(new URL(path, baseUrl), { method, headers: { authorization } });
  const text = await answer.text();
  return {
    status: answer.status,
    type: answer.headers.get("content-type"),
    body: text === "" ? null : JSON.parse(text),
  };
}

const place = async (about: object = {}) =>
  await simulator.control.placeOrder({
    ca: "godaddy",
    commonName: "shop.example.test",
    technicalEmail: "ana@example.test",
    ...about,
  });
const customers = () => `v2/customers/${simulator.account("godaddy").settings.customerId}/certificates`;

describe("GoDaddy as the sandbox plays it", () => {
  it("knows key and secret together, and the customer they belong to", async () => {
    expect(await ask(customers(), { authorization: "sso-key a:b" })).toMatchObject({
      status: 401,
      body: { code: "UNABLE_TO_AUTHENTICATE" },
    });
    expect(await ask("v2/customers/somebody/certificates")).toMatchObject({ status: 403 });
    expect(await ask(customers())).toMatchObject({ status: 200, body: { certificates: [] } });
  });

  it("lists the newest first, by offset and limit, and tells the details by a UUID", async () => {
    const placed = [await place(), await place(), await place({ status: "Pending CA Approval" })];
    const { body } = await ask(`${customers()}?offset=1&limit=1`);
    expect(body.pagination.total).toBe(3);
    expect(body.certificates).toMatchObject([{ certificateId: placed[1]?.number, status: "ISSUED" }]);
    expect(placed[1]?.number).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const pending = await ask(`v1/certificates/${placed[2]?.number}`);
    expect(pending.body).toMatchObject({
      status: "PENDING_ISSUANCE",
      contact: { email: "ana@example.test" },
    });
    expect(pending.body.validEndAt).toBeUndefined();
    expect(await ask("v1/certificates/00000000-0000-4000-8000-000000000000")).toMatchObject({ status: 404 });
  });

  it("tells the history as an object while there is one mail, as a list from then on", async () => {
    const pending = await place({ status: "Pending CA Approval" });
    const one = await ask(`v1/certificates/${pending.number}/email/history`);
    expect(one.body).toMatchObject({ templateType: "DomainControlEmail", recipients: "ana@example.test" });
    const issued = await place();
    const two = await ask(`v1/certificates/${issued.number}/email/history`);
    expect(two.body).toHaveLength(2);
  });

  it("repeats a mail to where it went or elsewhere, with 204, no body and no type for one", async () => {
    const order = await place();
    const { body } = await ask(`v1/certificates/${order.number}/email/history`);
    const mail = `v1/certificates/${order.number}/email/${body[1].id}/resend`;
    expect(await ask(mail, { method: "POST" })).toEqual({ status: 204, type: null, body: null });
    await ask(`${mail}/o%2Bx%40else.test`, { method: "POST" });
    const mails = await simulator.control.mails();
    expect(mails.map(({ to }) => to)).toEqual([["ana@example.test"], ["o+x@else.test"]]);
    const raw = Buffer.from(await simulator.control.rawMail(mails[0]?.mailId ?? "")).toString();
    expect(raw).toContain("https://");
    expect(raw).not.toContain("BEGIN CERTIFICATE");
    const unknown = `v1/certificates/${order.number}/email/1/resend`;
    expect(await ask(unknown, { method: "POST" })).toMatchObject({ status: 409 });
  });

  it("hands out certificate, intermediate and root, once it is issued", async () => {
    const order = await place();
    const { body } = await ask(`v1/certificates/${order.number}/download`);
    expect(body.pems).toEqual({
      certificate: order.certificatePem,
      intermediate: simulator.intermediateCertificatePem,
      root: simulator.rootCertificatePem,
    });
    const pending = await place({ status: "Pending CA Approval" });
    expect(await ask(`v1/certificates/${pending.number}/download`)).toMatchObject({ status: 409 });
  });
});
