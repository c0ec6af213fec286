import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCertificateAuthority } from "@sealpost/ca-adapter";
import { type Simulator, startSimulator } from "@sealpost/ca-simulator";
import { openStore } from "@sealpost/db";
import {
  type CaAccount,
  CaError,
  caAccountIdSchema,
  caOrderIdSchema,
  connectCaAccount,
  createRefusalGate,
  defaultMailPolicy,
  defaultResendPolicy,
  forwardResend,
  idempotencyKeySchema,
  loadDetails,
  neverSynced,
  type OrderId,
  type OrderListQuery,
  PassphraseTries,
  type Ports,
  personActor,
  requestResend,
  type Store,
  syncOrders,
  vaultRefSchema,
} from "@sealpost/domain";
import { createAuditSeal } from "@sealpost/vault";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createLogger } from "./logger.ts";
import { OrderSync } from "./order-sync.ts";

const never = new AbortController().signal;
const unused = () => Promise.reject(new Error("not asked here"));
const caAccountId = caAccountIdSchema.parse("account");
const person = { personId: "ana", name: "Ana", role: "administrator", scope: "all" } as const;

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
  capabilities: ["list-orders", "resend-fulfillment", "incremental-list"],
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

  it("takes no order for gone that a request for its mail began to read before the pass did", async () => {
    const { number } = await simulator.control.placeOrder({ ca: "digicert", commonName: "a.example.test" });
    await read();
    const { store, close } = open();
    await loadDetails(portsOver(store), fresh, { limit: 1, signal: never });
    const [order] = await store.ordersByNumber([number]);
    if (!order) throw new Error("not read");
    const ctx = { ...portsOver(store), actor: personActor({ ...person, signedInAt: new Date() }) };
    const { fulfillment } = order.recipients;
    const request = await requestResend(ctx, {
      orderId: order.orderId,
      kind: "fulfillment",
      idempotencyKey: idempotencyKeySchema.parse(randomUUID()),
      confirmedRecipients: fulfillment === "not-loaded" ? [] : fulfillment.map(({ address }) => address),
      chosenRecipients: [],
      format: null,
      message: null,
    });
    const asked = Promise.withResolvers<void>();
    const listed = Promise.withResolvers<void>();
    const kept = Promise.withResolvers<void>();
    const ports = portsOver({
      ...store,
      async commit(change) {
        await store.commit(change);
        const [first, ...others] = change.writes;
        if (first?.write !== "order-synced") return;
        if (others.length === 0) return kept.resolve();
        listed.resolve();
        await kept.promise;
      },
    });
    let time = Math.ceil(Date.now() / 1000);
    const meanwhile: Ports = {
      ...ports,
      clock: { now: () => new Date(time++ * 1000) },
      async openAuthority(...about) {
        const authority = await ports.openAuthority(...about);
        return {
          ...authority,
          async getOrder(...which) {
            const said = await authority.getOrder(...which);
            asked.resolve();
            await listed.promise;
            return said;
          },
        };
      },
    };
    const sending = forwardResend(meanwhile, request, never);
    await asked.promise;
    await syncOrders(meanwhile, fresh, never);
    expect(await sending).toMatchObject({ status: "accepted" });
    close();
    expect((await stored()).orders).toMatchObject([{ caOrderId: number, goneAt: null }]);
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

  it.each([
    ["refuse", null],
    ["not-found", null],
    ["http-503", expect.stringMatching(/./)],
  ] as const)(
    "goes on where it stopped, or from the top where the CA refuses the place: after %s",
    async (fault, cursor) => {
      await simulator.control.setLargestPage(2);
      for (let number = 0; number < 5; number++) await place(`host-${number}.test`);
      await read(4);
      const { account } = await stored();
      const pass = account?.sync.pass;
      expect(pass?.cursor).toMatch(/./);
      await simulator.control.setFault("read", "all", fault);
      expect(await read()).toBe(false);
      expect((await stored()).account?.sync.pass).toEqual({ ...pass, cursor });
      await simulator.control.clearFaults();
      expect(await read()).toBe(true);
      const { orders } = await stored();
      expect(orders.map(({ goneAt }) => goneAt)).toEqual([null, null, null, null, null]);
    },
  );

  it("begins at the top again where the place is one that nobody can read any more", async () => {
    await place("host.test");
    const pass = { startedAt: new Date(), cursor: "of an earlier version", changedSince: null };
    const { store, close } = open();
    const account = { ...fresh, sync: { ...neverSynced, pass } };
    await store.commit({ writes: [{ write: "account-saved", account }], audit: [] });
    close();
    expect(await read()).toBe(false);
    expect((await stored()).account?.sync).toMatchObject({ fault: { kind: "invalid-input" } });
    expect(await read()).toBe(true);
  });

  it("shows no progress any more when a fault of ours ends it, and hands the fault on", async () => {
    const { store, close } = open();
    await store.commit({ writes: [{ write: "account-saved", account: fresh }], audit: [] });
    const openAuthority = () => Promise.reject(new Error("unreadable"));
    const reading = syncOrders({ ...portsOver(store), openAuthority }, fresh, never);
    await expect(reading).rejects.toThrow("unreadable");
    close();
    const { account } = await stored();
    expect(account?.sync).toMatchObject({ runningSince: null, fault: null, pass: { cursor: null } });
    expect(await read()).toBe(true);
  });
});

