import { X509Certificate } from "node:crypto";
import PostalMime from "postal-mime";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../index.ts";
import { startForTest } from "../../test-ca.ts";
import { element, text } from "./xml.ts";

interface Asked {
  readonly method?: "GET" | "POST";
  /** In place of the account's own; empty: left out. */
  readonly global?: Readonly<Record<string, string>>;
}

/** Calls a command the way the service's clients do, by form unless told otherwise. */
async function call(
  simulator: Simulator,
  command: string,
  parameters: Readonly<Record<string, string>> = {},
  { method = "POST", global = {} }: Asked = {},
): Promise<Response> {
  const { baseUrl, settings, credential } = simulator.account("namecheap");
  const { apiUser = "", clientIp = "" } = settings;
  const { apiKey = "" } = credential;
  const all = {
    ApiUser: apiUser,
    ApiKey: apiKey,
    UserName: apiUser,
    ClientIp: clientIp,
    Command: command,
    ...global,
    ...parameters,
  };
  const form = new URLSearchParams(Object.entries(all).filter(([, value]) => value !== ""));
  const url = new URL("xml.response", baseUrl);
  return method === "GET" ? await fetch(`${url}?${form}`) : await fetch(url, { method, body: form });
}

const said = async (...asked: Parameters<typeof call>) => await (await call(...asked)).text();
const errorOf = (xml: string) => /<Error Number="(\d+)">([^<]*)</.exec(xml)?.slice(1);
const idsIn = (xml: string) => [...xml.matchAll(/<SSL CertificateID="(\d+)"/g)].map(([, id]) => Number(id));
const place = async (simulator: Simulator, commonName: string, about: object = {}) =>
  await simulator.control.placeOrder({ ca: "namecheap", commonName, ...about });
const pending = { status: "Pending CA Approval" } as const;
const at = (iso: string) => ({ now: () => new Date(iso) });

