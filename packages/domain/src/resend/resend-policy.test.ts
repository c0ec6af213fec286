import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orderStatuses } from "../order/order.ts";
import { capabilities } from "../ports/certificate-authority.ts";
import { emailAddressSchema } from "../values/email-address.ts";
import { personIdSchema } from "../values/ids.ts";
import {
  approverMailEndsAt,
  coolDownEnd,
  defaultResendPolicy,
  type ResendFacts,
  recipientsStand,
  resendRefusal,
  unknownBefore,
} from "./resend-policy.ts";
import { resendStatuses } from "./resend-request.ts";

const now = new Date("2026-11-23T12:00:00Z");
const recipient = {
  address: emailAddressSchema.parse("admin@example.test"),
  source: "order-approver" as const,
};
const good: ResendFacts = {
  kind: "fulfillment",
  mayResend: true,
  capabilities: ["resend-fulfillment", "resend-approver"],
  accountState: "connected",
  status: "issued",
  isGone: false,
  recipients: { fulfillment: [recipient], approver: [recipient] },
  history: [],
};
type Past = ResendFacts["history"][number];
const past = (status: Past["status"], secondsAgo: number): Past => ({
  kind: "fulfillment",
  status,
  requestedBy: { personId: personIdSchema.parse("p"), name: "Jonas" },
  requestedAt: new Date(now.getTime() - secondsAgo * 1000),
  claimedAt: null,
  settledAt:
    status === "requested" || status === "forwarding" ? null : new Date(now.getTime() - secondsAgo * 1000),
});
const codeOf = (facts: Partial<ResendFacts>, moment = now) =>
  resendRefusal({ ...good, ...facts }, defaultResendPolicy, moment)?.code ?? null;

describe("whether what was confirmed still stands", () => {
  const address = (text: string) => emailAddressSchema.parse(text);
  const stands = (
    confirmed: readonly string[],
    chosen: readonly string[] = [],
    about: { kind?: "fulfillment" | "approver"; canChoose?: boolean; named?: readonly string[] } = {},
  ) =>
    recipientsStand(
      {
        kind: about.kind ?? "fulfillment",
        confirmedRecipients: confirmed.map(address),
        chosenRecipients: chosen.map(address),
      },
      (about.named ?? ["ana@a.test", "it@a.test"]).map((one) => ({ ...recipient, address: address(one) })),
      about.canChoose === false ? [] : ["choose-recipient"],
    );

  it("where recipients may be chosen: any of those the CA names, and whoever was chosen on purpose", () => {
    expect(stands(["ana@a.test", "it@a.test"])).toBe(true);
    expect(stands(["IT@a.test"])).toBe(true);
    expect(stands(["else@b.test"], ["else@b.test"])).toBe(true);
    expect(stands(["else@b.test"])).toBe(false);
    expect(stands(["ana@a.test"], [], { named: ["new@a.test"] })).toBe(false);
    expect(stands(["else@b.test"], ["else@b.test"], { named: ["new@a.test"] })).toBe(true);
  });

  it("where they may not, and for approver mails: exactly those the CA names", () => {
    expect(stands(["it@a.test", "ana@a.test"], [], { canChoose: false })).toBe(true);
    expect(stands(["ana@a.test"], [], { canChoose: false })).toBe(false);
    expect(stands(["else@b.test"], ["else@b.test"], { canChoose: false })).toBe(false);
    expect(stands(["else@b.test"], ["else@b.test"], { kind: "approver" })).toBe(false);
  });
});

describe("whether a mail may be asked for", () => {
  it("lets an issued order with an address and nothing under way go", () => {
    expect(codeOf({})).toBeNull();
  });

  it.each([
    ["without the right", { mayResend: false }, "resend-not-allowed"],
    ["of a paused account", { accountState: "paused" }, "account-paused"],
    ["at a CA that cannot", { capabilities: ["list-orders"] }, "resend-unsupported"],
    ["of an order the CA no longer lists", { isGone: true }, "order-gone"],
    ["of an order not issued", { status: "awaiting-approval" }, "order-not-issued"],
    ["for approval of an issued order", { kind: "approver" }, "order-not-awaiting-approval"],
    [
      "to an address not loaded",
      { recipients: { fulfillment: "not-loaded", approver: "not-loaded" } },
      "recipient-not-loaded",
    ],
    ["to nobody", { recipients: { fulfillment: [], approver: [] } }, "no-recipient"],
    ["while one is under way", { history: [past("forwarding", 5)] }, "resend-under-way"],
    ["within the cool-down", { history: [past("accepted", 59)] }, "cooling-down"],
    [
      "within the cool-down of one whose answer was lost",
      { history: [past("outcome-unknown", 10)] },
      "cooling-down",
    ],
  ] as const)("refuses a mail %s", (_, facts, code) => {
    expect(codeOf(facts)).toBe(code);
  });

  it("is free at once after a refusal, and after what provably never left", () => {
    expect(codeOf({ history: [past("refused", 1), past("not-sent", 1)] })).toBeNull();
  });

  it("names the end of the cool-down, and lets go exactly then", () => {
    const history = [past("accepted", 10)];
    const until = new Date(now.getTime() + 50_000);
    expect(resendRefusal({ ...good, history }, defaultResendPolicy, now)).toEqual({
      code: "cooling-down",
      until,
      requestedBy: "Jonas",
    });
    expect(codeOf({ history }, until)).toBeNull();
  });

  it("ends approver mails for public TLS on 15 March 2028", () => {
    const facts = { kind: "approver", status: "awaiting-approval" } as const;
    expect(codeOf(facts, new Date(approverMailEndsAt.getTime() - 1))).toBeNull();
    expect(codeOf(facts, approverMailEndsAt)).toBe("approver-mail-ended");
  });

  it("never lets a second request in while one is open, whatever else holds", () => {
    const anyPast = fc
      .record({ status: fc.constantFrom(...resendStatuses), secondsAgo: fc.nat(100_000) })
      .map(({ status, secondsAgo }) => past(status, secondsAgo));
    const anyFacts = fc.record({
      kind: fc.constantFrom("fulfillment" as const, "approver" as const),
      mayResend: fc.boolean(),
      capabilities: fc.subarray([...capabilities]),
      accountState: fc.constantFrom("connected" as const, "paused" as const, "disconnected" as const),
      status: fc.constantFrom(...orderStatuses),
      isGone: fc.boolean(),
      recipients: fc.constant(good.recipients),
      history: fc.array(anyPast, { maxLength: 8 }),
    });
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const refusal = resendRefusal(facts, defaultResendPolicy, now);
        const ofKind = facts.history.filter((one) => one.kind === facts.kind);
        if (ofKind.some((one) => one.status === "requested" || one.status === "forwarding"))
          expect(refusal).not.toBeNull();
        const end = coolDownEnd(facts, defaultResendPolicy);
        if (end && end > now) expect(refusal).not.toBeNull();
        if (refusal === null)
          expect(facts.mayResend && facts.accountState === "connected" && !facts.isGone).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("remembers an unknown outcome until a newer mail was accepted", () => {
    expect(unknownBefore([past("outcome-unknown", 100)], "fulfillment")).not.toBeNull();
    expect(unknownBefore([past("outcome-unknown", 100), past("refused", 50)], "fulfillment")).not.toBeNull();
    expect(unknownBefore([past("outcome-unknown", 100), past("accepted", 50)], "fulfillment")).toBeNull();
  });
});
