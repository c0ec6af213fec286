import { X509Certificate } from "node:crypto";
import PostalMime from "postal-mime";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../index.ts";
import { objectIn, startForTest } from "../../test-ca.ts";

interface Asked {
  readonly method?: string;
  readonly authorization?: string;
}

/** Calls the service; `path` is taken from the base URL, with `:customer` for the account's own. */
async function call(simulator: Simulator, path: string, asked: Asked = {}): Promise<Response> {
  const { baseUrl, settings, credential } = simulator.account("godaddy");
  const { method = "GET", authorization = `sso-key ${credential.apiKey}:${credential.apiSecret}` } = asked;
  const url = new URL(path.replace(":customer", settings.customerId ?? ""), baseUrl);
  return await fetch(url, { method, headers: { authorization } });
}

const listPath = "v2/customers/:customer/certificates";
const idOf = ({ id }: { readonly id: number }) => `5ea1b057-0000-4000-8000-${String(id).padStart(12, "0")}`;
const place = async (simulator: Simulator, commonName: string, about: object = {}) =>
  await simulator.control.placeOrder({ ca: "godaddy", commonName, ...about });
const pending = { status: "Pending CA Approval" } as const;
const coded = (code: string) => ({ code, message: expect.stringMatching(/\w/) });
const post = { method: "POST" } as const;

async function historyOf(simulator: Simulator, order: { readonly id: number }): Promise<unknown> {
  return await (await call(simulator, `v1/certificates/${idOf(order)}/email/history`)).json();
}

/** The status of an answer and what it says. */
async function saidBy(answer: Response): Promise<readonly unknown[]> {
  return [answer.status, await answer.json()];
}

