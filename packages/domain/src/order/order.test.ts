import { describe, expect, it } from "vitest";
import { certificateIdSchema } from "../values/ids.ts";
import { driftOf } from "./drift.ts";
import { attentionOf, expiresAt, latestIssuance } from "./order.ts";

const now = new Date("2026-11-23T00:00:00Z");
const issuance = (id: string, validTo: string) => ({
  caCertificateId: id,
  validFrom: new Date("2026-01-01"),
  validTo: new Date(validTo),
});
const imported = certificateIdSchema.parse("c");

describe("where an order stands", () => {
  it("needs action while its newest certificate is valid and not imported", () => {
    const order = {
      status: "issued",
      issuances: [issuance("1", "2027-01-01")],
      imports: {},
      goneAt: null,
    } as const;
    expect(attentionOf(order, now)).toBe("needs-action");
    expect(attentionOf({ ...order, imports: { 1: imported } }, now)).toBe("nothing-to-do");
    expect(attentionOf(order, new Date("2027-01-02"))).toBe("nothing-to-do");
    expect(attentionOf({ ...order, goneAt: now }, now)).toBe("nothing-to-do");
    expect(attentionOf({ ...order, status: "validating" }, now)).toBe("with-the-ca");
  });

  it("shows the end of the certificate in use while a newer one waits to be imported", () => {
    const issuances = [issuance("2", "2027-06-01"), issuance("1", "2026-12-01")];
    expect(expiresAt({ issuances, imports: { 1: imported } })).toEqual(new Date("2026-12-01"));
    expect(expiresAt({ issuances, imports: { 1: imported, 2: imported } })).toEqual(new Date("2027-06-01"));
    expect(expiresAt({ issuances: [], imports: {} })).toBeNull();
  });
});

describe("an order whose certificate was reissued", () => {
  it.each(["2027-01-01", "2026-12-20"])(
    "needs action though the new certificate ends with or before the old one, %s",
    (end) => {
      const issuances = [issuance("2", end), issuance("1", "2027-01-01")];
      const order = { status: "issued", issuances, imports: { 1: imported }, goneAt: null } as const;
      expect(latestIssuance(order)?.caCertificateId).toBe("2");
      expect(attentionOf(order, now)).toBe("needs-action");
      expect(driftOf(order)).toBe("newer");
      expect(expiresAt(order)).toEqual(new Date("2027-01-01"));
    },
  );
});

describe("where the CA says otherwise than what was imported", () => {
  const issuances = [issuance("1", "2027-01-01")];
  const order = { status: "issued", issuances, imports: { 1: imported }, goneAt: null } as const;

  it.each([
    [{}, null],
    [{ status: "revoked" }, "revoked"],
    [{ status: "revocation-pending" }, "revoked"],
    [{ status: "replaced" }, "replaced"],
    [{ status: "cancelled" }, "ended"],
    [{ status: "rejected" }, "ended"],
    [{ status: "unknown" }, null],
    [{ status: "reissue-pending" }, null],
    [{ goneAt: now }, "gone"],
    [{ issuances: [issuance("2", "2027-06-01"), ...issuances] }, "newer"],
    [{ status: "revoked", imports: {} }, null],
  ] as const)("%j is %s", (about, drift) => {
    expect(driftOf({ ...order, ...about })).toBe(drift);
  });
});