describe("reading details in the background", () => {
  const unread = async () => {
    const { store, close } = open();
    const orders = await store.ordersWithoutDetails(caAccountId, 10);
    close();
    return orders.map(({ caOrderId }) => Number(caOrderId));
  };
  const load = async (limit: number, failed = new Set<OrderId>()) => {
    const { store, close } = open();
    const count = await loadDetails(portsOver(store), fresh, { limit, signal: never, failed });
    close();
    return count;
  };

  it.each(["forbidden", "not-found", "refuse", "html", "garbage", "error-in-200"] as const)(
    "passes over an order to whose own call the CA answers %s",
    async (fault) => {
      for (let number = 0; number < 3; number++) await place(`host-${number}.test`);
      await read();
      const [first = 0] = await unread();
      await simulator.control.setFault("read", first, fault);
      expect(await load(10)).toBe(2);
      expect(await unread()).toEqual([first]);
    },
  );

  it.each(["unauthorized", "rate-limit", "http-503"] as const)(
    "ends where the CA answers %s, which the next order would be told too",
    async (fault) => {
      for (let number = 0; number < 3; number++) await place(`host-${number}.test`);
      await read();
      await simulator.control.setFault("read", "all", fault);
      const callsBefore = (await simulator.control.journal()).calls.length;
      expect(await load(10)).toBe(0);
      expect((await simulator.control.journal()).calls).toHaveLength(callsBefore + 1);
    },
  );

  it("comes to every order although as many as it reads at a time cannot be read, and tries those again", async () => {
    for (let number = 0; number < 5; number++) await place(`host-${number}.test`);
    await read();
    const broken = (await unread()).slice(0, 3);
    for (const number of broken) await simulator.control.setFault("read", number, "not-found");
    const failed = new Set<OrderId>();
    const counts = [];
    for (let time = 0; time < 3; time++) counts.push(await load(2, failed));
    expect(counts).toEqual([0, 1, 1]);
    expect(await unread()).toEqual(broken);
    await simulator.control.clearFaults();
    while ((await load(2, failed)) > 0);
    expect(await unread()).toEqual([]);
  });
});

