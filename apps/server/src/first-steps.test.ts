import { randomUUID } from "node:crypto";
import {
  emailAddressSchema,
  idempotencyKeySchema,
  noEvidence,
  orderIdSchema,
  personIdSchema,
  type ResendRequest,
  resendRequestIdSchema,
} from "@sealpost/domain";
import { expect, it } from "vitest";
import { startTestRouters } from "./test-router.ts";

const now = new Date("2026-11-23T00:00:00Z");

it("a first step is done when the data say so, and tells nothing of accounts one does not see", async () => {
  await using routers = await startTestRouters();
  const { callerAs } = await routers.open({ anchorsPem: [], intermediates: null });
  const steps = async () => await callerAs("viewer", now).orders.firstSteps();
  const onlyAccount = {
    isAccountConnected: true,
    isOrderListed: false,
    isMailAccepted: false,
    isCertificateImported: false,
  };
  expect(await steps()).toEqual(onlyAccount);
  const orderId = await routers.placeOrder(["shop.example.test"], now);
  expect(await steps()).toEqual({ ...onlyAccount, isOrderListed: true });
  await ask(routers, orderId, "refused");
  expect((await steps()).isMailAccepted).toBe(false);
  await ask(routers, orderId, "accepted");
  expect((await steps()).isMailAccepted).toBe(true);
  const elsewhere = callerAs("viewer", now, { scope: new Set() });
  expect(Object.values(await elsewhere.orders.firstSteps())).toEqual([false, false, false, false]);
});

async function ask(
  { store }: Awaited<ReturnType<typeof startTestRouters>>,
  orderId: string,
  status: "refused" | "accepted",
): Promise<void> {
  const request: ResendRequest = {
    requestId: resendRequestIdSchema.parse(randomUUID()),
    orderId: orderIdSchema.parse(orderId),
    kind: "fulfillment",
    idempotencyKey: idempotencyKeySchema.parse(randomUUID()),
    confirmedRecipients: [emailAddressSchema.parse("admin@example.test")],
    chosenRecipients: [],
    format: null,
    message: null,
    requestedBy: { personId: personIdSchema.parse("ana"), name: "Ana" },
    requestedAt: now,
    status,
    notBefore: now,
    attempts: 1,
    claimedAt: now,
    settledAt: now,
    reason: status === "refused" ? "ca-refused" : null,
    caMessage: null,
    answeredInMs: 1,
    evidence: noEvidence,
  };
  await store.commit({ writes: [{ write: "resend-requested", request }], audit: [] });
}
