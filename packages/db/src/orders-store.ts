import {
  type CaAccountId,
  type CaOrderId,
  isLatestImported,
  latestIssuance,
  type Order,
  type OrderCounts,
  type OrderId,
  type OrderRow,
  type Scope,
} from "@sealpost/domain";
import { and, asc, desc, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import type { Db } from "./open-database.ts";
import { type OrderRecord, toAttention, toIssuances, toOrder } from "./order-rows.ts";
import { toRequest } from "./rows.ts";
import { certificates, issuances, orderNames, orders, resendRequests } from "./schema.ts";

/** What a scope lets through; undefined: everything. */
export function inScope(account: typeof orders.caAccountId, scope: Scope = "all"): SQL | undefined {
  return scope === "all" ? undefined : inArray(account, [...scope]);
}

export function orderIdOf(db: Db, caAccountId: string, caOrderId: string): string | null {
  const found = db
    .statement("select order_id from orders where ca_account_id = ? and ca_order_id = ?")
    .pluck()
    .get(caAccountId, caOrderId);
  return typeof found === "string" ? found : null;
}

/** What an order's issuances are, and which of them were imported. */
export function readIssuances(db: Db, orderId: string): Pick<Order, "issuances" | "imports"> {
  return toIssuances(db.select().from(issuances).where(eq(issuances.orderId, orderId)).all());
}

export function readOrder(db: Db, orderId: string): Order | null {
  const row = db.select().from(orders).where(eq(orders.orderId, orderId)).get();
  return row ? (toOrders(db, [row])[0] ?? null) : null;
}

export function readOrdersByCaOrderIds(
  db: Db,
  caAccountId: CaAccountId,
  caOrderIds: readonly CaOrderId[],
): Order[] {
  const own = and(eq(orders.caAccountId, caAccountId), inArray(orders.caOrderId, [...caOrderIds]));
  return toOrders(db, db.select().from(orders).where(own).all());
}

/** Records with their names and issuances, in two queries for the whole page. */
export function toOrders(db: Db, rows: readonly OrderRecord[]): Order[] {
  const ids = rows.map((row) => row.orderId);
  if (ids.length === 0) return [];
  const names = Map.groupBy(
    db.select().from(orderNames).where(inArray(orderNames.orderId, ids)).all(),
    (n) => n.orderId,
  );
  const issued = Map.groupBy(
    db.select().from(issuances).where(inArray(issuances.orderId, ids)).all(),
    (i) => i.orderId,
  );
  return rows.map((row) => {
    const own = (names.get(row.orderId) ?? []).map((name) => name.dnsName);
    const sorted = own.sort(
      (a, b) => Number(b === row.commonName) - Number(a === row.commonName) || (a < b ? -1 : 1),
    );
    return toOrder(row, sorted, issued.get(row.orderId) ?? []);
  });
}

/** Orders as list rows: with the newest fulfillment request and the moment of the import. */
export function toOrderRows(db: Db, records: readonly OrderRecord[]): OrderRow[] {
  const found = toOrders(db, records);
  return found.map((order, index) => ({
    order,
    attention: toAttention(records[index]?.attention ?? 2),
    lastFulfillment: lastFulfillment(db, order.orderId),
    importedAt: importedAt(db, order),
  }));
}

export function readOrderRow(db: Db, orderId: OrderId): OrderRow | null {
  const row = db.select().from(orders).where(eq(orders.orderId, orderId)).get();
  return row ? (toOrderRows(db, [row])[0] ?? null) : null;
}

function lastFulfillment(db: Db, orderId: OrderId) {
  const own = and(eq(resendRequests.orderId, orderId), eq(resendRequests.kind, "fulfillment"));
  const row = db
    .select()
    .from(resendRequests)
    .where(own)
    .orderBy(desc(resendRequests.requestedAt))
    .limit(1)
    .get();
  return row ? toRequest(row) : null;
}

function importedAt(db: Db, order: Order): Date | null {
  const latest = latestIssuance(order);
  const certificateId = latest && isLatestImported(order) ? order.imports[latest.caCertificateId] : undefined;
  if (certificateId === undefined) return null;
  const own = eq(certificates.certificateId, certificateId);
  return db.select({ at: certificates.importedAt }).from(certificates).where(own).get()?.at ?? null;
}

export function countOrders(db: Db, scope?: Scope): OrderCounts {
  const counted = db
    .select({ rank: orders.attention, n: sql<number>`count(*)` })
    .from(orders)
    .where(inScope(orders.caAccountId, scope))
    .groupBy(orders.attention)
    .all();
  const of = (rank: number) => counted.find((row) => row.rank === rank)?.n ?? 0;
  const byAttention = { "needs-action": of(0), "with-the-ca": of(1), "nothing-to-do": of(2) };
  return { total: of(0) + of(1) + of(2), byAttention };
}

export function countOrdersOf(db: Db, caAccountId: string): number {
  const listed = and(eq(orders.caAccountId, caAccountId), isNull(orders.goneAt));
  return db.select({ n: sql<number>`count(*)` }).from(orders).where(listed).get()?.n ?? 0;
}

export function readOrdersBySpki(db: Db, spkiSha256: string, scope?: Scope): Order[] {
  const own = and(eq(orders.csrSpkiSha256, spkiSha256), inScope(orders.caAccountId, scope));
  return toOrders(db, db.select().from(orders).where(own).limit(50).all());
}

export function readOrdersByNumber(db: Db, caOrderIds: readonly string[], scope?: Scope): Order[] {
  if (caOrderIds.length === 0) return [];
  const numbered = and(
    inArray(orders.caOrderId, caOrderIds.slice(0, 50)),
    inScope(orders.caAccountId, scope),
  );
  return toOrders(db, db.select().from(orders).where(numbered).limit(50).all());
}

export function readOrdersByName(db: Db, dnsNames: readonly string[], limit: number, scope?: Scope): Order[] {
  if (dnsNames.length === 0) return [];
  const named = db
    .select({ orderId: orderNames.orderId })
    .from(orderNames)
    .where(inArray(orderNames.dnsName, dnsNames.slice(0, 500)));
  const rows = db
    .select()
    .from(orders)
    .where(and(inArray(orders.orderId, named), inScope(orders.caAccountId, scope)))
    .orderBy(desc(orders.orderedAt))
    .limit(limit);
  return toOrders(db, rows.all());
}

export function readOrdersWithoutDetails(db: Db, caAccountId: CaAccountId, limit: number): Order[] {
  const bare = and(eq(orders.caAccountId, caAccountId), isNull(orders.detailsAt), isNull(orders.goneAt));
  return toOrders(db, db.select().from(orders).where(bare).orderBy(asc(orders.attention)).limit(limit).all());
}
