import { expect, it } from "vitest";
import { type SupportFacts, supportText } from "./support-text";

const request: SupportFacts = {
  confirmedRecipients: ["admin@example.test"],
  status: "accepted",
  requestedAt: "2026-11-26T08:00:00.000Z",
  settledAt: "2026-11-26T08:00:01.000Z",
  caMessage: null,
  evidence: {
    kind: "bounced",
    at: "2026-11-26T08:00:05.000Z",
    address: "admin@example.test",
    code: "5.1.1",
    words: "550 User unknown",
    caSentAt: null,
  },
};

it("holds what support asks for, and leaves out what there is not", () => {
  const order = { caOrderId: "4711", commonName: "shop.example.test" };
  expect(supportText(order, request, (key) => key).split("\n")).toEqual([
    "intro",
    "",
    "order: 4711",
    "name: shop.example.test",
    "to: admin@example.test",
    "requested: 2026-11-26T08:00:00.000Z",
    "accepted: 2026-11-26T08:00:01.000Z",
    "bounced: 2026-11-26T08:00:05.000Z · admin@example.test · 5.1.1 550 User unknown",
    "",
    "question",
  ]);
});
