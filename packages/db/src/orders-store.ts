import {
  type CaAccountId,
  type CaOrderId,
  type CertificateId,
  latestIssuance,
  type Order,
  type OrderCounts,
  type OrderId,
  type OrderRow,
  type ResendRequest,
  type Scope,
} from "@sealpost/domain";
import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Db } from "./open-database.ts";
import { type OrderValues, selectOrders, toAttention, toOrder } from "./order-rows.ts";
import { toRequest } from "./rows.ts";
import { orders, resendRequests } from "./schema.ts";

const manyIds = "(select value from json_each(?))";

/** What a scope lets through, as a condition on `o`; undefined: everything. */
export function inScope(scope: Scope = "all"): { readonly text: string; readonly values: readonly string[] } {
  if (scope === "all") return { text: "true", values: [] };
  return { text: `o.ca_account_id in ${manyIds}`, values: [JSON.stringify([...scope])] };
}

/** What is stored of an order that an account's CA knows by this number. */
export function storedOrder(db: Db, caAccountId: string, caOrderId: string) {
  return db
    .statement<{ readonly orderId: string; readonly searchRow: number | null; readonly attention: number }>(
      `select order_id as orderId, search_row as searchRow, attention from orders
        where ca_account_id = ? and ca_order_id = ?`,
    )
    .get(caAccountId, caOrderId);
}

export function readOrder(db: Db, orderId: string): Order | null {
  const record = readRecord(db, orderId);
  return record ? toOrder(record) : null;
}

export function readRecord(db: Db, orderId: string): OrderValues | undefined {
  return db.statement<OrderValues>(`${selectOrders} where o.order_id = ?`).get(orderId);
}

function readOrders(db: Db, which: string, ...values: readonly unknown[]): Order[] {
  return db
    .statement<OrderValues>(`${selectOrders} ${which}`)
    .all(...values)
    .map(toOrder);
}

export function readOrdersByCaOrderIds(
  db: Db,
  caAccountId: CaAccountId,
  caOrderIds: readonly CaOrderId[],
): Order[] {
  const which = `where o.ca_account_id = ? and o.ca_order_id in ${manyIds}`;
  return readOrders(db, which, caAccountId, JSON.stringify(caOrderIds));
}

/** Orders as list rows: with the newest fulfillment request and the moment of the import. */
export function toOrderRows(db: Db, records: readonly OrderValues[]): OrderRow[] {
  const found = records.map((record) => ({
    order: toOrder(record),
    attention: toAttention(record.attention),
  }));
  const requests = lastFulfillments(
    db,
    found.map(({ order }) => order.orderId),
  );
  const imports = importsOf(
    db,
    found.flatMap(({ order }) => latestImport(order) ?? []),
  );
  return found.map(({ order, attention }) => ({
    order,
    attention,
    lastFulfillment: requests.get(order.orderId) ?? null,
    importedAt: imports.get(latestImport(order) ?? "") ?? null,
  }));
}

export function readOrderRow(db: Db, orderId: OrderId): OrderRow | null {
  const record = readRecord(db, orderId);
  return record ? (toOrderRows(db, [record])[0] ?? null) : null;
}

function lastFulfillments(db: Db, orderIds: readonly OrderId[]): Map<string, ResendRequest> {
  const newest = db
    .statement<string | null>(
      `select (select request_id from resend_requests where order_id = ids.value and kind = 'fulfillment'
        order by requested_at desc limit 1) from json_each(?) as ids`,
    )
    .pluck()
    .all(JSON.stringify(orderIds))
    .flatMap((requestId) => requestId ?? []);
  if (newest.length === 0) return new Map();
  const rows = db.select().from(resendRequests).where(inArray(resendRequests.requestId, newest)).all();
  return new Map(rows.map((row) => [row.orderId, toRequest(row)]));
}

function latestImport(order: Order): CertificateId | undefined {
  const latest = latestIssuance(order);
  return latest ? order.imports[latest.caCertificateId] : undefined;
}

