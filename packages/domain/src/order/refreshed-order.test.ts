import { describe, expect, it } from "vitest";
import type { CaOrder } from "../ports/certificate-authority.ts";
import { caAccountIdSchema, caOrderIdSchema } from "../values/ids.ts";
import { refreshedOrder } from "./refreshed-order.ts";

const now = new Date("2026-11-23T00:00:00Z");
const account = { caAccountId: caAccountIdSchema.parse("account") };
const listed: CaOrder = {
  caOrderId: caOrderIdSchema.parse("7"),
  product: "Standard SSL",
  validationType: "dv",
  commonName: "a.test",
  dnsNames: [],
  recipients: { fulfillment: "not-loaded", approver: "not-loaded" },
  csrSpkiSha256: null,
  status: "issued",
  vendorStatus: "active",
  orderedAt: new Date("2026-11-01T00:00:00Z"),
  issuances: [],
  hasDetails: false,
};

describe("an order as kept after the CA spoke", () => {
  it("keeps the day it was placed where the details leave it out, and takes another that they tell", () => {
    const refreshed = (orderedAt: Date | null) => {
      const known = refreshedOrder(account, listed, null, () => "order", now);
      const said = { ...listed, orderedAt, hasDetails: true };
      return refreshedOrder(account, said, known, () => "other", now);
    };
    expect(refreshed(null)).toMatchObject({ orderedAt: listed.orderedAt, detailsAt: now });
    expect(refreshed(now)).toMatchObject({ orderedAt: now });
  });

  it("has the certificate that the CA names first, and behind it those it named before, whichever call tells", () => {
    const issuance = (caCertificateId: string) => ({ caCertificateId, validFrom: now, validTo: now });
    const known = refreshedOrder(
      account,
      { ...listed, issuances: [issuance("100")] },
      null,
      () => "order",
      now,
    );
    for (const hasDetails of [false, true]) {
      const said = { ...listed, issuances: [issuance("101")], hasDetails };
      const { issuances } = refreshedOrder(account, said, known, () => "other", now);
      expect(issuances.map(({ caCertificateId }) => caCertificateId)).toEqual(["101", "100"]);
    }
  });
});
