import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCertificateAuthority } from "@sealpost/ca-adapter";
import { type Simulator, startSimulator } from "@sealpost/ca-simulator";
import { openStore } from "@sealpost/db";
import {
  type CaAccount,
  caAccountIdSchema,
  caOrderIdSchema,
  createRefusalGate,
  defaultMailPolicy,
  defaultResendPolicy,
  neverSynced,
  type OrderListQuery,
  PassphraseTries,
  type Ports,
  type Store,
  syncOrders,
} from "@sealpost/domain";
import { createAuditSeal } from "@sealpost/vault";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLogger } from "./logger.ts";
import { OrderSync } from "./order-sync.ts";

const never = new AbortController().signal;
const unused = () => Promise.reject(new Error("not asked here"));
const caAccountId = caAccountIdSchema.parse("account");

let directory: string;
let simulator: Simulator;
/** What the CA's clock shows behind ours, in milliseconds. */
let behindMs: number;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "sealpost-sync-"));
  behindMs = 0;
  simulator = await startSimulator({ now: () => new Date(Date.now() - behindMs) });
});
afterEach(async () => {
  await simulator[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

/** A store over the same file each time, as after a restart. `dieAfter`: the commit after which nothing goes on. */
function open(dieAfter = Number.POSITIVE_INFINITY) {
  const { store, close } = openStore({
    file: join(directory, "sealpost.db"),
    seal: createAuditSeal(Buffer.alloc(32, 7)),
  });
  let commits = 0;
  const dying: Store = {
    ...store,
    async commit(change) {
      if (++commits > dieAfter) throw new Error("power cut");
      await store.commit(change);
    },
  };
  return { store: dying, close };
}

function portsOver(store: Store): Ports {
  const account = simulator.account("digicert");
  return {
    store,
    vault: { put: unused, open: unused, discard: unused, list: unused },
    reader: { read: unused, readMail: unused },
    intermediates: { add: unused },
    passphraseTries: new PassphraseTries(),
    openMailbox: unused,
    openAuthority: async () => openCertificateAuthority({ adapter: "digicert", ...account }),
    clock: { now: () => new Date() },
    newId: randomUUID,
    resendPolicy: defaultResendPolicy,
    refusalGate: createRefusalGate(),
    mailPolicy: defaultMailPolicy,
    passkeys: null,
    groupRoles: null,
  };
}

/** One reading as the console makes it, in a life of its own. Resolves to whether it came to its end. */
async function read(dieAfter?: number): Promise<boolean> {
  const { store, close } = open(dieAfter);
  try {
    const known = await store.account(caAccountId);
    if (!known) await store.commit({ writes: [{ write: "account-saved", account: fresh }], audit: [] });
    const sync = await syncOrders(portsOver(store), known ?? fresh, never);
    return sync.pass === null && sync.fault === null;
  } catch (error) {
    if (error instanceof Error && error.message === "power cut") return false;
    throw error;
  } finally {
    close();
  }
}

const fresh: CaAccount = {
  caAccountId,
  adapter: "digicert",
  label: "Main",
  baseUrl: "http://127.0.0.1/",
  settings: {},
  credentialRef: null,
  state: "connected",
  isSandbox: true,
  capabilities: ["list-orders", "incremental-list"],
  connectedAt: new Date(),
  sync: neverSynced,
};

const all: OrderListQuery = {
  sort: "expires-oldest-first",
  search: "",
  orderIds: [],
  attentions: [],
  statuses: [],
  caAccountIds: [],
  adapters: [],
  validationTypes: [],
  expiresBefore: null,
  hideExpiredBefore: null,
  cursor: null,
  limit: 200,
  now: new Date(),
};

async function stored() {
  const { store, close } = open();
  const { rows } = await store.listOrders(all);
  const account = await store.account(caAccountId);
  close();
  return { orders: rows.map(({ order }) => order), account };
}

const place = async (commonName: string) =>
  await simulator.control.placeOrder({ ca: "digicert", commonName, status: "Pending CA Approval" });

const listCalls = async () =>
  (await simulator.control.journal()).calls.filter(({ path }) => path.endsWith("/order/certificate")).length;

describe("reading an account's list", () => {
  it("goes on at the page where it was killed, whichever that was, and ends with each order once", async () => {
    await simulator.control.setLargestPage(2);
    const placed = [];
    for (let number = 0; number < 7; number++) placed.push(String((await place(`host-${number}.test`)).id));
    let life = 0;
    // Each life ends one commit later than the one before: at the beginning, within a page, between two, at the end.
    while (!(await read(life))) {
      life += 1;
      expect(life).toBeLessThan(30);
    }
    expect(life).toBeGreaterThan(3);
    const { orders, account } = await stored();
    expect(orders.map(({ caOrderId }) => String(caOrderId)).sort()).toEqual(placed.sort());
    expect(account?.sync).toMatchObject({ ordersSeen: 7, ordersInAll: 7, pass: null, runningSince: null });
  });

  it("asks for no page again that was read before it was killed", async () => {
    await simulator.control.setLargestPage(3);
    for (let number = 0; number < 12; number++) await place(`host-${number}.test`);
    // The account, the beginning, and three pages.
    expect(await read(5)).toBe(false);
    expect(await read()).toBe(true);
    // A page shows one order of the page before again, so that none can slip through: two new ones each, and the first.
    expect(await listCalls()).toBeLessThanOrEqual(7);
  });

  it("marks an order that the CA no longer lists, and keeps it", async () => {
    await place("a.example.test");
    const { id } = await place("b.example.test");
    await read();
    const { store, close } = open();
    const [order] = await store.ordersByCaOrderIds(caAccountId, [caOrderIdSchema.parse(String(id))]);
    if (!order) throw new Error("not read");
    // As if the CA had listed one more the day before.
    const ghost = { ...order, caOrderId: caOrderIdSchema.parse("999"), syncedAt: new Date(0) };
    const orderId = { ...ghost, orderId: randomUUID() as typeof order.orderId };
    await store.commit({ writes: [{ write: "order-synced", order: orderId }], audit: [] });
    const account = await store.account(caAccountId);
    if (!account) throw new Error("no account");
    const sync = { ...account.sync, wholeListAt: null };
    await store.commit({ writes: [{ write: "account-sync", caAccountId, sync }], audit: [] });
    close();
    await read();
    const { orders } = await stored();
    const gone = orders.filter(({ goneAt }) => goneAt !== null).map(({ caOrderId }) => String(caOrderId));
    expect(gone).toEqual(["999"]);
    expect(orders).toHaveLength(3);
  });

  it("misses no change although the CA's clock is ten minutes behind, and reads only what has changed", async () => {
    behindMs = 10 * 60 * 1000;
    const { id } = await place("a.example.test");
    await place("b.example.test");
    await read();
    const before = await listCalls();
    await simulator.control.setStatus(id, "Approved");
    await read();
    const { orders } = await stored();
    expect(orders.find(({ caOrderId }) => String(caOrderId) === String(id))?.status).toBe("issued");
    expect(await listCalls()).toBe(before);
  });

  it("keeps what was read when the CA fails in the middle, says why, and reads the rest later", async () => {
    await simulator.control.setLargestPage(2);
    for (let number = 0; number < 5; number++) await place(`host-${number}.test`);
    await read(4);
    await simulator.control.setFault("read", "all", "html");
    expect(await read()).toBe(false);
    const { orders, account } = await stored();
    expect(orders.length).toBeGreaterThan(0);
    expect(account?.sync.fault).toMatchObject({ kind: "unexpected-response" });
    await simulator.control.clearFaults();
    expect(await read()).toBe(true);
    expect((await stored()).orders).toHaveLength(5);
  });
});

describe("the readings of a console", () => {
  it("begins another after whoever asks while one runs: it may be past what they want read", async () => {
    const { store, close } = open();
    await store.commit({ writes: [{ write: "account-saved", account: fresh }], audit: [] });
    const ports = portsOver(store);
    const asked = Promise.withResolvers<void>();
    const held: Ports = {
      ...ports,
      async openAuthority(...about) {
        await asked.promise;
        return await ports.openAuthority(...about);
      },
    };
    let ended = 0;
    const log = createLogger("info", {
      write: (line) => void (line.includes("sync ended") && ended++),
    });
    const sync = new OrderSync(held, log);
    try {
      for (let time = 0; time < 3; time++) sync.startSync(caAccountId);
      asked.resolve();
      await expect.poll(() => ended).toBe(2);
    } finally {
      await sync.stop();
      close();
    }
    expect(ended).toBe(2);
  });
});
