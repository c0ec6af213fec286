import { orderStatuses } from "@sealpost/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapOrder, mapStatus, mapValidationType } from "./map.ts";
import { wireOrder } from "./wire.ts";

describe("mapping of IBM's words", () => {
  it.each([
    ["Pending CA Approval", "awaiting-approval"],
    ["Approved", "issued"],
    ["Complete", "issued"],
    ["Canceled", "cancelled"],
  ])("maps the documented status %s to %s", (word, status) => {
    expect(mapStatus(word)).toBe(status);
  });

  it.each(["__proto__", "constructor", "toString"])("takes %s for a word like any other", (word) => {
    expect(mapStatus(word)).toBe("unknown");
  });

  it("maps every word nobody documented to unknown and keeps it raw", () => {
    fc.assert(
      fc.property(fc.string(), (word) => {
        const known = ["pending ca approval", "approved", "complete", "canceled"].includes(
          word.trim().toLowerCase(),
        );
        expect(mapStatus(word) === "unknown").toBe(!known);
        const order = mapOrder({ id: 1, status: { name: word } }, false, new Map());
        expect(order.vendorStatus).toBe(word);
      }),
    );
  });

  it.each([
    ["RapidSSL - 1 year", "dv"],
    ["True BusinessID with EV", "ev"],
    ["True BusinessID", "ov"],
    ["Something else", "unknown"],
  ])("reads the validation type of %s as %s", (product, type) => {
    expect(mapValidationType(product)).toBe(type);
  });

  it("maps whatever passes as the service's JSON without throwing, to a status of the closed list", () => {
    const anything = fc.record(
      {
        id: fc.nat(),
        commonName: fc.oneof(fc.string(), fc.constant(null), fc.domain()),
        approverEmailAddress: fc.oneof(fc.string(), fc.emailAddress()),
        certificateSigningRequest: fc.string(),
        effectiveDate: fc.oneof(fc.string(), fc.constant("2026-01-01T00:00:00-06:00")),
        expirationDate: fc.string(),
        statusId: fc.nat(),
        orderItem: fc.record({ description: fc.string() }),
      },
      { requiredKeys: ["id"] },
    );
    fc.assert(
      fc.property(anything, (value) => {
        const order = mapOrder(wireOrder.parse(value), true, new Map());
        expect(orderStatuses).toContain(order.status);
      }),
    );
  });
});
