import type { RequestView } from "@sealpost/api/client";
import { expect, it } from "vitest";
import { isUnknownBefore } from "./resend-facts";

const request = (status: RequestView["status"], hour: number): RequestView => {
  const at = `2026-11-26T${String(hour).padStart(2, "0")}:00:00.000Z`;
  return {
    requestId: `request-${hour}`,
    orderId: "order",
    kind: "fulfillment",
    status,
    confirmedRecipients: [],
    chosenRecipients: [],
    format: null,
    notBefore: at,
    requestedBy: { personId: "ana", name: "Ana" },
    requestedAt: at,
    claimedAt: at,
    settledAt: at,
    attempts: 1,
    reason: null,
    caMessage: null,
    answeredInMs: null,
    evidence: {
      kind: "none",
      at: null,
      address: null,
      code: null,
      words: null,
      mailId: null,
      caSentAt: null,
    },
  };
};

it.each([
  ["nothing was asked for", [], false],
  ["the newest may have been sent", [request("outcome-unknown", 8)], true],
  [
    "one after it was not sent, or refused",
    [request("not-sent", 10), request("refused", 9), request("outcome-unknown", 8)],
    true,
  ],
  ["one after it was accepted", [request("accepted", 9), request("outcome-unknown", 8)], false],
] as const)("that an earlier mail may have left is said where %s: %s", (_, requests, isSaid) => {
  const order = {
    status: "issued",
    isGone: false,
    recipients: { fulfillment: [], approver: [] },
    account: { capabilities: ["resend-fulfillment"], state: "connected" },
    requests,
  } as const;
  expect(isUnknownBefore(order, "fulfillment")).toBe(isSaid);
  expect(isUnknownBefore(order, "approver")).toBe(false);
});
