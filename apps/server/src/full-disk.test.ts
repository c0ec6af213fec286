import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chainStart } from "@sealpost/domain";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Api,
  apiOf,
  askForMail,
  enter,
  placeOrder,
  post,
  startTestConsole,
  type TestConsole,
  untilSettled,
} from "./test-console.ts";

const pageBytes = 4096;
const directory = mkdtempSync(join(tmpdir(), "sealpost-disk-"));
const isMounted = mount();

/** A disk of 24 MB of the test's own; takes root on Linux. */
function mount(): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", directory], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

afterAll(() => {
  if (isMounted) execFileSync("umount", [directory]);
  rmSync(directory, { recursive: true });
});

describe.skipIf(!isMounted)("a full disk", () => {
  let world: TestConsole;
  let api: Api;
  let cookie: string;
  let size = 0;
  const filler = join(directory, "filler");
  const refusal = { data: { httpStatus: 503, refusal: { code: "disk-full" } } };

  beforeAll(async () => {
    world = await startTestConsole({ SEALPOST_DATA_DIR: join(directory, "data") });
    cookie = await enter(world);
    api = apiOf(world, cookie);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** Takes all the room there is, after the database's log has given back what it holds. */
  function fill(): void {
    const database = new Database(join(directory, "data", "sandbox", "sealpost.db"));
    database.pragma("wal_checkpoint(TRUNCATE)");
    database.close();
    const file = openSync(filler, "a");
    try {
      for (;;) size += writeSync(file, Buffer.alloc(pageBytes));
    } catch (error) {
      expect(error).toMatchObject({ code: "ENOSPC" });
    } finally {
      closeSync(file);
    }
  }
  function free(bytes: number): void {
    size = Math.max(0, size - bytes);
    truncateSync(filler, size);
  }
  const freeAll = () => free(size);

  const place = () => placeOrder(world, api, { commonName: `${crypto.randomUUID()}.example.test` });
  type Placed = Awaited<ReturnType<typeof place>>;
  async function importOf({ order }: Placed) {
    const form = new FormData();
    form.append("text", `${order.certificatePem}${order.privateKeyPem}`);
    return await api.certificates.import.mutate(form);
  }
  const keyOf = async (certificateId: string) =>
    await post(world, `/api/certificates/${certificateId}/key`, { reason: "for the test" }, { cookie });
  async function mailsFor({ order }: Placed): Promise<number> {
    const { mails } = await world.simulator.control.journal();
    return mails.filter(({ orderId }) => orderId === order.id).length;
  }

  it("refuses an import, a mail and a key with a plain word, keeps showing what is there, and goes on when there is room", async () => {
    const [kept, refused] = [await place(), await place()];
    const { certificateId } = await importOf(kept);
    fill();
    await expect(importOf(refused)).rejects.toMatchObject(refusal);
    await expect(askForMail(api, refused.row.orderId)).rejects.toMatchObject(refusal);
    expect((await keyOf(certificateId)).status).toBe(503);
    expect((await api.orders.list.query({})).rows.length).toBeGreaterThan(1);
    expect((await api.certificates.list.query({})).certificates).toHaveLength(1);
    expect((await api.audit.list.query({ act: "key.export" })).entries).toEqual([]);
    freeAll();
    expect(await (await keyOf(certificateId)).text()).toBe(kept.order.privateKeyPem);
    expect((await importOf(refused)).isKeyStored).toBe(true);
    expect(await mailsFor(refused)).toBe(0);
    const { requestId } = await askForMail(api, refused.row.orderId);
    expect((await untilSettled(api, requestId)).status).toBe("accepted");
    expect(await mailsFor(refused)).toBe(1);
  });

  it("loses no mail that was acknowledged and sends none twice, wherever the room ends", async () => {
    const orders: Placed[] = [];
    for (let n = 0; n < 16; n++) orders.push(await place());
    const acknowledged: { readonly placed: Placed; readonly requestId: string }[] = [];
    const refusedOnes: Placed[] = [];
    for (const [n, placed] of orders.entries()) {
      fill();
      free(n * 10 * pageBytes);
      await askForMail(api, placed.row.orderId).then(
        ({ requestId }) => acknowledged.push({ placed, requestId }),
        (error: unknown) => {
          expect(error).toMatchObject(refusal);
          refusedOnes.push(placed);
        },
      );
      expect((await api.orders.list.query({})).rows.length).toBeGreaterThan(1);
    }
    expect([acknowledged.length > 0, refusedOnes.length > 0]).toEqual([true, true]);
    freeAll();
    for (const { placed, requestId } of acknowledged) {
      const { status } = await untilSettled(api, requestId);
      expect(["accepted", "outcome-unknown"]).toContain(status);
      const sent = await mailsFor(placed);
      if (status === "accepted") expect(sent).toBe(1);
      else expect(sent).toBeLessThan(2);
    }
    for (const placed of refusedOnes) expect(await mailsFor(placed)).toBe(0);
    const checked = await api.audit.check.mutate({ sequence: 0, hash: chainStart });
    expect([checked.fault, checked.headText === null]).toEqual([null, false]);
    await world.restart();
    expect((await api.certificates.list.query({})).certificates).toHaveLength(2);
  });

  it("keeps somebody signed in whose session cannot be renewed", async () => {
    await api.orders.counts.query();
    const database = new Database(join(directory, "data", "sandbox", "sealpost.db"));
    const dueAt = Date.now() + 60 * 60 * 1000;
    database.prepare("update session set expires_at = ?").run(dueAt);
    const endsAt = () => database.prepare("select max(expires_at) from session").pluck().get();
    fill();
    for (let n = 0; n < 2; n++) await expect(api.orders.counts.query()).resolves.toBeDefined();
    expect(endsAt()).toBe(dueAt);
    freeAll();
    await expect(api.orders.counts.query()).resolves.toBeDefined();
    expect(endsAt()).toBeGreaterThan(dueAt);
    database.close();
  });
});
