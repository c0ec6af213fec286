import { caOrderIdSchema, orderStatuses } from "@sealpost/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapInfo, mapProduct, mapRow, mapStatus, mapValidationType } from "./map.ts";
import { wireAnswer, wireInfo, wireList } from "./wire.ts";
import { parseXml } from "./xml.ts";

const documented = {
  Active: "issued",
  Newpurchase: "draft",
  Newrenewal: "draft",
  Purchased: "validating",
  Purchaseerror: "error",
  Cancelled: "cancelled",
  Replaced: "replaced",
} as const;

const responseOf = (content: string) =>
  wireAnswer.parse(
    parseXml(
      `<ApiResponse Status="OK"><Errors /><CommandResponse>${content}</CommandResponse></ApiResponse>`,
    ),
  ).response;
const escaped = (text: string) => text.replace(/[^a-z0-9]/gi, (char) => `&#${char.codePointAt(0)};`);
const tag = (name: string, about: Readonly<Record<string, string>>, content = "") => {
  const attributes = Object.entries(about).map(([key, value]) => `${key}="${escaped(value)}"`);
  return `<${[name, ...attributes].join(" ")}>${content}</${name}>`;
};
const rowsOf = (content: string) =>
  wireList.parse(responseOf(`<SSLListResult>${content}</SSLListResult>`)).SSLListResult.SSL.map(mapRow);
const row = (about: Readonly<Record<string, string>>) =>
  rowsOf(tag("SSL", { CertificateID: "7", Status: "active", ...about }))[0];
const info = (about: Readonly<Record<string, string>>, details = "") =>
  mapInfo(
    caOrderIdSchema.parse("7"),
    wireInfo.parse(responseOf(tag("SSLGetInfoResult", { Status: "active", ...about }, details))),
  );

