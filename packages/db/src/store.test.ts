import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AuditEntry,
  attentions,
  auditActs,
  type CaAccount,
  caAccountIdSchema,
  caOrderIdSchema,
  certificateIdSchema,
  dnsNameSchema,
  emailAddressSchema,
  type ImportedCertificate,
  idempotencyKeySchema,
  noEvidence,
  type Order,
  type OrderListQuery,
  orderIdSchema,
  orderSorts,
  personIdSchema,
  type ResendRequest,
  resendRequestIdSchema,
  vaultRefSchema,
  type Write,
} from "@sealpost/domain";
import Database from "better-sqlite3";
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { twoFactor, user } from "./auth-schema.ts";
import { lockDataDirectory, type OpenedStore, openStore } from "./index.ts";
import { testSeal } from "./test-seal.ts";

const now = new Date("2026-11-23T12:00:00.123Z");
const dayMs = 24 * 60 * 60 * 1000;
const account: CaAccount = {
  caAccountId: caAccountIdSchema.parse("account"),
  adapter: "ibm-classic",
  label: "Main",
  baseUrl: "https://ca.example.test/",
  settings: { username: "u" },
  credentialRef: vaultRefSchema.parse("ref"),
  state: "connected",
  isSandbox: false,
  capabilities: ["list-orders"],
  connectedAt: now,
  sync: {
    runningSince: null,
    completedAt: now,
    listedUpTo: now,
    wholeListAt: now,
    pass: { startedAt: now, cursor: "page 7", changedSince: now },
    ordersInAll: 4,
    ordersSeen: 3,
    fault: { kind: "unavailable", caMessage: "x", at: now },
  },
};

function makeOrder(number: number, about: Partial<Order> = {}): Order {
  const commonName = `host-${number}.example.test`;
  return {
    orderId: orderIdSchema.parse(randomUUID()),
    caAccountId: account.caAccountId,
    caOrderId: caOrderIdSchema.parse(String(1000 + number)),
    product: "PositiveSSL",
    validationType: "dv",
    commonName,
    dnsNames: [dnsNameSchema.parse(commonName)],
    recipients: {
      fulfillment: [
        { address: emailAddressSchema.parse(`admin${number}@example.test`), source: "order-approver" },
      ],
      approver: "not-loaded",
    },
    csrSpkiSha256: `key-${number}`,
    status: "issued",
    vendorStatus: "Complete",
    orderedAt: now,
    issuances: [
      { caCertificateId: "1", validFrom: now, validTo: new Date(now.getTime() + (number + 1) * dayMs) },
    ],
    syncedAt: now,
    detailsAt: null,
    goneAt: null,
    imports: {},
    ...about,
  };
}

function makeRequest(order: Order, about: Partial<ResendRequest> = {}): ResendRequest {
  return {
    requestId: resendRequestIdSchema.parse(randomUUID()),
    orderId: order.orderId,
    kind: "fulfillment",
    idempotencyKey: idempotencyKeySchema.parse(randomUUID()),
    confirmedRecipients: [emailAddressSchema.parse("Admin@example.test")],
    chosenRecipients: [],
    format: null,
    message: null,
    requestedBy: { personId: personIdSchema.parse("p"), name: "Ana" },
    requestedAt: now,
    status: "requested",
    notBefore: now,
    attempts: 0,
    claimedAt: null,
    settledAt: null,
    reason: null,
    caMessage: null,
    answeredInMs: null,
    evidence: noEvidence,
    ...about,
  };
}

function makeCertificate(order: Order, about: Partial<ImportedCertificate> = {}): ImportedCertificate {
  return {
    certificateId: certificateIdSchema.parse(randomUUID()),
    fingerprintSha256: randomUUID(),
    spkiSha256: "k",
    serialNumber: "0a",
    commonName: order.commonName,
    dnsNames: order.dnsNames,
    organization: null,
    issuer: "CA",
    keyType: "EC P-256",
    signatureAlgorithm: "x",
    validFrom: now,
    validTo: new Date(now.getTime() + dayMs),
    isChainComplete: true,
    chainNames: ["Int"],
    mode: "certificate-and-key",
    certificateRef: vaultRefSchema.parse("c"),
    keyRef: vaultRefSchema.parse("k"),
    orderId: order.orderId,
    caCertificateId: "1",
    version: 1,
    isCurrent: true,
    notes: "",
    importedAt: now,
    importedBy: "Ana",
    ...about,
  };
}