describe("an account that is changed", () => {
  const pass = { startedAt: new Date(), cursor: "half-way", changedSince: null };
  const read = {
    ...neverSynced,
    completedAt: new Date(),
    wholeListAt: new Date(),
    listedUpTo: new Date(),
    pass,
  };

  it.each([
    ["goes on where it was under another name", { label: "Renamed" }, read],
    [
      "is read from the top as another customer",
      { settings: { customer: "another" } },
      { ...read, wholeListAt: null, listedUpTo: null, pass: null },
    ],
  ] as const)("%s", async (_, about, sync) => {
    const { store, close } = open();
    const account = { ...fresh, credentialRef: vaultRefSchema.parse("key"), sync: read };
    await store.commit({ writes: [{ write: "account-saved", account }], audit: [] });
    const ctx = { ...portsOver(store), actor: personActor({ ...person, signedInAt: new Date() }) };
    await connectCaAccount(ctx, { ...account, credential: null, ...about });
    expect((await store.account(caAccountId))?.sync).toEqual(sync);
    close();
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

  it.each([
    ["the CA", new CaError("unavailable")],
    ["ours", new Error("unreadable")],
  ])("come again within two minutes after a fault of %s", async (_, fault) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { store, close } = open();
    await store.commit({ writes: [{ write: "account-saved", account: fresh }], audit: [] });
    let begun = 0;
    const openAuthority = () => {
      begun += 1;
      return Promise.reject(fault);
    };
    const sync = new OrderSync({ ...portsOver(store), openAuthority }, createLogger("silent"));
    try {
      sync.startSync(caAccountId);
      await expect.poll(() => vi.getTimerCount()).toBe(1);
      vi.advanceTimersByTime(2 * 60 * 1000);
      await expect.poll(() => begun).toBe(2);
    } finally {
      await sync.stop();
      vi.useRealTimers();
      close();
    }
  });

  it("ask the CA for nothing more once they are stopped, neither for the list nor for details", async () => {
    for (let number = 0; number < 3; number++) await place(`host-${number}.test`);
    const { store, close } = open();
    await store.commit({ writes: [{ write: "account-saved", account: fresh }], audit: [] });
    const ports = portsOver(store);
    const goOn = Promise.withResolvers<void>();
    let asked = 0;
    const held: Ports = {
      ...ports,
      async openAuthority(...about) {
        const authority = await ports.openAuthority(...about);
        return {
          ...authority,
          async getOrder(...which) {
            asked += 1;
            await goOn.promise;
            return await authority.getOrder(...which);
          },
        };
      },
    };
    let ended = 0;
    const sync = new OrderSync(held, createLogger("silent"), () => void ended++);
    try {
      sync.startSync(caAccountId);
      await expect.poll(() => asked).toBe(1);
      const stopped = sync.stopSync(caAccountId);
      goOn.resolve();
      await stopped;
      const endedThen = ended;
      await expect.poll(() => ended).toBe(2);
      expect([asked, endedThen]).toEqual([1, 2]);
    } finally {
      await sync.stop();
      close();
    }
  });

  it("begin with other details than those at which the last ones ended", async () => {
    for (let number = 0; number < 3; number++) await place(`host-${number}.test`);
    const { store, close } = open();
    // Changes would be read order by order.
    const account = { ...fresh, capabilities: ["list-orders"] } as const;
    await store.commit({ writes: [{ write: "account-saved", account }], audit: [] });
    const ports = portsOver(store);
    await syncOrders(ports, account, never);
    const [first] = await store.ordersWithoutDetails(caAccountId, 10);
    await simulator.control.setFault("read", Number(first?.caOrderId), "http-503");
    let ended = 0;
    const sync = new OrderSync(ports, createLogger("silent"), () => void ended++);
    try {
      sync.startSync(caAccountId);
      await expect.poll(() => ended).toBe(2);
      sync.startSync(caAccountId);
      await expect.poll(() => ended).toBe(4);
      expect(await store.ordersWithoutDetails(caAccountId, 10)).toMatchObject([{ orderId: first?.orderId }]);
    } finally {
      await sync.stop();
      close();
    }
  });

  it("begin with no details when they are stopped as the list ends", async () => {
    await place("host.test");
    const { store, close } = open();
    await store.commit({ writes: [{ write: "account-saved", account: fresh }], audit: [] });
    const shares: string[] = [];
    const stopped = Promise.withResolvers<void>();
    const ports = portsOver({
      ...store,
      async commit(change) {
        await store.commit(change);
        if (change.audit.some(({ act }) => act === "orders.sync"))
          stopped.resolve(sync.stopSync(caAccountId));
      },
    });
    const held: Ports = {
      ...ports,
      async openAuthority(account, share) {
        shares.push(share);
        return await ports.openAuthority(account, share);
      },
    };
    const sync = new OrderSync(held, createLogger("silent"));
    try {
      sync.startSync(caAccountId);
      await stopped.promise;
    } finally {
      await sync.stop();
      close();
    }
    expect(shares).toEqual(["list"]);
  });

  it("do not begin anew when they are stopped, whoever had asked, or asks until they have ended", async () => {
    const { store, close } = open();
    await store.commit({ writes: [{ write: "account-saved", account: fresh }], audit: [] });
    const ports = portsOver(store);
    const goOn = Promise.withResolvers<void>();
    let begun = 0;
    const held: Ports = {
      ...ports,
      async openAuthority(...about) {
        begun += 1;
        await goOn.promise;
        return await ports.openAuthority(...about);
      },
    };
    let ended = 0;
    const sync = new OrderSync(held, createLogger("silent"), () => void ended++);
    try {
      for (let time = 0; time < 2; time++) sync.startSync(caAccountId);
      await expect.poll(() => begun).toBe(1);
      const stopped = sync.stopSync(caAccountId);
      sync.startSync(caAccountId);
      goOn.resolve();
      await stopped;
      await expect.poll(() => ended).toBeGreaterThan(0);
    } finally {
      await sync.stop();
      close();
    }
    expect([begun, ended]).toEqual([1, 1]);
  });
});
