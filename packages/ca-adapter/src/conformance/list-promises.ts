import { caOrderIdSchema } from "@sealpost/domain";
import { expect, it } from "vitest";
import { caCatalog } from "../registry.ts";
import { type ConformanceOptions, never, type OpenWorld, wholeList } from "./world.ts";

/** What an adapter promises of orders and lists. */
export function promiseLists(open: OpenWorld, options: ConformanceOptions): void {
  const { adapter, unsupported, listOnly = {} } = options;

  it("lists each order exactly once, and tells the same of it as its own call does", async () => {
    const world = await open();
    const placed = [];
    for (let i = 0; i < 7; i++)
      placed.push(await world.placeOrder({ commonName: `host-${i}.example.test`, state: "issued" }));
    const listed = await wholeList(world);
    expect(listed.map((order) => order.caOrderId).sort()).toEqual(
      placed.map((order) => order.caOrderId).sort(),
    );
    const [first] = listed;
    if (!first) throw new Error("nothing was listed");
    const { commonName, dnsNames, product, status, vendorStatus, orderedAt } = first;
    const own = await world.authority.getOrder(first.caOrderId, never);
    const dated = "orderedAt" in listOnly ? {} : { orderedAt };
    const facts = { commonName, product, status, vendorStatus, ...dated, hasDetails: true };
    expect(own).toMatchObject(facts);
    expect(own.dnsNames).toEqual(expect.arrayContaining([...dnsNames]));
    const ends = (order: typeof own) => order.issuances.map((one) => [one.caCertificateId, one.validTo]);
    expect(ends(own)).toEqual(ends(first));
  });

  it("lists an account without orders as empty, and one with a single order as one", async () => {
    const world = await open();
    expect(await wholeList(world)).toEqual([]);
    await world.placeOrder({ commonName: "only.example.test", state: "issued" });
    expect(await wholeList(world)).toHaveLength(1);
  });

  it("loses and repeats nothing when orders are added while the pages are read", async () => {
    const world = await open();
    await world.setLargestPage(3);
    const add = async (commonName: string) => await world.placeOrder({ commonName, state: "pending" });
    const before = [];
    for (let i = 0; i < 8; i++) before.push((await add(`before-${i}.example.test`)).caOrderId);
    let added = 0;
    const afterPage = async () => {
      if (added++ < 4) await add(`meanwhile-${added}.example.test`);
    };
    const listed = (await wholeList(world, { afterPage })).map((order) => order.caOrderId);
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed).toEqual(expect.arrayContaining(before));
  });

  if (!("incremental-list" in unsupported))
    it("tells which orders have changed lately when asked for those", async () => {
      const world = await open();
      const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
      const changedSince = new Date(Date.now() - 60 * 60 * 1000);
      const changed = await wholeList(world, { changedSince });
      expect(changed.map((order) => order.caOrderId)).toContain(caOrderId);
    });

  it("says not-found of an order that does not exist", async () => {
    const { authority } = await open();
    const missing = authority.getOrder(caOrderIdSchema.parse("999999999"), never);
    await expect(missing).rejects.toMatchObject({ kind: "not-found" });
  });

  it("takes a status that nobody has documented as unknown, and keeps the CA's word", async () => {
    const world = await open();
    const vendorStatus = "awaiting_wombat";
    const { caOrderId } = await world.placeOrder({ commonName: "a.test", state: "issued", vendorStatus });
    const told = { status: "unknown", vendorStatus };
    expect(await world.authority.getOrder(caOrderId, never)).toMatchObject(told);
    expect(await wholeList(world)).toMatchObject([told]);
  });

  const limits = caCatalog.find(({ id }) => id === adapter)?.rateLimits ?? [];
  if (limits.length > 0)
    it("keeps within the CA's rate ahead of time, so that none is ever refused", async () => {
      const world = await open();
      const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
      const [{ calls = 1, perS = 0 } = {}] = limits;
      for (let i = 0; i < calls * 2.5; i++) await world.authority.getOrder(caOrderId, never);
      expect(world.waitedMs()).toBeGreaterThanOrEqual(perS * 2000);
      expect(new Set(await world.calls())).toEqual(new Set([200]));
    });
}
