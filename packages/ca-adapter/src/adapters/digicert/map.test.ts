import { orderStatuses } from "@sealpost/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapInfo, mapRow, mapStatus, mapUser, mapValidationType } from "./map.ts";
import { wireInfo, wireRow, wireUser } from "./wire.ts";

const documented = {
  pending: "validating",
  processing: "validating",
  needs_csr: "validating",
  approved: "validating",
  needs_approval: "awaiting-approval",
  issued: "issued",
  waiting_pickup: "issued",
  expired: "issued",
  reissue_pending: "reissue-pending",
  canceled: "cancelled",
  rejected: "rejected",
  revoked: "revoked",
} as const;

const row = (about: object) => mapRow(wireRow.parse({ id: 7, status: "issued", ...about }));
const info = (about: object, others: Parameters<typeof mapInfo>[1] = []) =>
  mapInfo(wireInfo.parse({ id: 7, status: "issued", ...about }), others);

describe("mapping of DigiCert's words", () => {
  it.each(Object.entries(documented))("maps the status %s to %s", (word, status) => {
    expect(mapStatus(word)).toBe(status);
  });

  it("maps every other word to unknown and keeps it raw", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "Issued!")), (word) => {
        if (word.trim().toLowerCase() in Object.assign(Object.create(null), documented)) return;
        expect(row({ status: word })).toMatchObject({ status: "unknown", vendorStatus: word });
      }),
    );
  });

  it.each([
    [{ product: { name_id: "ssl_dv_geotrust" } }, "dv"],
    [{ product: { name_id: "wildcard_dv_rapidssl" } }, "dv"],
    [{ product: { name_id: "ssl_ev_plus" }, organization: { name: "A" } }, "ev"],
    [{ product: { name_id: "ssl_plus" }, organization: { name: "A" } }, "ov"],
    [{ product: { name_id: "ssl_plus" } }, "unknown"],
    [{ product: { name_id: "client_premium" }, organization: { name: "A" } }, "unknown"],
    [{ product: { name_id: "ssl_plus", validation_type: "ev" } }, "ev"],
    [{}, "unknown"],
  ])("tells from %o the validation type %s and guesses nothing", (about, type) => {
    expect(mapValidationType(wireRow.parse({ id: 1, status: "x", ...about }))).toBe(type);
  });

  it("takes days as whole ones, and a day nobody told from the order's date only in a list", () => {
    const certificate = { id: 9, valid_till: "2027-04-30" };
    const ordered = { date_created: "2026-10-16T17:29:56+00:00" };
    const validTo = new Date("2027-04-30T23:59:59Z");
    expect(row({ certificate, ...ordered }).issuances).toEqual([
      { caCertificateId: "9", validFrom: new Date("2026-10-16T17:29:56Z"), validTo },
    ]);
    const told = { ...certificate, valid_from: "2026-10-15" };
    expect(info({ certificate: told, ...ordered }).issuances).toEqual([
      { caCertificateId: "9", validFrom: new Date("2026-10-15T00:00:00Z"), validTo },
    ]);
    expect(row({ certificate: { id: 9 } }).issuances).toEqual([]);
    expect(row({ certificate: { valid_till: "2027-04-30" }, ...ordered }).issuances).toEqual([]);
  });

  it("puts the certificate in force first, then reissues and duplicates that were issued, each once", () => {
    const dates = { valid_from: "2026-10-16", valid_till: "2027-04-30" };
    const others = [
      { id: 1, status: "issued", ...dates },
      { id: 3, status: "issued", ...dates },
      { id: 4, status: "approved", ...dates },
      { id: 5, status: "rejected", ...dates },
      { id: 6, status: "pending", ...dates },
    ].map((one) => wireInfo.shape.certificate.parse(one) ?? {});
    const { issuances } = info({ certificate: { id: 3, ...dates } }, others);
    expect(issuances.map(({ caCertificateId }) => caCertificateId)).toEqual(["3", "1", "4"]);
  });

  it("proposes whoever ordered and the technical contact, once each, and the organization's only for want of them", () => {
    const person = (email: unknown) => ({ email });
    const who = (about: object) => info(about).recipients.fulfillment;
    expect(who({ user: person("a@x.test"), technical_contact: person("A@X.test") })).toEqual([
      { address: "a@x.test", source: "requester" },
    ]);
    expect(who({ user: person("a@x.test"), technical_contact: person("b@x.test") })).toEqual([
      { address: "a@x.test", source: "requester" },
      { address: "b@x.test", source: "technical-contact" },
    ]);
    expect(who({ user: person(null), organization_contact: person("c@x.test") })).toEqual([
      { address: "c@x.test", source: "administrator-contact" },
    ]);
    expect(who({ user: [], technical_contact: "nobody" })).toEqual([]);
    expect(row({}).recipients).toEqual({ fulfillment: "not-loaded", approver: "not-loaded" });
  });

  it("names the mailboxes of the approval only when the answer does", () => {
    expect(info({}).recipients.approver).toEqual([]);
    expect(info({ dcv_emails: [{ dns_name: "a.test", email: "admin@a.test" }] }).recipients.approver).toEqual(
      [{ address: "admin@a.test", source: "order-approver" }],
    );
  });

  it("writes names as they stand in certificates", () => {
    const certificate = {
      common_name: "*.bücher.example",
      dns_names: ["bücher.example", "Max Muster", "B.test"],
    };
    expect(row({ certificate }).dnsNames).toEqual([
      "*.xn--bcher-kva.example",
      "xn--bcher-kva.example",
      "b.test",
    ]);
  });

  it("calls a credential read-only when the service does, and else says nothing", () => {
    const user = (roles: unknown) =>
      mapUser(wireUser.parse({ first_name: "A", account_id: 5, access_roles: roles }));
    expect(user([{ id: 102 }])).toEqual({ accountName: "A (5)", isReadOnly: true });
    expect(user([{ id: 1 }]).isReadOnly).toBeNull();
    expect(user("none").isReadOnly).toBeNull();
  });

  it("takes anything that has a number and a status for an order of the closed list of statuses", () => {
    const anything = fc.record(
      {
        id: fc.oneof(fc.nat(), fc.nat().map(String)),
        status: fc.oneof(fc.string(), fc.constantFrom(...Object.keys(documented))),
        certificate: fc.oneof(
          fc.jsonValue(),
          fc.record({ id: fc.nat(), valid_till: fc.string(), csr: fc.string() }),
        ),
        product: fc.jsonValue(),
        organization: fc.jsonValue(),
        user: fc.jsonValue(),
        requests: fc.jsonValue(),
        date_created: fc.jsonValue(),
      },
      { requiredKeys: ["id", "status"] },
    );
    fc.assert(
      fc.property(anything, (value) => {
        for (const order of [mapRow(wireRow.parse(value)), info(value)])
          expect(orderStatuses).toContain(order.status);
      }),
    );
  });
});
