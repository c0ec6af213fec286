import { describe, expect, it } from "vitest";
import { kindOfMail, mapDetail, mapHistory, mapRow, mapStatus, mapValidationType } from "./map.ts";
import { wireDetail, wireHistory, wireRow } from "./wire.ts";

const row = (about: object = {}) =>
  mapRow(wireRow.parse({ certificateId: "f5c9", status: "ISSUED", ...about }));
const detail = (about: object = {}) =>
  mapDetail(wireDetail.parse({ certificateId: "f5c9", status: "ISSUED", ...about }), []);
const mail = { id: 7, templateType: "", recipients: "", dateEntered: "", subject: "", body: "Secret" };

describe("mapping GoDaddy's words", () => {
  it.each([
    ["PENDING_ISSUANCE", "validating"],
    ["ISSUED", "issued"],
    ["EXPIRED", "issued"],
    ["REVOKED", "revoked"],
    ["CANCELED", "cancelled"],
    ["DENIED", "rejected"],
    ["PENDING_REVOCATION", "revocation-pending"],
    ["PENDING_REKEY", "reissue-pending"],
    ["UNUSED", "draft"],
    [" issued ", "issued"],
    ["toString", "unknown"],
    ["", "unknown"],
  ])("takes the status %j as %s, and keeps the word", (word, status) => {
    expect(mapStatus(word)).toBe(status);
    expect(row({ status: word })).toMatchObject({ status, vendorStatus: word });
  });

  it.each([
    ["DV_SSL", "dv"],
    ["DV_WILDCARD_SSL", "dv"],
    ["OV_SSL", "ov"],
    ["OV_WILDCARD_SSL", "ov"],
    ["EV_SSL", "ev"],
    ["UCC_DV_SSL", "dv"],
    ["UCC_OV_SSL", "ov"],
    ["UCC_EV_SSL", "ev"],
    ["OV_CS", "unknown"],
    ["OV_DS", "unknown"],
    ["OV_CODE_SIGNING", "unknown"],
    ["OV_DRIVER_SIGNING", "unknown"],
    ["PIGEON_SSL", "unknown"],
    ["", "unknown"],
  ])("reads of the product %j that it is %s", (product, type) => {
    expect(mapValidationType(product)).toBe(type);
  });

  it("reads both versions' words for the same order alike", () => {
    const v2 = row({
      commonName: "A.test",
      type: "UCC_DV_SSL",
      createdAt: "2026-10-01T10:00:00Z",
      validStartAt: "2026-10-01T12:00:00Z",
      validEndAt: "2027-04-17T12:00:00Z",
      subjectAlternativeNames: ["www.a.test", "bücher.test"],
    });
    const v1 = row({
      commonName: "A.test",
      productType: "UCC_DV_SSL",
      createdAt: "2026-10-01T10:00:00Z",
      validStart: "2026-10-01T12:00:00Z",
      validEnd: "2027-04-17T12:00:00Z",
      subjectAlternativeNames: [
        { subjectAlternativeName: "www.a.test", status: "COMPLETED" },
        { subjectAlternativeName: "bücher.test", status: "PENDING" },
      ],
    });
    expect(v1).toEqual(v2);
    expect(v2).toMatchObject({
      product: "UCC_DV_SSL",
      dnsNames: ["a.test", "www.a.test", "xn--bcher-kva.test"],
      orderedAt: new Date("2026-10-01T10:00:00Z"),
      issuances: [{ caCertificateId: "2026-10-01T12:00:00.000Z", validTo: new Date("2027-04-17T12:00:00Z") }],
      hasDetails: false,
    });
  });

  it.each([
    ["no dates", {}],
    ["no end", { validStartAt: "2026-10-01T12:00:00Z" }],
    ["no begin", { validEndAt: "2026-10-01T12:00:00Z" }],
    ["an end before the begin", { validStartAt: "2026-10-02T00:00:00Z", validEndAt: "2026-10-01T00:00:00Z" }],
    ["a word for a date", { validStartAt: "soon", validEndAt: "later" }],
    ["nulls", { validStartAt: null, validEndAt: null, createdAt: null }],
    ["numbers", { validStartAt: 1, validEndAt: 2, createdAt: 3 }],
  ])("makes no certificate of %s", (_, dates) => {
    expect(row(dates)).toMatchObject({ issuances: [], orderedAt: null });
  });

  it("takes odd fields for absent ones", () => {
    const odd = { commonName: 7, type: [], subjectAlternativeNames: ["a.test", 7, null, {}], contact: "x" };
    expect(detail(odd)).toMatchObject({ commonName: "", product: "", dnsNames: ["a.test"] });
    expect(detail({ subjectAlternativeNames: "a.test" }).dnsNames).toEqual([]);
  });

  it.each([[{}], [{ contact: null }], [{ contact: {} }], [{ contact: { email: "nobody" } }]])(
    "names nobody without a contact: %j",
    (about) => {
      expect(detail(about).recipients).toEqual({ fulfillment: [], approver: [] });
    },
  );

  it("never takes the contact for who holds the domain, where the history does not say who was asked", () => {
    const contact = [{ address: "it@a.test", source: "administrator-contact" }];
    expect(detail({ contact: { email: "it@a.test" }, csr: "odd" })).toMatchObject({
      recipients: { fulfillment: contact, approver: [] },
      csrSpkiSha256: null,
      hasDetails: true,
    });
  });

  it.each(["", "../f5c9", "f5c9/email", "a b"])("takes no order with the id %j", (certificateId) => {
    expect(wireRow.safeParse({ certificateId, status: "ISSUED" }).success).toBe(false);
  });
});

