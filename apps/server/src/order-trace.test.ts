import { auditDone, systemActor } from "@sealpost/domain";
import { expect, it } from "vitest";
import { startTestRouters } from "./test-router.ts";

const now = new Date("2026-11-23T00:00:00Z");

it("an order tells the newest of its trace, that there is more, and of its mails nothing twice", async () => {
  await using routers = await startTestRouters();
  const viewer = (await routers.open({ anchorsPem: [], intermediates: null })).callerAs("viewer", now);
  const busy = await routers.placeOrder(["busy.test"], now);
  const calm = await routers.placeOrder(["calm.test"], now);
  let ids = 0;
  const done = (act: "certificate.import" | "resend.settle", id: string, version: number) =>
    auditDone({ actor: systemActor, newId: () => `entry-${++ids}` }, now, {
      act,
      subject: { kind: "order", id, label: "an order" },
      details: { version },
    });
  for (let version = 1; version <= 60; version++) {
    const audit = [done("certificate.import", busy, version), done("resend.settle", busy, version)];
    await routers.store.commit({ writes: [], audit });
  }
  await routers.store.commit({ writes: [], audit: [done("certificate.import", calm, 1)] });
  const { trace, hasEarlierTrace } = await viewer.orders.get({ orderId: busy });
  expect(trace.map(({ act, details }) => [act, details.version])).toEqual(
    Array.from({ length: 50 }, (_, n) => ["certificate.import", 60 - n]),
  );
  expect(hasEarlierTrace).toBe(true);
  expect(await viewer.orders.get({ orderId: calm })).toMatchObject({
    trace: [{ act: "certificate.import" }],
    hasEarlierTrace: false,
  });
});
