import { defaultResendPolicy } from "@sealpost/domain/policy";
import { describe, expect, it } from "vitest";
import { busyAddresses, type Judged, judge, mostResends, requestsFor, sortOut } from "./resend-several";

type OrderLike = Parameters<typeof sortOut>[0][number];
type AccountLike = Parameters<typeof sortOut>[1]["accounts"][number];
type PreparationLike = Parameters<typeof judge>[0];
type Ready = Extract<Judged, { readonly obstacle: null }>;

const now = new Date("2026-11-23T12:00:00Z");
const account = {
  caAccountId: "a",
  adapter: "ca",
  state: "connected",
  capabilities: ["resend-fulfillment"],
} as Partial<AccountLike> as AccountLike;
const about = { accounts: [account], policy: defaultResendPolicy, mayResend: true, now };
const orderLike = (orderId: string, more: object = {}) =>
  ({
    orderId,
    caAccountId: "a",
    status: "issued",
    isGone: false,
    recipients: { fulfillment: "not-loaded", approver: "not-loaded" },
    lastFulfillment: null,
    ...more,
  }) as Partial<OrderLike> as OrderLike;

function preparation(orderId: string, addresses: readonly string[], more: object = {}): PreparationLike {
  const fulfillment = addresses.map((address) => ({ address, source: "requester" }));
  const order = orderLike(orderId, {
    recipients: { fulfillment, approver: [] },
    account,
    requests: [],
    ...more,
  });
  return {
    order,
    mailsToday: 0,
    policy: defaultResendPolicy,
    refreshFault: null,
  } as Partial<PreparationLike> as PreparationLike;
}

function ready(orderId: string, addresses: readonly string[], mailsToday = 0): Ready {
  return {
    orderId,
    obstacle: null,
    preparation: { ...preparation(orderId, addresses), mailsToday },
    addresses,
  };
}

describe("several orders to be asked for", () => {
  it("are read from their CA unless it is plain before that they would be refused, and at most fifty", () => {
    const many = Array.from({ length: mostResends + 1 }, (_, index) => orderLike(`o${index}`));
    const { toRead, obstacles } = sortOut([orderLike("x", { status: "cancelled" }), ...many], about);
    expect(toRead).toHaveLength(mostResends);
    expect(obstacles).toEqual([
      { orderId: "x", obstacle: { is: "refused", refusal: { code: "order-not-issued" } } },
      { orderId: `o${mostResends}`, obstacle: { is: "too-many" } },
    ]);
  });

  it("get a mail to whom the CA names, each of them", () => {
    const judged = judge(preparation("a", ["ana@a.test", "it@a.test"]), [], about);
    expect(judged).toMatchObject({ obstacle: null, addresses: ["ana@a.test", "it@a.test"] });
  });

  it("leave to a dialog of its own what needs a second thought or a choice", () => {
    const request = { kind: "fulfillment", requestedBy: { name: "Ana" }, claimedAt: null };
    const earlier = {
      ...request,
      status: "outcome-unknown",
      requestedAt: "2026-11-01T00:00:00Z",
      settledAt: "2026-11-01T00:00:00Z",
    };
    expect(
      judge(preparation("a", ["ana@a.test"], { requests: [earlier] }), [], about).obstacle,
    ).toMatchObject({
      refusal: { code: "earlier-outcome-unknown" },
    });
    const oneAtATime = { id: "ca", mostRecipients: 1 } as Parameters<typeof judge>[1][number];
    expect(judge(preparation("a", ["ana@a.test", "it@a.test"]), [oneAtATime], about).obstacle).toEqual({
      is: "needs-choice",
    });
  });

  it("are warned about where one address would get more than its day bears, and the count agreed to goes along", () => {
    const busy = [ready("a", ["It@a.test"], 19), ready("b", ["it@a.test"], 19), ready("c", ["ana@a.test"])];
    expect(busyAddresses(busy)).toEqual([{ address: "it@a.test", count: 21 }]);
    const keys = ["1", "2", "3"];
    const requests = requestsFor(busy, () => keys.shift() ?? "");
    expect(requests.map((one) => [one.orderId, one.idempotencyKey, one.confirmedDailyCount])).toEqual([
      ["a", "1", 21],
      ["b", "2", 21],
      ["c", "3", 0],
    ]);
  });
});