describe("Namecheap's protocol", () => {
  it("answers 200 and XML in the service's own frame, by form and by address, whatever the case of names", async () => {
    const simulator = await startForTest();
    const { id } = await place(simulator, "a.test");
    for (const answer of [
      await call(simulator, "namecheap.ssl.getList"),
      await call(simulator, "NameCheap.SSL.GETLIST", {}, { method: "GET" }),
    ]) {
      expect([answer.status, answer.headers.get("content-type")]).toEqual([
        200,
        "application/xml; charset=utf-8",
      ]);
      const xml = await answer.text();
      expect(xml).toMatch(/^<\?xml version="1.0" encoding="utf-8"\?>\r\n<ApiResponse Status="OK" xmlns="/);
      expect(xml).toContain("<GMTTimeDifference>--5:00</GMTTimeDifference>");
      expect(idsIn(xml)).toEqual([id]);
    }
    const renamed = await said(simulator, "namecheap.ssl.getInfo", { certificateid: String(id) });
    expect(renamed).toContain('<SSLGetInfoResult Status="active"');
  });

  it.each([
    [{ ApiUser: "" }, "1010101", "Parameter APIUser is missing"],
    [{ ApiKey: "" }, "1010102", "Parameter APIKey is missing"],
    [{ ClientIp: "" }, "1010105", "Parameter ClientIP is missing"],
    [{ Command: "" }, "1010104", "Parameter Command is missing"],
    [{ ApiKey: "wrong" }, "1011102", "API Key is invalid or API access has not been enabled"],
    [{ ApiUser: "else" }, "1011102", "API Key is invalid or API access has not been enabled"],
    [{ UserName: "else" }, "1016103", "Parameter UserName is unauthorized"],
    [{ ClientIp: "::1" }, "1011105", "Parameter ClientIP is invalid"],
    [{ ClientIp: "198.51.100.4" }, "1011150", "Invalid request IP: 198.51.100.4"],
  ])("refuses %o with %s inside a 200", async (global, ...error) => {
    const answer = await call(await startForTest(), "namecheap.ssl.getList", {}, { global });
    expect(answer.status).toBe(200);
    const xml = await answer.text();
    expect([xml.includes('Status="ERROR"'), errorOf(xml)]).toEqual([true, error]);
  });

  it("keeps its orders apart from another CA's", async () => {
    const simulator = await startForTest();
    const own = await place(simulator, "a.test");
    const other = await simulator.control.placeOrder({ commonName: "b.test" });
    expect(idsIn(await said(simulator, "namecheap.ssl.getList"))).toEqual([own.id]);
    for (const CertificateID of [String(other.id), "1", "x"])
      expect(errorOf(await said(simulator, "namecheap.ssl.getInfo", { CertificateID }))).toEqual([
        "2011294",
        "CertificateID is invalid",
      ]);
    expect(errorOf(await said(simulator, "namecheap.ssl.getInfo"))?.[0]).toBe("2010294");
    expect(errorOf(await said(simulator, "namecheap.ssl.nothing"))?.[0]).toBe("2010104");
  });

  it("lists with days as Americans write them, filters, sorting, and pages of ten to a hundred", async () => {
    const simulator = await startForTest(at("2026-03-05T22:00:00Z"));
    const names = Array.from({ length: 12 }, (_, index) => `${"abcdefghijkl"[index]}.shop.test`);
    const ids: number[] = [];
    for (const name of names) ids.push((await place(simulator, name)).id);
    await simulator.control.setVendorStatus(ids[0] ?? 0, "newpurchase");
    const list = async (parameters: Readonly<Record<string, string>>) =>
      await said(simulator, "namecheap.ssl.getList", parameters);
    const whole = await list({ PageSize: "1000" });
    expect(idsIn(whole)).toEqual(ids);
    expect(whole).toContain(
      "<Paging><TotalItems>12</TotalItems><CurrentPage>1</CurrentPage><PageSize>100</PageSize>",
    );
    expect(whole).toContain(
      `<SSL CertificateID="${ids[0]}" HostName="" SSLType="Standard SSL" PurchaseDate="3/5/2026" ExpireDate="" ActivationExpireDate="" IsExpiredYN="false" Status="newpurchase" Years="1" />`,
    );
    expect(whole).toContain(
      'HostName="b.shop.test" SSLType="Standard SSL" PurchaseDate="3/5/2026" ExpireDate="9/18/2026"',
    );
    expect(idsIn(await list({ PageSize: "1" }))).toEqual(ids.slice(0, 10));
    expect(idsIn(await list({ PageSize: "1", Page: "2" }))).toEqual(ids.slice(10));
    expect(idsIn(await list({ PageSize: "1", Page: "3" }))).toEqual([]);
    expect(idsIn(await list({ ListType: "NewPurchase" }))).toEqual(ids.slice(0, 1));
    expect(idsIn(await list({ SearchTerm: "C.shop" }))).toEqual(ids.slice(2, 3));
    expect(idsIn(await list({ SortBy: "Host_Name_DESC" }))).toEqual(ids.toReversed());
  });

  it("tells an order's people, product and days, and its certificates only when they are asked for", async () => {
    const simulator = await startForTest(at("2026-11-23T10:00:00Z"));
    const people = { approverEmail: "ana@a.test", technicalEmail: "it@a.test" };
    const order = await place(simulator, "a.test", { ...people, dnsNames: ["a.test", "b.test"] });
    const info = async (more: Readonly<Record<string, string>> = {}) =>
      await said(simulator, "namecheap.ssl.getInfo", { CertificateID: String(order.id), ...more });
    const plain = await info();
    expect(plain).toContain('Type="standard ssl" IssuedOn="11/23/2026" Expires="6/8/2027"');
    expect(plain).toContain('ReplacedBy="" SANSCount="1">');
    expect(plain).toContain("<ApproverEmail>ana@a.test</ApproverEmail><CommonName>a.test</CommonName>");
    expect(plain).toContain("<AdministratorEmail>it@a.test</AdministratorEmail>");
    expect(plain).toContain("<CSR><![CDATA[\n-----BEGIN CERTIFICATE REQUEST-----");
    expect(plain).not.toContain("-----BEGIN CERTIFICATE-----");
    const whole = await info({ Returncertificate: "true", Returntype: "Individual" });
    const pems = whole.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    const fingerprints = [...pems, order.certificatePem ?? "", simulator.intermediateCertificatePem].map(
      (pem) => new X509Certificate(pem).fingerprint256,
    );
    expect(fingerprints.slice(0, 2)).toEqual(fingerprints.slice(2));
    expect(whole).toContain('<CaCertificates><Certificate Type="INTERMEDIATE"><Certificate><![CDATA[');
    expect(errorOf(await info({ Returncertificate: "true" }))?.[0]).toBe("2010296");
  });

  it("leaves out what an order that was only bought does not have, and names what replaced another", async () => {
    const simulator = await startForTest();
    const bought = await place(simulator, "a.test", { ...pending, vendorStatus: "newpurchase" });
    const replaced = await place(simulator, "b.test", { vendorStatus: "replaced" });
    const info = async ({ id }: { readonly id: number }) =>
      await said(simulator, "namecheap.ssl.getInfo", { CertificateID: String(id) });
    expect(await info(bought)).toContain("<CertificateDetails />");
    expect(await info(replaced)).toContain(`ReplacedBy="${replaced.id + 1}"`);
  });

  it("sends each kind of mail only while it makes sense, each to its own address", async () => {
    const simulator = await startForTest();
    const { control } = simulator;
    const people = { approverEmail: "hm@example.test", technicalEmail: "it@example.test" };
    const { id } = await place(simulator, "a.example.test", { ...pending, ...people });
    const send = async (command: string) =>
      await said(simulator, `namecheap.ssl.${command}`, { CertificateID: String(id) });
    const accepted = (name: string) => `<${name} ID="${id}" IsSuccess="true" />`;
    expect(errorOf(await send("resendfulfillmentemail"))).toEqual(["2011331", "Status is invalid"]);
    expect(await send("resendApproverEmail")).toContain(accepted("SSLResendApproverEmailResult"));
    await control.advance(id);
    expect(errorOf(await send("resendApproverEmail"))?.[0]).toBe("2011331");
    expect(await send("resendFulfillmentEmail")).toContain(accepted("SSLResendFulfillmentEmailResult"));
    const { mails } = await control.journal();
    expect(mails.map(({ kind, to }) => [kind, to])).toEqual([
      ["approver", "hm@example.test"],
      ["fulfillment", "it@example.test"],
      ["fulfillment", "it@example.test"],
    ]);
  });

  it("mails the ZIP with the bundle before the certificate, and the certificate again as text", async () => {
    const simulator = await startForTest();
    const order = await place(simulator, "shop.example.test");
    await said(simulator, "namecheap.ssl.resendfulfillmentemail", { CertificateID: String(order.id) });
    const [mail] = await simulator.control.mails();
    const raw = Buffer.from(await simulator.control.rawMail(mail?.mailId ?? "")).toString("latin1");
    expect(raw).toContain('multipart/mixed; boundary="(AlternativeBoundary2)"');
    expect(raw).toContain('multipart/alternative; boundary="(AlternativeBoundary)"');
    expect(raw).toContain("text/html; charset=ISO-8859-1");
    expect(raw).toContain('application/x-zip-compressed; name="shop_example_test.zip"');
    const parsed = await PostalMime.parse(raw);
    expect(parsed.subject).toBe(`ORDER #${order.id} - Your Standard SSL Certificate for shop.example.test`);
    expect(parsed.text?.replaceAll("\r", "")).toContain(order.certificatePem?.trim());
    const content = parsed.attachments[0]?.content ?? "";
    const zip = Buffer.from(content instanceof ArrayBuffer ? new Uint8Array(content) : content).toString(
      "latin1",
    );
    expect(zip.indexOf("shop_example_test.ca-bundle")).toBeLessThan(zip.indexOf("shop_example_test.crt"));
  });

  it("shuts out who asks more than 20 times in a minute, by a bare 405", async () => {
    let now = Date.parse("2026-11-23T10:00:00Z");
    const simulator = await startForTest({ now: () => new Date(now) });
    const status = async () => (await call(simulator, "namecheap.ssl.getList")).status;
    for (let i = 0; i < 20; i++) expect(await status()).toBe(200);
    const refused = await call(simulator, "namecheap.ssl.getList");
    expect([refused.status, await refused.text()]).toEqual([405, ""]);
    now += 60_001;
    expect(await status()).toBe(200);
  });

  it("says no in its own way, and drips an answer in its own form", async () => {
    const simulator = await startForTest();
    const { id } = await place(simulator, "a.test");
    const resend = async () =>
      await said(simulator, "namecheap.ssl.resendfulfillmentemail", { CertificateID: String(id) });
    await simulator.control.setFault("resend", id, "false");
    expect(await resend()).toContain(`<SSLResendFulfillmentEmailResult ID="${id}" IsSuccess="false" />`);
    await simulator.control.setFault("resend", id, "refuse");
    expect(errorOf(await resend())).toEqual(["3022334", "Failed to resend fulfillment email"]);
    expect(await simulator.control.mails()).toEqual([]);
    await simulator.control.setFault("resend", id, "slow");
    expect(await resend()).toMatch(/^<\?xml .*<\/ApiResponse>$/s);
  });

  it("escapes what XML would take for its own", () => {
    expect(text(`<a b="c">&amp;</a>`)).toBe("&lt;a b=&quot;c&quot;&gt;&amp;amp;&lt;/a&gt;");
    expect(element("A", { b: '"', c: undefined, d: 0 })).toBe('<A b="&quot;" d="0" />');
  });
});