describe("GoDaddy's protocol", () => {
  it("takes key and secret in one header, for its own customer and its own orders", async () => {
    const simulator = await startForTest();
    const { apiKey, apiSecret } = simulator.account("godaddy").credential;
    const own = await place(simulator, "a.test");
    const other = await simulator.control.placeOrder({ commonName: "b.test" });
    const wrong = ["", "x", `sso-key ${apiKey}`, `sso-key ${apiSecret}:${apiKey}`, `Bearer ${apiKey}`];
    for (const authorization of wrong)
      expect(await saidBy(await call(simulator, listPath, { authorization }))).toEqual([
        401,
        coded("UNABLE_TO_AUTHENTICATE"),
      ]);
    const authorization = `SSO-KEY ${apiKey}:${apiSecret}`;
    expect((await call(simulator, listPath, { authorization })).status).toBe(200);
    expect(await saidBy(await call(simulator, "v2/customers/x/certificates"))).toEqual([
      403,
      coded("ACCESS_DENIED"),
    ]);
    expect((await call(simulator, `v1/certificates/${idOf(own)}`)).status).toBe(200);
    for (const id of [idOf(other), String(own.id), "999"])
      expect(await saidBy(await call(simulator, `v1/certificates/${id}`))).toEqual([404, coded("NOT_FOUND")]);
    for (const path of ["nothing", "v3/certificates", `v1/certificates/${idOf(own)}/x`])
      expect((await call(simulator, path)).status).toBe(404);
  });

  it("lists newest first by offset and limit, and says how many there are and where the pages lie", async () => {
    const simulator = await startForTest({ now: () => new Date("2026-11-23T10:00:00Z") });
    const a = await place(simulator, "a.test", { dnsNames: ["a.test", "www.a.test"] });
    const b = await place(simulator, "b.test", pending);
    const body = await objectIn(await call(simulator, `${listPath}?offset=0&limit=50`));
    expect(body).toMatchObject({
      certificates: [
        { certificateId: idOf(b), status: "PENDING_ISSUANCE", type: "DV_SSL" },
        {
          certificateId: idOf(a),
          commonName: "a.test",
          status: "ISSUED",
          createdAt: "2026-11-23T10:00:00.000Z",
          validStartAt: "2026-11-23T10:00:00.000Z",
          subjectAlternativeNames: ["www.a.test"],
        },
      ],
      pagination: { total: 2, next: expect.stringMatching(/^https:\/\/api\.ca\.sandbox\.test\//) },
    });
    const [first] = Array.isArray(body.certificates) ? body.certificates : [];
    for (const late of ["validStartAt", "validEndAt", "serialNumber"]) expect(first).not.toHaveProperty(late);
    expect(await objectIn(await call(simulator, `${listPath}?offset=1&limit=1`))).toMatchObject({
      certificates: [{ certificateId: idOf(a) }],
      pagination: { total: 2 },
    });
    expect((await call(simulator, `${listPath}?offset=x`)).status).toBe(422);
  });

  it("tells of one order in both versions' words, of which only the second has the request", async () => {
    const simulator = await startForTest();
    const order = await place(simulator, "a.test", {
      dnsNames: ["a.test", "www.a.test"],
      technicalEmail: "it@a.test",
    });
    const v2 = await objectIn(await call(simulator, `${listPath}/${idOf(order)}`));
    expect(v2).toMatchObject({
      contact: { email: "it@a.test" },
      csr: expect.stringContaining("BEGIN CERTIFICATE REQUEST"),
      type: "DV_SSL",
      subjectAlternativeNames: ["www.a.test"],
      validEndAt: order.validTo,
    });
    const v1 = await objectIn(await call(simulator, `v1/certificates/${idOf(order)}`));
    expect(v1).toMatchObject({
      productType: "DV_SSL",
      subjectAlternativeNames: [{ subjectAlternativeName: "www.a.test", status: "COMPLETED" }],
      validEnd: order.validTo,
    });
    for (const later of ["csr", "type", "validEndAt"]) expect(v1).not.toHaveProperty(later);
  });

  it("shows EXPIRED of what has run out, and a set word in place of its own", async () => {
    let now = new Date("2026-01-01T10:00:00Z");
    const simulator = await startForTest({ now: () => now });
    const order = await place(simulator, "a.test", { status: "Complete" });
    const status = async () =>
      (await objectIn(await call(simulator, `v1/certificates/${idOf(order)}`))).status;
    now = new Date("2026-11-23T10:00:00Z");
    expect(await status()).toBe("EXPIRED");
    await simulator.control.setVendorStatus(order.id, "REVOKED");
    expect(await status()).toBe("REVOKED");
  });

  it("remembers what it mailed: as a list, for an EV order the newest alone, and 409 where there is none", async () => {
    let now = new Date("2026-11-01T10:00:00Z");
    const simulator = await startForTest({ now: () => now });
    const issued = await place(simulator, "a.test", {
      approverEmail: "hm@a.test",
      technicalEmail: "it@a.test",
    });
    const ev = await place(simulator, "b.test", { validation: "ev" });
    const waiting = await place(simulator, "c.test", pending);
    const unused = await place(simulator, "d.test", { ...pending, vendorStatus: "UNUSED" });
    const announced = { id: issued.id * 1000 + 2, recipients: "it@a.test", body: expect.any(String) };
    const asked = { id: issued.id * 1000 + 1, recipients: "hm@a.test" };
    expect(await historyOf(simulator, issued)).toMatchObject([announced, asked]);
    expect(await historyOf(simulator, ev)).toMatchObject({ id: ev.id * 1000 + 2 });
    expect(await historyOf(simulator, waiting)).toMatchObject([{ id: waiting.id * 1000 + 1 }]);
    const none = await call(simulator, `v1/certificates/${idOf(unused)}/email/history`);
    expect(await saidBy(none)).toEqual([409, coded("EMAIL_HISTORY_NOT_FOUND")]);
    now = new Date("2026-11-05T10:00:00Z");
    await call(simulator, `v1/certificates/${idOf(issued)}/email/${announced.id}/resend`, post);
    expect(await historyOf(simulator, issued)).toMatchObject([
      { id: issued.id * 1000 + 11, dateEntered: now.toISOString() },
      announced,
      asked,
    ]);
  });

  it("tells of the mail of an issuance once, whether it left from here or before", async () => {
    let now = new Date("2026-11-01T10:00:00Z");
    const simulator = await startForTest({ now: () => now });
    const order = await place(simulator, "a.test", pending);
    now = new Date("2026-11-02T10:00:00Z");
    await simulator.control.advance(order.id);
    expect(await simulator.control.mails()).toHaveLength(1);
    expect(await historyOf(simulator, order)).toMatchObject([
      { id: order.id * 1000 + 2 },
      { id: order.id * 1000 + 1 },
    ]);
  });

  it("repeats a mail to its address or to one in the path, and answers with nothing at all", async () => {
    const simulator = await startForTest();
    const order = await place(simulator, "a.test", { technicalEmail: "it@a.test" });
    const mail = `v1/certificates/${idOf(order)}/email/${order.id * 1000 + 2}/resend`;
    for (const path of [mail, `${mail}/${encodeURIComponent("o/1+x@b.test")}`]) {
      const sent = await call(simulator, path, post);
      expect([sent.status, await sent.text(), sent.headers.get("content-type")]).toEqual([204, "", null]);
    }
    const mails = await simulator.control.mails();
    expect(mails.map(({ to }) => to)).toEqual([["it@a.test"], ["o/1+x@b.test"]]);
    const unknown = await call(simulator, `v1/certificates/${idOf(order)}/email/1/resend`, post);
    expect(await saidBy(unknown)).toEqual([409, coded("EMAIL_ID_NOT_FOUND")]);
    expect((await call(simulator, `${mail}/nobody`, post)).status).toBe(422);
    const over = await call(simulator, mail.replace("02/resend", "01/resend"), post);
    expect(await saidBy(over)).toEqual([409, coded("INVALID_STATE")]);
    expect((await call(simulator, mail)).status).toBe(404);
    expect(await simulator.control.mails()).toHaveLength(2);
  });

  it("adds an alternate address to the order, and answers with the mail that went there", async () => {
    const simulator = await startForTest();
    const order = await place(simulator, "a.test", pending);
    const path = `v1/certificates/${idOf(order)}/email/resend/${encodeURIComponent("new@a.test")}`;
    const added = await call(simulator, path, post);
    expect(await saidBy(added)).toMatchObject([200, { recipients: "new@a.test" }]);
    expect((await simulator.control.order(order.id))?.approverEmail).toBe("new@a.test");
    expect((await simulator.control.mails()).map(({ to }) => to)).toEqual([["new@a.test"]]);
    await simulator.control.advance(order.id);
    expect((await call(simulator, path, post)).status).toBe(409);
  });

  it("announces the certificate by a link, and hands it out with its chain once it is there", async () => {
    const simulator = await startForTest();
    const order = await place(simulator, "a.test", pending);
    const path = `v1/certificates/${idOf(order)}/download`;
    expect(await saidBy(await call(simulator, path))).toEqual([409, coded("INVALID_STATE")]);
    await simulator.control.advance(order.id);
    const [mail] = await simulator.control.mails();
    const read = await PostalMime.parse(await simulator.control.rawMail(mail?.mailId ?? ""));
    expect(read.attachments).toEqual([]);
    expect(read.text).toMatch(/^https:\/\//m);
    expect(read.text).not.toContain("BEGIN CERTIFICATE");
    const { pems, serialNumber } = await objectIn(await call(simulator, path));
    expect(serialNumber).toBe(String(order.id * 100 + 1));
    const { certificate = "", intermediate = "" } = Object(pems);
    const issuer = new X509Certificate(intermediate);
    expect(new X509Certificate(certificate).verify(issuer.publicKey)).toBe(true);
  });

  it("says in its own way when it is asked too often", async () => {
    const simulator = await startForTest();
    await simulator.control.setFault("read", "all", "rate-limit");
    expect(await saidBy(await call(simulator, listPath))).toEqual([
      429,
      { ...coded("TOO_MANY_REQUESTS"), retryAfterSec: 30 },
    ]);
  });
});