describe("reading GoDaddy's email history", () => {
  it.each([
    ["one mail", mail],
    ["a list", [mail]],
    ["a list with a name", { history: [mail] }],
  ])("takes %s, and drops what the mail says", (_, body) => {
    const read = wireHistory.parse(body);
    expect(mapHistory(read)).toEqual([
      { mailId: "7", kind: null, subject: "", recipients: [], sentAt: null },
    ]);
    expect(JSON.stringify(read)).not.toContain("Secret");
  });

  it.each([[{}], ["x"], [{ code: "X", message: "Y" }], [[{ id: "../x" }]], [[{ id: -1 }]]])(
    "takes no %j for a history",
    (body) => {
      expect(wireHistory.safeParse(body).success).toBe(false);
    },
  );

  it("puts the newest first and undated ones last", () => {
    const dated = (id: number | string, dateEntered: unknown) => ({ id, dateEntered });
    const body = [
      dated(1, "2026-11-01T10:00:00Z"),
      dated("2", "odd"),
      dated(3, "2026-11-03T10:00:00Z"),
      dated(4, "2026-11-01T10:00:00Z"),
      dated(5, null),
    ];
    const mails = mapHistory(wireHistory.parse(body));
    expect(mails.map(({ mailId }) => mailId)).toEqual(["3", "4", "1", "5", "2"]);
  });

  it.each([
    ["a@a.test", ["a@a.test"]],
    ["a@a.test, b@b.test;A@A.test", ["a@a.test", "b@b.test"]],
    ['"Ana" <a@a.test>', ["a@a.test"]],
    [
      ["a@a.test", "b@b.test"],
      ["a@a.test", "b@b.test"],
    ],
    ["nobody", []],
    [null, []],
  ])("reads the recipients %j", (recipients, expected) => {
    const [read] = mapHistory(wireHistory.parse([{ ...mail, recipients }]));
    expect(read?.recipients).toEqual(expected);
  });

  it.each([
    ["CertificateIssued", "", "fulfillment"],
    ["CERTIFICATE_ISSUED", "Words", "fulfillment"],
    ["", "Your certificate is ready to download", "fulfillment"],
    ["T-114", "Your SSL certificate for verify.example.test has been issued", "fulfillment"],
    ["DomainControlValidation", "", "approver"],
    ["DCV_EMAIL", "", "approver"],
    ["", "Please approve the certificate for issued.example.test", "approver"],
    ["", "Domain validation complete", null],
    ["", "Your certificate was issued and will expire", null],
    ["RenewalNotice", "Certificate issued long ago", null],
    ["CertificateRevoked", "", null],
    ["", "Receipt of your order", null],
    ["", "", null],
  ])("takes template %j with subject %j as %s", (template, subject, kind) => {
    expect(kindOfMail(template, subject)).toBe(kind);
  });
});
