import { orderStatuses } from "@sealpost/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapMails, mapOrder, mapRow, mapStatus, mapValidationType } from "./map.ts";
import { wireMails, wireOrder } from "./wire.ts";

const documented = {
  Pendingissuance: "validating",
  Issued: "issued",
  Revoked: "revoked",
  Canceled: "cancelled",
  Denied: "rejected",
  Pendingrevocation: "revocation-pending",
  PendingRekey: "reissue-pending",
  Unused: "draft",
  Expired: "issued",
  NotSubmitted: "draft",
} as const;

const orders = "providers/Microsoft.CertificateRegistration/certificateOrders";
const id = `/subscriptions/s/resourceGroups/Group/${orders}/Name`;
const wireOf = (properties: object = {}) =>
  wireOrder.parse({ id, properties: { status: "Issued", ...properties } });
const row = (properties: object = {}) => mapRow(wireOf(properties));
const details = (properties: object = {}) => mapOrder(wireOf(properties));

describe("mapping of Azure's words", () => {
  it.each(Object.entries(documented))("maps the status %s to %s, however it is written", (word, status) => {
    for (const written of [word, word.toLowerCase(), word.toUpperCase(), ` ${word} `])
      expect(mapStatus(written)).toBe(status);
  });

  it("maps every other word to unknown and keeps it raw", () => {
    const words = new Set(Object.keys(documented).map((word) => word.toLowerCase()));
    const anyWord = fc.oneof(
      fc.stringMatching(/^[A-Za-z _!-]{0,12}$/),
      fc.constantFrom("__proto__", "constructor", "Pending issuance", "Issued!"),
    );
    fc.assert(
      fc.property(anyWord, (word) => {
        if (words.has(word.trim().toLowerCase())) return;
        const told = { status: "unknown", vendorStatus: word };
        expect([row({ status: word }), details({ status: word })]).toMatchObject([told, told]);
      }),
    );
  });

  it("knows an order by group and name, however Azure writes them today", () => {
    for (const written of [id, id.toLowerCase(), id.toUpperCase()])
      expect(mapRow(wireOrder.parse({ id: written, properties: { status: "" } })).caOrderId).toBe(
        "group/name",
      );
    for (const other of ["", "7", "/subscriptions/s", `${id}/more`, `/x${id}`, id.replace("Name", "")])
      expect(wireOrder.safeParse({ id: other, properties: { status: "" } }).success).toBe(false);
  });

  it("reads an order of which nothing is told but id and status", () => {
    const least = {
      caOrderId: "group/name",
      product: "",
      validationType: "unknown",
      commonName: "",
      dnsNames: [],
      csrSpkiSha256: null,
      status: "issued",
      vendorStatus: "Issued",
      orderedAt: null,
      issuances: [],
    };
    const notLoaded = { fulfillment: "not-loaded", approver: "not-loaded" };
    expect(row()).toEqual({ ...least, recipients: notLoaded, hasDetails: false });
    expect(details()).toEqual({
      ...least,
      recipients: { fulfillment: [], approver: [] },
      hasDetails: true,
    });
    for (const odd of [null, 7, "x", [], {}])
      expect(
        details({ signedCertificate: odd, contact: odd, csr: odd, distinguishedName: odd, productType: odd }),
      ).toMatchObject({ issuances: [], csrSpkiSha256: null, recipients: { fulfillment: [] } });
  });

  it.each([
    ["CN=example.com", "example.com"],
    ["cn = example.com", "example.com"],
    ["O=Example, CN=*.bücher.example, C=DE", "*.bücher.example"],
    ['CN="example.com"', "example.com"],
    ["OU=CN Team,CN=a.test", "a.test"],
    ["DCN=a.test", ""],
    ["example.com", ""],
    ["", ""],
  ])("reads from the name %j the common name %j", (distinguishedName, commonName) => {
    expect(row({ distinguishedName }).commonName).toBe(commonName);
  });

  it("takes the common name of the certificate where the order has none, and writes names as certificates do", () => {
    expect(row({ signedCertificate: { subject: "CN=a.test" } }).commonName).toBe("a.test");
    expect(row({ distinguishedName: "CN=*.bücher.example" }).dnsNames).toEqual(["*.xn--bcher-kva.example"]);
  });

  it.each([
    ["2026-11-12T23:40:25+00:00", "2026-11-12T23:40:25.000Z"],
    ["2026-11-12T23:40:25Z", "2026-11-12T23:40:25.000Z"],
    ["2026-11-12T23:40:25", "2026-11-12T23:40:25.000Z"],
    ["2026-11-12T23:40:25.1234567Z", "2026-11-12T23:40:25.123Z"],
    ["2026-11-12T23:40:25-05:00", "2026-11-13T04:40:25.000Z"],
  ])("takes %j for the moment %s", (notBefore, moment) => {
    const signedCertificate = { notBefore, notAfter: "2027-05-29T23:40:25Z", serialNumber: "0A1B" };
    expect(row({ signedCertificate }).issuances).toEqual([
      {
        caCertificateId: "0A1B",
        validFrom: new Date(moment),
        validTo: new Date("2027-05-29T23:40:25Z"),
      },
    ]);
  });

  it.each([
    "",
    "soon",
    "2026-11-12",
    "11/12/2026 23:40:25",
    "2026-13-12T23:40:25Z",
    "2026-11-12T25:40:25Z",
    "2028-01-01T00:00:00Z",
  ])("believes in no certificate that would begin at %j", (notBefore) => {
    const signedCertificate = { notBefore, notAfter: "2027-05-29T23:40:25Z", serialNumber: "0A1B" };
    expect(details({ signedCertificate }).issuances).toEqual([]);
  });

  it("numbers a certificate without a serial number by when it begins", () => {
    const signedCertificate = { notBefore: "2026-11-12T23:40:25Z", notAfter: "2027-05-29T23:40:25Z" };
    expect(row({ signedCertificate }).issuances[0]?.caCertificateId).toBe("2026-11-12T23:40:25.000Z");
  });

  it("tells the contact for both mails, and nobody where it is no address", () => {
    const people = (email: string) => details({ contact: { email } }).recipients;
    const ana = [{ address: "ana@a.test", source: "administrator-contact" }];
    expect(people("ana@a.test")).toEqual({ fulfillment: ana, approver: ana });
    expect(people("ana")).toEqual({ fulfillment: [], approver: [] });
  });

  it.each([
    ["StandardDomainValidatedSsl", "dv"],
    ["StandardDomainValidatedWildCardSsl", "dv"],
    ["QuantumSsl", "unknown"],
    ["", "unknown"],
  ])("tells from %j the validation type %s and guesses nothing", (product, type) => {
    expect(mapValidationType(product)).toBe(type);
  });

  it("tells the mails newest first, of two at once the later in the list, those without a day last", () => {
    const mail = (emailId: string, timeStamp?: string | null) => ({ properties: { emailId, timeStamp } });
    const [early, late] = ["2026-11-01T10:00:00+00:00", "2026-11-02T10:00:00+00:00"];
    const wires = [mail("a", early), mail("b"), mail("c", late), mail("d", late), mail("e", "never")];
    const mails = mapMails(wireMails.parse(wires));
    expect(mails.map(({ mailId }) => mailId)).toEqual(["d", "c", "a", "e", "b"]);
    expect(mails.at(-1)).toEqual({ mailId: "b", kind: null, subject: "", recipients: [], sentAt: null });
  });

  it("takes anything that has an id and a status for an order of the closed list of statuses", () => {
    const any = fc.oneof(fc.stringMatching(/^[ -~]{0,20}$/), fc.jsonValue({ maxDepth: 2 }));
    const properties = fc.record(
      {
        distinguishedName: any,
        productType: any,
        csr: any,
        contact: fc.oneof(any, fc.record({ email: any })),
        signedCertificate: fc.oneof(any, fc.record({ serialNumber: any, notBefore: any, notAfter: any })),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(properties, fc.string(), (about, status) => {
        for (const order of [row({ ...about, status }), details({ ...about, status })])
          expect(orderStatuses).toContain(order.status);
      }),
    );
  });
});