function importsOf(db: Db, certificateIds: readonly CertificateId[]): Map<string, Date> {
  if (certificateIds.length === 0) return new Map();
  const rows = db
    .statement<{ readonly id: string; readonly at: number }>(
      `select certificate_id as id, imported_at as at from certificates where certificate_id in ${manyIds}`,
    )
    .all(JSON.stringify(certificateIds));
  return new Map(rows.map(({ id, at }) => [id, new Date(at)]));
}

/** From the counts that are kept: a million index entries would take longer than the rest of the page. */
export function countOrders(db: Db, scope?: Scope): OrderCounts {
  const own = inScope(scope);
  const counted = db
    .statement<{ readonly rank: number; readonly n: number }>(
      `select attention as rank, sum(n) as n from order_counts o where ${own.text} group by attention`,
    )
    .all(...own.values);
  const of = (rank: number) => counted.find((row) => row.rank === rank)?.n ?? 0;
  const byAttention = { "needs-action": of(0), "with-the-ca": of(1), "nothing-to-do": of(2) };
  return { total: of(0) + of(1) + of(2), byAttention };
}

/** Found by the index over states, so that the first one ends the search. */
export function hasAcceptedMail(db: Db, scope?: Scope): boolean {
  const own = inScope(scope);
  const found = db
    .statement<{ readonly one: number }>(
      `select 1 as one from resend_requests r join orders o on o.order_id = r.order_id
        where r.status = 'accepted' and r.kind = 'fulfillment' and ${own.text} limit 1`,
    )
    .get(...own.values);
  return found !== undefined;
}

/** Keeps the counts: so many of an account's orders have left one group, or were in none, and are in the other. */
export function moveCount(db: Db, caAccountId: string, from: number | null, to: number, n = 1): void {
  if (from === to) return;
  const add = db.statement(
    `insert into order_counts (ca_account_id, attention, n) values (?, ?, ?)
     on conflict do update set n = n + excluded.n`,
  );
  if (from !== null) add.run(caAccountId, from, -n);
  add.run(caAccountId, to, n);
}

export function countOrdersOf(db: Db, caAccountId: string): number {
  const listed = and(eq(orders.caAccountId, caAccountId), isNull(orders.goneAt));
  return db.select({ n: sql<number>`count(*)` }).from(orders).where(listed).get()?.n ?? 0;
}

export function readOrdersBySpki(db: Db, spkiSha256: string, scope?: Scope): Order[] {
  const own = inScope(scope);
  return readOrders(db, `where o.csr_spki_sha256 = ? and ${own.text} limit 50`, spkiSha256, ...own.values);
}

export function readOrdersByNumber(db: Db, caOrderIds: readonly string[], scope?: Scope): Order[] {
  if (caOrderIds.length === 0) return [];
  const own = inScope(scope);
  const numbers = JSON.stringify(caOrderIds.slice(0, 50));
  return readOrders(db, `where o.ca_order_id in ${manyIds} and ${own.text} limit 50`, numbers, ...own.values);
}

export function readOrdersByName(db: Db, dnsNames: readonly string[], limit: number, scope?: Scope): Order[] {
  if (dnsNames.length === 0) return [];
  const own = inScope(scope);
  const named = `where o.order_id in (select order_id from order_names where dns_name in ${manyIds})`;
  const names = JSON.stringify(dnsNames.slice(0, 500));
  const newest = `and ${own.text} order by o.ordered_at desc limit ?`;
  return readOrders(db, `${named} ${newest}`, names, ...own.values, limit);
}

export function readOrdersWithoutDetails(db: Db, caAccountId: CaAccountId, limit: number): Order[] {
  const bare = "where o.ca_account_id = ? and o.details_at is null and o.gone_at is null";
  return readOrders(db, `${bare} order by o.attention limit ?`, caAccountId, limit);
}
