import { describe, expect, it } from "vitest";
import type { Order } from "../order/order.ts";
import { dnsNameSchema } from "../values/dns-name.ts";
import { caAccountIdSchema, caOrderIdSchema, orderIdSchema } from "../values/ids.ts";
import { finding, isBlocked } from "./findings.ts";
import { type JudgeSituation, judge } from "./judge.ts";
import type { MaterialFacts } from "./material-facts.ts";

const now = new Date("2026-11-23T00:00:00Z");
const source = { path: ["mail.eml"] };
const facts: MaterialFacts = {
  certificate: {
    fingerprintSha256: "f",
    spkiSha256: "k",
    serialNumber: "1",
    subject: "CN=shop.example.test",
    commonName: "shop.example.test",
    organization: null,
    issuer: "CN=CA",
    issuerCommonName: "CA",
    dnsNames: ["shop.example.test", "*.shop.example.test"],
    ipAddresses: [],
    validFrom: new Date("2026-11-01"),
    validTo: new Date("2027-05-01"),
    keyType: "EC P-256",
    signatureAlgorithm: "SHA-256 with ECDSA",
    isCa: false,
    isSelfSigned: false,
    source,
  },
  chain: [],
  chainState: "complete",
  missingIssuer: null,
  missingIssuerUrls: [],
  key: { spkiSha256: "k", keyType: "EC P-256", algorithm: "ec", encrypted: false, source },
  keyFits: true,
  request: null,
  orderNumbers: [],
  handshake: null,
  findings: [],
};
const order: Order = {
  orderId: orderIdSchema.parse("o"),
  caAccountId: caAccountIdSchema.parse("a"),
  caOrderId: caOrderIdSchema.parse("1042"),
  product: "",
  validationType: "dv",
  commonName: "shop.example.test",
  dnsNames: [dnsNameSchema.parse("shop.example.test"), dnsNameSchema.parse("www.shop.example.test")],
  recipients: { fulfillment: [], approver: [] },
  csrSpkiSha256: "k",
  status: "issued",
  vendorStatus: "Complete",
  orderedAt: null,
  issuances: [],
  syncedAt: now,
  detailsAt: now,
  goneAt: null,
  imports: {},
};
const situation: JudgeSituation = { mode: "certificate-and-key", order, keyOwner: null, now };
const ids = (given: Partial<MaterialFacts>, about: Partial<JudgeSituation> = {}) =>
  judge({ ...facts, ...given }, { ...situation, ...about }).map((found) => found.id);

describe("judging material for an order", () => {
  it("finds nothing in a certificate with its key for its order", () => {
    expect(ids({})).toEqual([]);
  });

  it("blocks an expired certificate and one that is not valid yet", () => {
    expect(ids({}, { now: new Date("2027-05-01T00:00:01Z") })).toEqual(["expired"]);
    expect(ids({}, { now: new Date("2026-10-31") })).toEqual(["not-yet-valid"]);
  });

  it("warns of one that ends within 30 days, or a third of a shorter life", () => {
    expect(ids({}, { now: new Date("2027-04-10") })).toEqual(["expires-soon"]);
    expect(ids({}, { now: new Date("2027-03-25") })).toEqual([]);
  });

  it("blocks a certificate with another key than the order's CSR", () => {
    expect(ids({}, { order: { ...order, csrSpkiSha256: "other" } })).toEqual(["other-order"]);
  });

  it("names the ordered names that a certificate does not cover; a wildcard covers one label and not the bare name", () => {
    const wanted = ["shop.example.test", "a.shop.example.test", "a.b.shop.example.test"].map((name) =>
      dnsNameSchema.parse(name),
    );
    const [found] = judge(facts, { ...situation, order: { ...order, dnsNames: wanted } });
    expect(found).toMatchObject({ id: "hostname-mismatch", params: { missing: "a.b.shop.example.test" } });
  });

  it("warns of one that ends before the version that is there, and says when the key is another", () => {
    const current = { version: 3, validTo: new Date("2027-05-01"), spkiSha256: "k", importedAt: now };
    expect(ids({}, { previous: current })).toEqual([]);
    expect(ids({}, { previous: { ...current, validTo: new Date("2027-05-02") } })).toEqual([
      "older-certificate",
    ]);
    expect(ids({}, { previous: { ...current, spkiSha256: "j" } })).toEqual(["key-changed"]);
  });

  it("asks for the key only where it would be kept, and not beside a passphrase that is missing", () => {
    expect(ids({ key: null, keyFits: null })).toEqual(["missing-key"]);
    expect(ids({ key: null, keyFits: null }, { mode: "certificate-only" })).toEqual([]);
    expect(ids({ key: null, keyFits: null, findings: [finding("passphrase-required")] })).toEqual([
      "passphrase-required",
    ]);
  });

  it("says whose key a stranger is, and puts what blocks first", () => {
    const found = judge(
      {
        ...facts,
        findings: [finding("text-repaired"), finding("key-mismatch", { name: "shop.example.test" })],
      },
      { ...situation, keyOwner: order },
    );
    expect(found.map((one) => one.id)).toEqual(["key-mismatch", "text-repaired"]);
    expect(found[0]?.params).toMatchObject({ ownerOrder: "1042", owner: "shop.example.test" });
    expect(isBlocked(found)).toBe(true);
  });
});