const entry = (): AuditEntry => ({
  auditId: randomUUID(),
  at: now,
  actor: { kind: "system", actorId: "system", name: "Sealpost" },
  act: "orders.sync",
  subject: { kind: "account", id: "account", label: "Main" },
  outcome: "done",
  code: null,
  details: {},
});

const everything: OrderListQuery = {
  sort: "needs-action-first",
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
  limit: 50,
  now,
};

let directory: string;
let opened: OpenedStore;
const open = () => openStore({ file: join(directory, "sealpost.db"), seal: testSeal(), now: () => now });
const put = (...orders: Order[]) =>
  opened.store.commit({ writes: orders.map((order) => ({ write: "order-synced", order })), audit: [] });

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "sealpost-db-"));
  opened = open();
  await opened.store.commit({ writes: [{ write: "account-saved", account }], audit: [] });
});
afterEach(() => {
  opened.close();
  rmSync(directory, { recursive: true });
});

describe("the store", () => {
  it("gives back exactly what was committed, also after a restart, from a file only its owner can read", async () => {
    const order = makeOrder(1);
    await put(order);
    const request = makeRequest(order);
    await opened.store.commit({ writes: [{ write: "resend-requested", request }], audit: [entry()] });
    opened.close();
    opened = open();
    expect(await opened.store.account(account.caAccountId)).toEqual(account);
    expect(await opened.store.order(order.orderId)).toEqual(order);
    expect(await opened.store.resendRequest(request.requestId)).toEqual(request);
    expect(statSync(join(directory, "sealpost.db")).mode & 0o077).toBe(0);
  });

  it("keeps an order's own id and its imports when the CA is read again", async () => {
    const order = makeOrder(1);
    await put(order);
    const certificate = makeCertificate(order);
    await opened.store.commit({ writes: [{ write: "certificate-imported", certificate }], audit: [] });
    await put(makeOrder(1, { vendorStatus: "Approved" }));
    const [found] = await opened.store.ordersByCaOrderIds(account.caAccountId, [order.caOrderId]);
    expect(found).toMatchObject({
      orderId: order.orderId,
      vendorStatus: "Approved",
      imports: { 1: certificate.certificateId },
    });
    expect((await opened.store.orderRow(order.orderId, now))?.attention).toBe("nothing-to-do");
    await opened.store.commit({
      writes: [{ write: "certificate-deleted", certificateId: certificate.certificateId }],
      audit: [],
    });
    expect((await opened.store.orderRow(order.orderId, now))?.attention).toBe("needs-action");
  });

  it("keeps the certificate in force first, however its number and its end compare with those before it", async () => {
    const issuance = (caCertificateId: string) => ({ caCertificateId, validFrom: now, validTo: now });
    for (const ids of [["100"], ["101", "100"], ["099", "101", "100"]]) {
      await put(makeOrder(1, { issuances: ids.map(issuance) }));
      const [found] = await opened.store.ordersByCaOrderIds(account.caAccountId, [
        caOrderIdSchema.parse("1001"),
      ]);
      expect(found?.issuances.map(({ caCertificateId }) => caCertificateId)).toEqual(ids);
      const { rows } = await opened.store.listOrders(everything);
      expect(rows[0]?.order.issuances[0]?.caCertificateId).toBe(ids[0]);
    }
  });

  it("lets one of two open requests for an order in, one of two uses of a key, one of two imports of a certificate, one of two names", async () => {
    const order = makeOrder(1);
    await put(order);
    const first = makeRequest(order);
    await opened.store.commit({ writes: [{ write: "resend-requested", request: first }], audit: [] });
    const refused = (write: Parameters<typeof opened.store.commit>[0]["writes"][number]) =>
      opened.store.commit({ writes: [write], audit: [entry()] });
    await expect(refused({ write: "resend-requested", request: makeRequest(order) })).rejects.toMatchObject({
      reason: "resend-open",
    });
    await expect(
      refused({
        write: "resend-requested",
        request: makeRequest(order, { kind: "approver", idempotencyKey: first.idempotencyKey }),
      }),
    ).rejects.toMatchObject({ reason: "idempotency-key-used" });
    const certificate = makeCertificate(order);
    await opened.store.commit({ writes: [{ write: "certificate-imported", certificate }], audit: [] });
    await expect(
      refused({
        write: "certificate-imported",
        certificate: makeCertificate(order, { fingerprintSha256: certificate.fingerprintSha256 }),
      }),
    ).rejects.toMatchObject({ reason: "fingerprint-known" });
    await expect(
      refused({
        write: "account-saved",
        account: { ...account, caAccountId: caAccountIdSchema.parse("b"), label: "MAIN" },
      }),
    ).rejects.toMatchObject({ reason: "label-taken" });
    expect(await opened.store.auditOf({ kind: "account", id: "account" }, auditActs, 1)).toEqual([]);
  });

  it("lets the reading of a list give way to whoever is waiting, but not without end, and nothing that somebody asked for", async () => {
    opened.close();
    let asked = 0;
    let waits = 3;
    const file = join(directory, "sealpost.db");
    const isAnybodyWaiting = () => ++asked <= waits;
    opened = openStore({ file, seal: testSeal(), now: () => now, isAnybodyWaiting });
    const { caAccountId, sync } = account;
    const place = { write: "account-sync", caAccountId, sync } as const;
    const read = (order: Order) =>
      opened.store.commit({ writes: [{ write: "order-synced", order }, place], audit: [] });
    const order = makeOrder(1);
    await read(order);
    expect(asked).toBe(4);
    asked = 0;
    waits = Number.POSITIVE_INFINITY;
    await read(makeOrder(2));
    expect([asked, (await opened.store.countOrders(now)).total]).toEqual([8, 2]);
    asked = 0;
    await put(order);
    const request = makeRequest(order);
    await opened.store.commit({ writes: [{ write: "resend-requested", request }], audit: [] });
    expect(asked).toBe(0);
  });

  it("moves a request only from where it is, so that of two claims one wins", async () => {
    const order = makeOrder(1);
    await put(order);
    const request = makeRequest(order);
    await opened.store.commit({ writes: [{ write: "resend-requested", request }], audit: [] });
    const claim = () =>
      opened.store.commit({
        writes: [
          {
            write: "resend-moved",
            request: { ...request, status: "forwarding", claimedAt: now },
            from: "requested",
          },
        ],
        audit: [],
      });
    const claims = await Promise.allSettled([claim(), claim()]);
    expect(claims.map((one) => one.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await opened.store.resendsToForward({ by: now, notBehind: now }, 10)).toEqual([]);
    expect(await opened.store.resendsForwarding()).toHaveLength(1);
  });

  it("tells of each account the requests that have waited longest, and passes over those of an account beyond that", async () => {
    const other = { ...account, caAccountId: caAccountIdSchema.parse("other"), label: "Other" };
    await opened.store.commit({ writes: [{ write: "account-saved", account: other }], audit: [] });
    const accounts = [account, account, account, other, account, other];
    const requests: ResendRequest[] = [];
    for (const [number, { caAccountId }] of accounts.entries()) {
      const order = makeOrder(number, { caAccountId });
      await put(order);
      const request = makeRequest(order, { notBefore: new Date(now.getTime() + (number % 4)) });
      await opened.store.commit({ writes: [{ write: "resend-requested", request }], audit: [] });
      requests.push(request);
    }
    const told = async (by: number, notBehind: number, perAccount: number) => {
      const due = { by: new Date(now.getTime() + by), notBehind: new Date(now.getTime() + notBehind) };
      const resends = await opened.store.resendsToForward(due, perAccount);
      return resends.map(({ request, caAccountId }) => [
        requests.findIndex(({ requestId }) => requestId === request.requestId),
        caAccountId,
      ]);
    };
    expect(await told(3, 4, 2)).toEqual([
      [0, account.caAccountId],
      [4, account.caAccountId],
      [5, other.caAccountId],
      [3, other.caAccountId],
    ]);
    expect(await told(0, 4, 9)).toEqual([
      [0, account.caAccountId],
      [4, account.caAccountId],
    ]);
    expect(await told(0, 2, 1)).toEqual([
      [0, account.caAccountId],
      [3, other.caAccountId],
    ]);
  });

  it("counts mails to an address without regard to case, and only those accepted or perhaps sent", async () => {
    for (const [number, status] of (
      ["accepted", "outcome-unknown", "refused", "not-sent"] as const
    ).entries()) {
      const order = makeOrder(number);
      await put(order);
      await opened.store.commit({
        writes: [{ write: "resend-requested", request: makeRequest(order, { status, settledAt: now }) }],
        audit: [],
      });
    }
    expect(
      await opened.store.countMailsTo("admin@EXAMPLE.test", "fulfillment", new Date(now.getTime() - 1)),
    ).toBe(2);
    expect(
      await opened.store.countMailsTo("admin@example.test", "fulfillment", new Date(now.getTime() + 1)),
    ).toBe(0);
  });

  it("marks orders that a complete reading no longer held, and takes the mark back when they return", async () => {
    const [stays, leaves] = [makeOrder(1, { syncedAt: new Date(now.getTime() + 1000) }), makeOrder(2)];
    await put(stays, leaves);
    await opened.store.commit({
      writes: [
        {
          write: "orders-gone",
          caAccountId: account.caAccountId,
          before: new Date(now.getTime() + 500),
          goneAt: now,
        },
      ],
      audit: [],
    });
    expect((await opened.store.order(leaves.orderId))?.goneAt).toEqual(now);
    expect((await opened.store.order(stays.orderId))?.goneAt).toBeNull();
    await put(leaves);
    expect((await opened.store.order(leaves.orderId))?.goneAt).toBeNull();
  });

  it("visits every order exactly once in both sorts, page by page, under any filter", async () => {
    const statuses = ["issued", "awaiting-approval", "cancelled"] as const;
    const orders = Array.from({ length: 137 }, (_, i) =>
      makeOrder(i, {
        status: statuses[i % 3] ?? "issued",
        issuances: i % 5 === 0 ? [] : makeOrder(i % 7).issuances,
      }),
    );
    await put(...orders);
    const anyQuery = fc.record({
      sort: fc.constantFrom(...orderSorts),
      limit: fc.integer({ min: 1, max: 40 }),
      statuses: fc.subarray([...statuses]),
    });
    await fc.assert(
      fc.asyncProperty(anyQuery, async (query) => {
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page: Awaited<ReturnType<typeof opened.store.listOrders>> = await opened.store.listOrders({
            ...everything,
            ...query,
            cursor,
          });
          seen.push(...page.rows.map((row) => row.order.orderId));
          cursor = page.nextCursor;
        } while (cursor !== null);
        const wanted = orders.filter(
          (order) => query.statuses.length === 0 || query.statuses.some((status) => status === order.status),
        );
        expect(seen).toHaveLength(wanted.length);
        expect(new Set(seen)).toEqual(new Set(wanted.map((order) => order.orderId)));
        // However it is reached, it comes as in the list of all.
        const { sort } = query;
        const { rows } = await opened.store.listOrders({ ...everything, sort, limit: 200 });
        expect(seen).toEqual(rows.map(({ order }) => order.orderId).filter((id) => seen.includes(id)));
      }),
      { numRuns: 25 },
    );
  });

  it("puts what needs action first and soonest, and moves on what has expired since", async () => {
    const [late, soon, waiting] = [
      makeOrder(40),
      makeOrder(3),
      makeOrder(1, { status: "awaiting-approval", issuances: [] }),
    ];
    await put(late, soon, waiting);
    const ids = async (moment: Date) =>
      (await opened.store.listOrders({ ...everything, now: moment })).rows.map((row) => [
        row.order.caOrderId,
        row.attention,
      ]);
    expect(await ids(now)).toEqual([
      ["1003", "needs-action"],
      ["1040", "needs-action"],
      ["1001", "with-the-ca"],
    ]);
    expect(await ids(new Date(now.getTime() + 10 * dayMs))).toEqual([
      ["1040", "needs-action"],
      ["1001", "with-the-ca"],
      ["1003", "nothing-to-do"],
    ]);
  });

  it("counts each group as its rows are, whatever has moved them", async () => {
    const orders = [makeOrder(1), makeOrder(2), makeOrder(3, { status: "awaiting-approval", issuances: [] })];
    const [first = makeOrder(1)] = orders;
    const certificate = makeCertificate(first);
    const { caAccountId } = account;
    const later = new Date(now.getTime() + 40 * dayMs);
    const writes: readonly Write[] = [
      ...orders.map((order) => ({ write: "order-synced", order }) as const),
      { write: "certificate-imported", certificate },
      { write: "certificate-deleted", certificateId: certificate.certificateId },
      { write: "order-synced", order: makeOrder(2, { status: "revoked" }) },
      { write: "orders-gone", caAccountId, before: later, goneAt: now },
      { write: "order-synced", order: makeOrder(1) },
    ];
    const expectTrue = async (moment: Date) => {
      const { rows } = await opened.store.listOrders({ ...everything, now: moment, limit: 100 });
      const { total, byAttention } = await opened.store.countOrders(moment);
      expect(total).toBe(rows.length);
      for (const attention of attentions)
        expect(byAttention[attention]).toBe(rows.filter((row) => row.attention === attention).length);
    };
    for (const write of writes) {
      await opened.store.commit({ writes: [write], audit: [] });
      await expectTrue(now);
    }
    await expectTrue(later);
  });

  it("hides what ended long ago, and counts it", async () => {
    await put(
      makeOrder(1),
      makeOrder(2, { issuances: [{ caCertificateId: "1", validFrom: new Date(0), validTo: new Date(1) }] }),
    );
    const page = await opened.store.listOrders({
      ...everything,
      hideExpiredBefore: new Date(now.getTime() - 90 * dayMs),
    });
    expect(page.rows).toHaveLength(1);
    expect(page.hiddenCount).toBe(1);
  });

  it("finds parts of names in both spellings, numbers and addresses, and survives whatever is typed", async () => {
    await put(
      makeOrder(1, {
        commonName: "xn--bcher-kva.example",
        dnsNames: [dnsNameSchema.parse("xn--bcher-kva.example")],
      }),
      makeOrder(2),
    );
    const found = async (search: string) =>
      (await opened.store.listOrders({ ...everything, search })).rows.length;
    for (const search of ["bücher", "xn--bch", "1001", "admin1@"]) expect(await found(search)).toBe(1);
    for (const search of ["host-2", "ho", "10"]) expect(await found(search)).toBeGreaterThan(0);
    expect(await found("nowhere")).toBe(0);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (search) => void (await found(search))),
      { numRuns: 200 },
    );
  });

  it("finds an order by its certificate's fingerprint, serial number or key, however they are written", async () => {
    const [order, other] = [makeOrder(1), makeOrder(2, { csrSpkiSha256: "cd".repeat(32) })];
    await put(order, other);
    const about = {
      fingerprintSha256: "0b".repeat(32),
      spkiSha256: "ab".repeat(32),
      serialNumber: "0c".repeat(9),
    };
    const certificate = makeCertificate(order, about);
    await opened.store.commit({ writes: [{ write: "certificate-imported", certificate }], audit: [] });
    const found = async (search: string) =>
      (await opened.store.listOrders({ ...everything, search })).rows.map(
        ({ order: { orderId } }) => orderId,
      );
    const colons = about.fingerprintSha256.replace(/../g, "$&:").slice(0, -1).toUpperCase();
    const pin = Buffer.from(about.spkiSha256, "hex").toString("base64");
    const serial = `00:${about.serialNumber}`;
    for (const search of [colons, colons.slice(0, 24), about.spkiSha256, pin, `sha256/${pin}`, serial])
      expect(await found(search), search).toEqual([order.orderId]);
    expect(await found("cd".repeat(32))).toEqual([other.orderId]);
    expect(await found("ef".repeat(32))).toEqual([]);
    const named = await opened.store.listCertificates({
      search: colons,
      orderId: null,
      cursor: null,
      limit: 10,
    });
    expect(named.certificates).toHaveLength(1);
  });

  it("lists the orders of the CAs that were asked for, whatever their accounts are called", async () => {
    const other = { ...account, caAccountId: caAccountIdSchema.parse("other"), adapter: "digicert" };
    const write = { write: "account-saved", account: { ...other, label: "Other" } } as const;
    await opened.store.commit({ writes: [write], audit: [] });
    await put(makeOrder(1), makeOrder(2, { caAccountId: other.caAccountId }));
    const at = async (...adapters: string[]) =>
      (await opened.store.listOrders({ ...everything, adapters })).rows.map(({ order }) => order.caAccountId);
    expect(await at("digicert")).toEqual(["other"]);
    expect(await at(account.adapter, "digicert")).toHaveLength(2);
    expect(await at("nobody")).toEqual([]);
  });

  it("refuses a cursor nobody gave out", async () => {
    await expect(opened.store.listOrders({ ...everything, cursor: "nonsense" })).rejects.toMatchObject({
      refusal: { code: "invalid-input", field: "cursor" },
    });
  });

  it("lets nobody change or remove an audit entry", async () => {
    await opened.store.commit({ writes: [], audit: [entry()] });
    const raw = new Database(join(directory, "sealpost.db"));
    expect(() => raw.exec("update audit_entries set act = 'x'")).toThrow("append-only");
    expect(() => raw.exec("delete from audit_entries")).toThrow("append-only");
    raw.close();
  });

  it("refuses a database of a newer version, and one that is none, in a plain sentence", () => {
    const raw = new Database(join(directory, "sealpost.db"));
    raw.exec("insert into __drizzle_migrations (hash, created_at) values ('later', 99999999999999)");
    raw.close();
    expect(open).toThrow("was written by a newer version of Sealpost");
  });

  it("shows whole changes only, after a process was killed in the middle of many", async () => {
    const script = `
      import { openStore } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
      import { testSeal } from ${JSON.stringify(new URL("./test-seal.ts", import.meta.url).href)};
      const { store } = openStore({ file: ${JSON.stringify(join(directory, "sealpost.db"))}, seal: testSeal() });
      const order = ${JSON.stringify(makeOrder(1))};
      for (const key of ["orderedAt", "syncedAt"]) order[key] = new Date(order[key]);
      order.issuances = [];
      console.log("ready");
      for (let i = 0; ; i++) {
        const one = (half) => ({ write: "order-synced", order: { ...order, orderId: i + half, caOrderId: i + half } });
        await store.commit({ writes: [one("a"), one("b")], audit: [] });
      }`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    await expect
      .poll(async () => (await opened.store.countOrders(now)).total, { interval: 5 })
      .toBeGreaterThan(20);
    child.kill("SIGKILL");
    await once(child, "exit");
    opened.close();
    opened = open();
    expect((await opened.store.countOrders(now)).total % 2).toBe(0);
  });

  it("notices a backup put back, as a file, in place or as a whole directory, and no ordinary restart", () => {
    const file = join(directory, "sealpost.db");
    const reopen = () => {
      opened.close();
      opened = open();
      return opened.isRestored;
    };
    expect(opened.isRestored).toBe(false);
    expect(reopen()).toBe(false);
    opened.close();
    const backup = readFileSync(file);
    opened = open();
    expect(reopen()).toBe(false);
    opened.close();
    writeFileSync(file, backup);
    opened = open();
    expect(opened.isRestored).toBe(true);
    expect(reopen()).toBe(false);
    opened.close();
    cpSync(directory, `${directory}.copy`, { recursive: true });
    rmSync(directory, { recursive: true });
    cpSync(`${directory}.copy`, directory, { recursive: true });
    rmSync(`${directory}.copy`, { recursive: true });
    opened = open();
    expect(opened.isRestored).toBe(true);
  });

  it("keeps nothing of a change when the disk is full, and goes on when there is room again", async () => {
    const raw = opened.database.raw;
    const pages = raw.pragma("page_count", { simple: true });
    raw.pragma(`max_page_count = ${pages}`);
    const many = Array.from({ length: 400 }, (_, i) => makeOrder(i));
    await expect(put(...many)).rejects.toMatchObject({ code: "SQLITE_FULL" });
    expect((await opened.store.countOrders(now)).total).toBe(0);
    raw.pragma("max_page_count = 1073741823");
    await put(...many);
    expect((await opened.store.countOrders(now)).total).toBe(400);
  });

  it("keeps a second process out of the data directory, and lets the next one in when the first has died", async () => {
    const script = `import { lockDataDirectory } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)}; lockDataDirectory(${JSON.stringify(directory)}); console.log("locked"); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    expect(() => lockDataDirectory(directory)).toThrow("Another Sealpost already works in");
    child.kill("SIGKILL");
    await once(child, "exit");
    lockDataDirectory(directory).release();
  });
});

describe("who typed too many wrong codes", () => {
  it("may try again when the operator says so, and nobody else's pause ends", async () => {
    const { database: db, store } = opened;
    const lockedUntil = new Date(now.getTime() + dayMs);
    for (const id of ["tom", "eve"]) {
      const person = { id, name: id, email: `${id}@example.test`, emailVerified: true, role: "viewer" };
      db.insert(user)
        .values({ ...person, createdAt: now, updatedAt: now })
        .run();
      const factor = { id, userId: id, secret: "sealed", backupCodes: "sealed", verified: true };
      db.insert(twoFactor)
        .values({ ...factor, failedVerificationCount: 10, lockedUntil })
        .run();
    }
    const pauseOf = (id: string) => db.select().from(twoFactor).where(eq(twoFactor.userId, id)).get();
    const personId = personIdSchema.parse("tom");
    await store.commit({ writes: [{ write: "person-unlocked", personId }], audit: [] });
    expect(pauseOf("tom")).toMatchObject({ failedVerificationCount: 0, lockedUntil: null });
    expect(pauseOf("eve")).toMatchObject({ failedVerificationCount: 10, lockedUntil });
    const nobody = { write: "person-unlocked", personId: personIdSchema.parse("nobody") } as const;
    await expect(store.commit({ writes: [nobody], audit: [] })).rejects.toMatchObject({ reason: "row-gone" });
  });
});
