import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapDetail, mapHistory, mapMailKind, mapRow, mapStatus, mapValidationType } from "./map.ts";
import { readCursor, stepOn, top, writeCursor } from "./paging.ts";
import { wireCertificate, wireHistory } from "./wire.ts";

const version2 = {
  certificateId: "f5c9",
  commonName: "shop.example.test",
  type: "UCC_OV_SSL",
  status: "ISSUED",
  createdAt: "2026-10-01T10:00:00Z",
  validStartAt: "2026-10-01T11:00:00Z",
  validEndAt: "2027-04-15T11:00:00Z",
  serialNumber: "77",
  subjectAlternativeNames: ["www.example.test", "bücher.example"],
  contact: { email: "ana@example.test" },
  deniedReason: null,
};
const detail = (about: object) => mapDetail(wireCertificate.parse({ ...version2, ...about }));

describe("what GoDaddy says, in our words", () => {
  it.each([
    ["PENDING_ISSUANCE", "validating"],
    ["ISSUED", "issued"],
    ["REVOKED", "revoked"],
    ["CANCELED", "cancelled"],
    ["DENIED", "rejected"],
    ["PENDING_REVOCATION", "revocation-pending"],
    ["PENDING_REKEY", "reissue-pending"],
    ["UNUSED", "draft"],
    ["EXPIRED", "issued"],
    ["issued", "issued"],
    ["SOMETHING_ELSE", "unknown"],
  ])("takes the status %s for %s", (word, status) => {
    expect(mapStatus(word)).toBe(status);
  });

  it.each([
    ["DV_SSL", "dv"],
    ["DV_WILDCARD_SSL", "dv"],
    ["UCC_EV_SSL", "ev"],
    ["OV_SSL", "ov"],
    ["OV_CODE_SIGNING", "ov"],
    ["", "unknown"],
  ])("takes the product %s for %s", (product, type) => {
    expect(mapValidationType(product)).toBe(type);
  });

  it("reads version 2 and version 1 alike", () => {
    const two = detail({});
    expect(two).toMatchObject({
      caOrderId: "f5c9",
      product: "UCC_OV_SSL",
      validationType: "ov",
      dnsNames: ["shop.example.test", "www.example.test", "xn--bcher-kva.example"],
      recipients: { fulfillment: [{ address: "ana@example.test", source: "administrator-contact" }] },
      issuances: [{ caCertificateId: "77", validTo: new Date("2027-04-15T11:00:00Z") }],
      hasDetails: true,
    });
    const { validStartAt, validEndAt, type, subjectAlternativeNames, ...others } = version2;
    const one = {
      ...others,
      productType: type,
      validStart: validStartAt,
      validEnd: validEndAt,
      subjectAlternativeNames: subjectAlternativeNames.map((name) => ({
        subjectAlternativeName: name,
        status: "COMPLETED",
      })),
    };
    expect(mapDetail(wireCertificate.parse(one))).toEqual(two);
    const row = mapRow(wireCertificate.parse(version2));
    expect(row).toMatchObject({ hasDetails: false, recipients: { fulfillment: "not-loaded" } });
  });

  it.each([
    [{ contact: null }, { recipients: { fulfillment: [], approver: [] } }],
    [{ contact: { email: "nobody" } }, { recipients: { fulfillment: [] } }],
    [{ validStartAt: null }, { issuances: [] }],
    [{ validEndAt: "soon" }, { issuances: [] }],
    [{ validEndAt: "2020-01-01T00:00:00Z" }, { issuances: [] }],
    [{ createdAt: "yesterday" }, { orderedAt: null }],
    [
      { commonName: null, subjectAlternativeNames: "no list" },
      { commonName: "", dnsNames: [] },
    ],
    [{ serialNumber: "" }, { issuances: [{ caCertificateId: "2026-10-01T11:00:00.000Z" }] }],
  ])("leaves out what is missing or odd: %j", (about, expected) => {
    expect(detail(about)).toMatchObject(expected);
  });

  it.each([
    ["CertificateIssued", "", "fulfillment"],
    ["", "Your SSL certificate is ready", "fulfillment"],
    ["DOMAIN_CONTROL_EMAIL", "", "approver"],
    ["x", "Please verify your domain before your certificate can be issued", "approver"],
    ["Renewal", "Your certificate expires soon", null],
    [null, null, null],
  ])("guesses the kind of a mail from template %j and subject %j: %j", (templateType, subject, kind) => {
    expect(mapMailKind({ templateType, subject })).toBe(kind);
  });

  it("keeps nothing of what a mail says, and sorts the newest first", () => {
    const mail = {
      id: 1,
      templateType: "Issued",
      recipients: "a@b.test, c@d.test",
      subject: "S",
      body: "PEM",
    };
    const told = wireHistory.parse([
      { ...mail, dateEntered: "2026-01-01T00:00:00Z" },
      { ...mail, id: 2, dateEntered: "2026-02-01T00:00:00Z" },
    ]);
    const mails = mapHistory(told);
    expect(mails.map(({ mailId }) => mailId)).toEqual(["2", "1"]);
    expect(mails[0]?.recipients).toEqual(["a@b.test", "c@d.test"]);
    expect(JSON.stringify(mails)).not.toContain("PEM");
  });
});

describe("paging through GoDaddy's list", () => {
  /** Reads a list, newest first, to which orders are added in front while it is read. */
  function read(size: number, pageSize: number, added: readonly number[]) {
    let list = Array.from({ length: size }, (_, index) => `first-${index}`);
    const throughout = [...list];
    const seen: string[] = [];
    let place: typeof top | null = top;
    for (let page = 0; place !== null; page++) {
      if (page > 1000) throw new Error("it does not end");
      const ids = list.slice(place.offset, place.offset + pageSize);
      const { freshIds, next } = stepOn(readCursor(writeCursor(place)), ids, list.length);
      seen.push(...freshIds);
      place = next;
      const more = Array.from({ length: added[page] ?? 0 }, (_, index) => `later-${page}-${index}`);
      list = [...more, ...list];
    }
    return { seen, throughout };
  }

  it("loses nothing and ends, however many orders are added in front, and repeats nothing while they are few", () => {
    const added = fc.array(fc.nat(6), { maxLength: 12 });
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 2, max: 9 }), added, (size, pageSize, added) => {
        const { seen, throughout } = read(size, pageSize, added);
        expect(seen).toEqual(expect.arrayContaining(throughout));
        if (added.every((count) => count < pageSize)) expect(new Set(seen).size).toBe(seen.length);
      }),
    );
  });

  it("refuses a cursor it has not written", () => {
    for (const text of ["", "x", "-1 a", "1", "1 a b"])
      expect(() => readCursor(text)).toThrow(expect.objectContaining({ kind: "invalid-input" }));
  });
});