describe("mapping of Namecheap's words", () => {
  it.each(Object.entries(documented))("maps the status %s to %s, however it is written", (word, status) => {
    for (const written of [word, word.toLowerCase(), word.toUpperCase()])
      expect(mapStatus(written)).toBe(status);
  });

  it("maps every other word to unknown and keeps it raw", () => {
    const words = new Set(Object.keys(documented).map((word) => word.toLowerCase()));
    const anyWord = fc.oneof(
      fc.stringMatching(/^[A-Za-z _!-]{0,12}$/),
      fc.constantFrom("__proto__", "constructor", "processing", "Active!"),
    );
    fc.assert(
      fc.property(anyWord, (word) => {
        if (words.has(word.trim().toLowerCase())) return;
        const told = { status: "unknown", vendorStatus: word };
        expect([row({ Status: word }), info({ Status: word })]).toMatchObject([told, told]);
      }),
    );
  });

  it("reads an empty list, a single order and many, with attributes that are missing", () => {
    const one = tag("SSL", { CertificateID: "1", Status: "active" });
    expect([rowsOf(""), rowsOf(one), rowsOf(one + one)].map((rows) => rows.length)).toEqual([0, 1, 2]);
    expect(rowsOf(one)[0]).toEqual({
      caOrderId: "1",
      product: "",
      validationType: "unknown",
      commonName: "",
      dnsNames: [],
      recipients: { fulfillment: "not-loaded", approver: "not-loaded" },
      csrSpkiSha256: null,
      status: "issued",
      vendorStatus: "active",
      orderedAt: null,
      issuances: [],
      hasDetails: false,
    });
  });

  it.each([
    ["10/17/2026", "2026-10-17"],
    ["1/2/2026", "2026-01-02"],
    ["01/02/2026", "2026-01-02"],
    ["2/29/2028", "2028-02-29"],
    [" 9/1/2027 ", "2027-09-01"],
    ["11/18/2026 2:39:45 AM", "2026-11-18"],
  ])("takes %j for the day %s, in UTC", (written, day) => {
    expect(row({ PurchaseDate: written })?.orderedAt).toEqual(new Date(`${day}T00:00:00Z`));
  });

  it.each([
    "",
    "17/10/2026",
    "2/29/2027",
    "0/1/2026",
    "1/0/2026",
    "1/1/26",
    "2026-10-17",
    "01/01/0001x",
    "never",
  ])("takes %j for no day", (written) => {
    const days = { PurchaseDate: written, ExpireDate: written };
    expect(row(days)).toMatchObject({ orderedAt: null, issuances: [] });
  });

  it("reads every day there is, with and without zeros before", () => {
    const anyDay = fc.date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(anyDay, fc.boolean(), (at, isPadded) => {
        const [year = "", month = "", day = ""] = at.toISOString().slice(0, 10).split("-");
        const [m, d] = isPadded ? [month, day] : [Number(month), Number(day)];
        const read = row({ PurchaseDate: `${m}/${d}/${year}` })?.orderedAt;
        expect(read?.toISOString()).toBe(`${year}-${month}-${day}T00:00:00.000Z`);
      }),
    );
  });

  it("takes days of a certificate as whole ones, and the day of the order for the first only in a list", () => {
    const validTo = new Date("2027-05-03T23:59:59Z");
    expect(row({ PurchaseDate: "10/16/2026", ExpireDate: "5/3/2027" })?.issuances).toEqual([
      { caCertificateId: "7", validFrom: new Date("2026-10-16T00:00:00Z"), validTo },
    ]);
    expect(info({ IssuedOn: "10/17/2026", Expires: "5/3/2027" }).issuances).toEqual([
      { caCertificateId: "7", validFrom: new Date("2026-10-17T00:00:00Z"), validTo },
    ]);
    expect(info({ Expires: "5/3/2027" }).issuances).toEqual([]);
    expect(info({ IssuedOn: "5/4/2027", Expires: "5/3/2027" }).issuances).toEqual([]);
  });

  it("believes in a certificate only where the status says that there is or was one", () => {
    const days = { PurchaseDate: "10/16/2026", ExpireDate: "5/3/2027" };
    const issued = Object.keys(documented).filter(
      (word) => row({ ...days, Status: word })?.issuances.length === 1,
    );
    expect(issued).toEqual(["Active", "Replaced"]);
  });

  it("names the administrator for the certificate, the approver for consent, and nobody for what is no address", () => {
    const people = (administrator: string, approver: string) =>
      info(
        {},
        `<CertificateDetails>${administrator}<ApproverEmail>${approver}</ApproverEmail></CertificateDetails>`,
      ).recipients;
    expect(people("<AdministratorEmail>jane@a.test</AdministratorEmail>", "admin@a.test")).toEqual({
      fulfillment: [{ address: "jane@a.test", source: "administrator-contact" }],
      approver: [{ address: "admin@a.test", source: "order-approver" }],
    });
    const nobody = { fulfillment: [], approver: [] };
    expect(people("", "CNAMECSRHASH")).toEqual(nobody);
    expect(people("<AdministratorEmail />", "")).toEqual(nobody);
    expect(info({}).recipients).toEqual(nobody);
    expect(info({}, "<CertificateDetails />").recipients).toEqual(nobody);
  });

  it("writes a product as it is sold, and one that it does not know as it was said", () => {
    expect(mapProduct("positivessl wildcard")).toBe("PositiveSSL Wildcard");
    expect(mapProduct("STANDARD SSL")).toBe("Standard SSL");
    expect(mapProduct("quantum ssl")).toBe("quantum ssl");
  });

  it.each([
    ["PositiveSSL Wildcard", "dv"],
    ["InstantSSL", "ov"],
    ["OV Multi-domain SSL", "ov"],
    ["EV Multi-Domain SSL", "ev"],
    ["Standard SSL", "unknown"],
    ["High Assurance SSL", "unknown"],
    ["", "unknown"],
  ])("tells from %j the validation type %s and guesses nothing", (product, type) => {
    expect(mapValidationType(product)).toBe(type);
  });

  it("writes names as they stand in certificates", () => {
    expect(row({ HostName: "*.bücher.example" })?.dnsNames).toEqual(["*.xn--bcher-kva.example"]);
    expect(row({ HostName: "Max Muster" })?.dnsNames).toEqual([]);
  });

  it("takes anything that has a number and a status for an order of the closed list of statuses", () => {
    const any = fc.oneof(fc.stringMatching(/^[ -~]{0,20}$/), fc.constantFrom("1/1/2026", "active", "EV"));
    const attributes = fc.record(
      { Status: any, SSLType: any, Type: any, HostName: any, PurchaseDate: any, IssuedOn: any, Expires: any },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(attributes, any, (about, text) => {
        const details = `<CertificateDetails><CSR>${escaped(text)}</CSR><CommonName>${escaped(text)}</CommonName></CertificateDetails>`;
        for (const order of [row(about), info(about, details)])
          expect(orderStatuses).toContain(order?.status);
      }),
    );
  });
});
