import { X509Certificate } from "node:crypto";
import PostalMime from "postal-mime";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../index.ts";
import { objectIn, startForTest } from "../../test-ca.ts";

interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly key?: string;
}

/** Calls the service; `path` is taken from `/services/v2/`. */
async function call(simulator: Simulator, path: string, asked: Asked = {}): Promise<Response> {
  const { baseUrl, credential } = simulator.account("digicert");
  const { method = asked.body === undefined ? "GET" : "PUT", body, key = credential.apiKey } = asked;
  return await fetch(new URL(path, baseUrl), {
    method,
    headers: { "x-dc-devkey": key ?? "" },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

function readOnlyKey(simulator: Simulator): string {
  return simulator.account("digicert").readOnlyCredential?.apiKey ?? "";
}

async function listOf(simulator: Simulator, query: Readonly<Record<string, string>> = {}): Promise<number[]> {
  const answer = await call(simulator, `order/certificate?${new URLSearchParams(query)}`);
  const { orders } = await objectIn(answer);
  return Array.isArray(orders) ? orders.map(({ id }) => id) : [];
}

const place = async (simulator: Simulator, commonName: string, about: object = {}) =>
  await simulator.control.placeOrder({ ca: "digicert", commonName, ...about });
const pending = { status: "Pending CA Approval" } as const;
const coded = (code: string) => ({ errors: [{ code, message: expect.stringMatching(/\w/) }] });

describe("DigiCert's protocol", () => {
  it("keeps its orders apart from another CA's, under its own key", async () => {
    const simulator = await startForTest();
    const own = await place(simulator, "a.test");
    const other = await simulator.control.placeOrder({ commonName: "b.test" });
    expect(await listOf(simulator)).toEqual([own.id]);
    const foreign = await call(simulator, `order/certificate/${other.id}`);
    expect([foreign.status, await foreign.json()]).toEqual([404, coded("not_found|order")]);
    for (const key of ["", "wrong"]) {
      const refused = await call(simulator, "user/me", { key });
      expect([refused.status, await refused.json()]).toEqual([401, coded("access_denied|invalid_api_key")]);
    }
    const nowhere = await call(simulator, "nothing");
    expect([nowhere.status, await nowhere.json()]).toEqual([404, coded("not_found|route")]);
  });

  it("lists with filters, sorting and pages, and leaves out what a pending or a DV order does not have", async () => {
    const simulator = await startForTest({ now: () => new Date("2026-11-23T10:00:00Z") });
    const b = await place(simulator, "b.shop.test", { validation: "ov", organization: "Shop Ltd" });
    const a = await place(simulator, "a.shop.test", pending);
    const c = await place(simulator, "c.other.test", { dnsNames: ["c.other.test", "d.other.test"] });
    const ids = async (query: Readonly<Record<string, string>>) => await listOf(simulator, query);
    expect(await ids({})).toEqual([c.id, a.id, b.id]);
    expect(await ids({ sort: "order_id" })).toEqual([b.id, a.id, c.id]);
    expect(await ids({ sort: "status,-common_name" })).toEqual([c.id, b.id, a.id]);
    expect(await ids({ "filters[status]": "pending" })).toEqual([a.id]);
    expect(await ids({ "filters[common_name]": "c.other.test" })).toEqual([c.id]);
    expect(await ids({ "filters[domain_name]": "d.other.test" })).toEqual([c.id]);
    expect(await ids({ "filters[search]": "shop" })).toEqual([a.id, b.id]);
    expect(await ids({ "filters[valid_till]": ">2027-01-01" })).toEqual([c.id, b.id]);
    expect(await ids({ "filters[valid_till]": "<2027-01-01" })).toEqual([]);
    expect(await ids({ sort: "order_id", offset: "1", limit: "1" })).toEqual([a.id]);
    const answer = await objectIn(await call(simulator, "order/certificate?sort=order_id&limit=5000"));
    expect(answer.page).toEqual({ total: 3, limit: 1000, offset: 0 });
    expect(answer.orders).toMatchObject([
      {
        id: b.id,
        certificate: { id: b.id * 100 + 1, valid_till: "2027-06-08", days_remaining: 197 },
        status: "issued",
        date_created: "2026-11-23T10:00:00+00:00",
        organization: { name: "Shop Ltd" },
        product: { name_id: "ssl_plus", name: "Standard SSL", type: "ssl_certificate" },
      },
      { id: a.id, status: "pending" },
      { id: c.id },
    ]);
    const [, second] = Array.isArray(answer.orders) ? answer.orders : [];
    expect(second).not.toHaveProperty("organization");
    for (const late of ["id", "valid_till", "days_remaining"])
      expect(second.certificate).not.toHaveProperty(late);
  });

  it("tells an order's people, dates, request and reissues, and which orders changed", async () => {
    let now = new Date("2026-11-01T10:00:00Z");
    const simulator = await startForTest({ now: () => now });
    const about = {
      approverEmail: "ana@a.test",
      technicalEmail: "it@a.test",
      validation: "ev",
      organization: "A",
    };
    const { id } = await place(simulator, "a.test", about);
    const info = async () => await objectIn(await call(simulator, `order/certificate/${id}`));
    expect(await info()).toMatchObject({
      status: "issued",
      user: { email: "ana@a.test" },
      technical_contact: { email: "it@a.test" },
      product: { validation_type: "ev" },
      certificate: { valid_from: "2026-11-01", csr: expect.stringContaining("BEGIN CERTIFICATE REQUEST") },
    });
    now = new Date("2026-11-20T10:00:00Z");
    await simulator.control.reissue(id);
    expect(await info()).toMatchObject({
      certificate: { id: id * 100 + 2 },
      requests: [{}, { type: "reissue" }],
    });
    const { certificates } = await objectIn(await call(simulator, `order/certificate/${id}/reissue`));
    expect(certificates).toMatchObject([{ id: id * 100 + 2, status: "issued" }]);
    const changed = async (range: string) =>
      await objectIn(
        await call(simulator, `order/certificate/status-changes?filters[status_last_updated]=${range}`),
      );
    expect(await changed("2026-11-19...2026-11-23")).toMatchObject({ orders: [{ order_id: id }] });
    expect(await changed("2026-11-02...2026-11-19")).toEqual({ orders: [] });
  });

  it("mails the certificate to exactly the addresses asked for, and answers with nothing", async () => {
    const simulator = await startForTest();
    const { id } = await place(simulator, "a.example.test");
    const path = `certificate/${id * 100 + 1}/sendemail`;
    const emails = ["one@x.test", "two@x.test"];
    const sent = await call(simulator, path, { body: { emails, certificate_collect_format: "attachment" } });
    expect([sent.status, await sent.text()]).toEqual([204, ""]);
    expect((await simulator.control.mails()).map((mail) => mail.to)).toEqual([
      ["one@x.test"],
      ["two@x.test"],
    ]);
    for (const [body, code] of [
      ["no json", "bad_request_format"],
      [{ certificate_collect_format: "attachment" }, "invalid_emails"],
      [{ emails: [], certificate_collect_format: "attachment" }, "invalid_emails"],
      [{ emails: ["nobody"], certificate_collect_format: "attachment" }, "invalid_emails"],
      [{ emails, certificate_collect_format: "pigeon" }, "invalid_certificate_collect_format"],
    ] as const) {
      const refused = await call(simulator, path, { body });
      expect([refused.status, await refused.json()]).toEqual([400, coded(code)]);
    }
    const missing = await call(simulator, "certificate/1/sendemail", { body: { emails } });
    expect([missing.status, await missing.json()]).toEqual([404, coded("not_found|certificate")]);
    expect(await simulator.control.mails()).toHaveLength(2);
  });

  it("sends its three forms of mail, with the words that were added", async () => {
    const simulator = await startForTest();
    const order = await place(simulator, "*.shop.example.test");
    const fingerprints = (text: string) =>
      (text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
        (pem) => new X509Certificate(pem).fingerprint256,
      );
    const [leaf, intermediate, root] = [
      order.certificatePem ?? "",
      simulator.intermediateCertificatePem,
      simulator.rootCertificatePem,
    ].map((pem) => new X509Certificate(pem).fingerprint256);
    for (const format of ["attachment", "plaintext", "downloadlink"])
      await call(simulator, `certificate/${order.id * 100 + 1}/sendemail`, {
        body: { emails: ["a@x.test"], certificate_collect_format: format, custom_message: "Für Freitag" },
      });
    const mails = await simulator.control.mails();
    const parsed = await Promise.all(
      mails.map(async ({ mailId }) => await PostalMime.parse(await simulator.control.rawMail(mailId))),
    );
    for (const mail of parsed) expect(mail.text).toContain("Für Freitag");
    const [attached, plain, link] = parsed;
    expect(attached?.attachments.map((file) => file.filename)).toEqual([
      `STAR_shop_example_test_${order.id}.zip`,
    ]);
    const content = attached?.attachments[0]?.content ?? "";
    const zip = Buffer.from(content instanceof ArrayBuffer ? new Uint8Array(content) : content);
    const entries = zip.toString("latin1");
    expect(fingerprints(entries)).toEqual([leaf, intermediate, root]);
    expect(entries).toContain(`STAR_shop_example_test_${order.id}/DigiCertCA.crt`);
    expect(fingerprints(attached?.text ?? "")).toEqual([]);
    expect([plain?.attachments, fingerprints(plain?.text ?? "")]).toEqual([[], [leaf, intermediate]]);
    expect(link?.text).toMatch(/^https:\/\/download\.ca\.sandbox\.test\/\S+$/m);
    expect(fingerprints(link?.text ?? "")).toEqual([]);
  });

  it("sends each kind of mail only while it makes sense, the approval to the order's address or those asked for", async () => {
    const simulator = await startForTest();
    const { control } = simulator;
    const { id } = await place(simulator, "a.example.test", { ...pending, approverEmail: "hm@example.test" });
    const approver = async (body: unknown) =>
      (await call(simulator, `order/certificate/${id}/resend-emails`, { body })).status;
    expect(await approver("")).toBe(204);
    const other = { domain: "a.example.test", email: "admin@example.test" };
    expect(await approver({ domain_approval_emails: [other] })).toBe(204);
    expect(await approver({ domain_approval_emails: [] })).toBe(400);
    await control.advance(id);
    expect(await approver("")).toBe(400);
    const { mails } = await control.journal();
    expect(mails.map(({ kind, to }) => [kind, to])).toEqual([
      ["approver", "hm@example.test"],
      ["approver", "admin@example.test"],
      ["fulfillment", "hm@example.test"],
      ["fulfillment", "it@example.test"],
    ]);
  });

  it("hands out the certificate in PEM, with as much of its chain as the format says", async () => {
    const simulator = await startForTest();
    const order = await place(simulator, "a.test");
    for (const [format, count] of [
      ["pem_nointermediate", 1],
      ["pem_noroot", 2],
      ["pem_all", 3],
    ] as const) {
      const answer = await call(simulator, `certificate/${order.id * 100 + 1}/download/format/${format}`);
      expect(answer.headers.get("content-type")).toBe("application/x-pem-file");
      const text = await answer.text();
      expect(text.match(/-----BEGIN CERTIFICATE-----\r\n/g)).toHaveLength(count);
      expect(text.replaceAll("\r", "").startsWith(order.certificatePem ?? "-")).toBe(true);
    }
    expect((await call(simulator, `certificate/${order.id * 100 + 1}/download/format/x`)).status).toBe(400);
  });

  it("lets a key restricted to reading read, and nothing else", async () => {
    const simulator = await startForTest();
    const { id } = await place(simulator, "a.test");
    const key = readOnlyKey(simulator);
    expect(await objectIn(await call(simulator, "user/me", { key }))).toMatchObject({
      access_roles: [{ id: 102 }],
    });
    expect((await call(simulator, `order/certificate/${id}`, { key })).status).toBe(200);
    const body = { emails: ["a@x.test"], certificate_collect_format: "attachment" };
    const refused = await call(simulator, `certificate/${id * 100 + 1}/sendemail`, { body, key });
    expect([refused.status, await refused.json()]).toEqual([403, coded("access_denied|missing_permission")]);
    expect(await simulator.control.mails()).toEqual([]);
  });

  it("shuts out who asks more than 100 times in 5 seconds or 1000 times in 3 minutes, by rolling windows", async () => {
    let now = Date.parse("2026-11-23T10:00:00Z");
    const simulator = await startForTest({ now: () => new Date(now) });
    const status = async () => (await call(simulator, "user/me")).status;
    const many = async (count: number) => {
      const statuses = [];
      for (let i = 0; i < count; i++) statuses.push(await status());
      return new Set(statuses);
    };
    expect(await many(100)).toEqual(new Set([200]));
    const refused = await call(simulator, "user/me");
    expect([refused.status, await refused.json()]).toEqual([429, coded("request_limit_exceeded")]);
    expect(refused.headers.get("retry-after")).toBeNull();
    expect((await call(simulator, "user/me", { key: readOnlyKey(simulator) })).status).toBe(200);
    now += 5001;
    for (let i = 0; i < 8; i++, now += 5001) expect(await many(100)).toEqual(new Set([200]));
    // 901 in about 40 seconds.
    expect(await many(99)).toEqual(new Set([200]));
    now += 5001;
    expect(await status()).toBe(429);
    now += 180_001;
    expect(await status()).toBe(200);
  });

  it("shows the word for a status it was told to show, in both lists and details", async () => {
    const simulator = await startForTest();
    const { id } = await place(simulator, "a.test");
    await simulator.control.setVendorStatus(id, "needs_approval");
    expect(await objectIn(await call(simulator, `order/certificate/${id}`))).toMatchObject({
      status: "needs_approval",
    });
    expect(await listOf(simulator, { "filters[status]": "needs_approval" })).toEqual([id]);
    await simulator.control.setVendorStatus(id, null);
    expect(await listOf(simulator, { "filters[status]": "issued" })).toEqual([id]);
  });
});
