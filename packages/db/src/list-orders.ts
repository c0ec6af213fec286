import { attentions, type OrderListQuery, type OrderPage, refuse } from "@sealpost/domain";
import { and, asc, gte, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { settleAttention } from "./commit.ts";
import type { Db } from "./open-database.ts";
import { inScope, toOrderRows } from "./orders-store.ts";
import { accounts, orders } from "./schema.ts";

const cursorSchema = z.tuple([z.int(), z.int(), z.string()]);
type Cursor = z.infer<typeof cursorSchema>;

/** A page by keyset: as quick at the millionth order as at the first, and steady while rows come and go. */
export function listOrders(db: Db, query: OrderListQuery): OrderPage {
  settleAttention(db, query.now);
  const filters = filtersOf(db, query);
  const hides = query.hideExpiredBefore ? lt(orders.expiresAt, query.hideExpiredBefore) : undefined;
  const shown = hides ? sql`not coalesce(${hides}, 0)` : undefined;
  const position = query.cursor === null ? undefined : after(query.sort, readCursor(query.cursor));
  const rows = db
    .select()
    .from(orders)
    .where(and(...filters, shown, position))
    .orderBy(...sortOf(query.sort))
    .limit(query.limit + 1)
    .all();
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  const hasMore = rows.length > query.limit && last !== undefined;
  const hiddenCount = hides ? countWhere(db, [...filters, hides]) : 0;
  const nextCursor = hasMore ? writeCursor([last.attention, last.sortEnd, last.orderId]) : null;
  return { rows: toOrderRows(db, page), nextCursor, hiddenCount };
}

function sortOf(sort: OrderListQuery["sort"]): SQL[] {
  const byEnd = [asc(orders.sortEnd), asc(orders.orderId)];
  return sort === "needs-action-first" ? [asc(orders.attention), ...byEnd] : byEnd;
}

function after(sort: OrderListQuery["sort"], [attention, end, orderId]: Cursor): SQL | undefined {
  return sort === "needs-action-first"
    ? sql`(${orders.attention}, ${orders.sortEnd}, ${orders.orderId}) > (${attention}, ${end}, ${orderId})`
    : sql`(${orders.sortEnd}, ${orders.orderId}) > (${end}, ${orderId})`;
}

function accountsAt(db: Db, adapters: readonly string[]) {
  return db
    .select({ id: accounts.caAccountId })
    .from(accounts)
    .where(inArray(accounts.adapter, [...adapters]));
}

function filtersOf(db: Db, query: OrderListQuery): (SQL | undefined)[] {
  const { scope, statuses, caAccountIds, adapters, validationTypes, expiresBefore, now } = query;
  const ranks = query.attentions.map((attention) => attentions.indexOf(attention));
  return [
    inScope(orders.caAccountId, scope),
    query.orderIds.length > 0 ? inArray(orders.orderId, [...query.orderIds]) : undefined,
    ranks.length > 0 ? inArray(orders.attention, ranks) : undefined,
    statuses.length > 0 ? inArray(orders.status, statuses) : undefined,
    caAccountIds.length > 0 ? inArray(orders.caAccountId, caAccountIds) : undefined,
    adapters.length > 0 ? inArray(orders.caAccountId, accountsAt(db, adapters)) : undefined,
    validationTypes.length > 0 ? inArray(orders.validationType, validationTypes) : undefined,
    expiresBefore ? and(lt(orders.expiresAt, expiresBefore), gte(orders.expiresAt, now)) : undefined,
    searchFilter(query.search),
  ];
}

/** Trigrams find any part of three characters or more; shorter words are looked for at the start of the name. */
function searchFilter(search: string): SQL | undefined {
  const words = search.trim().toLowerCase();
  if (words === "") return undefined;
  if ([...words].length < 3) {
    const start = `${words.replace(/[\\%_]/g, "\\$&")}%`;
    return or(
      sql`${orders.commonName} like ${start} escape '\\'`,
      sql`${orders.caOrderId} like ${start} escape '\\'`,
    );
  }
  const phrase = `"${words.replaceAll('"', '""').replaceAll("\0", "")}"`;
  const hash = hashIn(search.trim());
  return hash === null
    ? sql`${orders.searchRow} in (select rowid from order_search where words match ${phrase})`
    : hashFilter(hash, phrase);
}

/** Hexadecimal with or without colons and spaces, at least half of a SHA-256 or a whole serial number; or a key's pin. */
function hashIn(search: string): string | null {
  const pin = /^(?:sha256\/{1,2})?([A-Za-z0-9+/]{43}=)$/.exec(search)?.[1];
  if (pin !== undefined) return Buffer.from(pin, "base64").toString("hex");
  const hex = search.replace(/[\s:]/g, "").toLowerCase();
  return /^[0-9a-f]{16,64}$/.test(hex) ? hex : null;
}

/** The orders of a certificate by its fingerprint (or how that begins), serial number or key, and of a CSR by its key. */
function hashFilter(hash: string, phrase: string): SQL {
  return sql`${orders.orderId} in (
    select order_id from order_search where words match ${phrase}
    union select order_id from certificates where fingerprint_sha256 >= ${hash} and fingerprint_sha256 < ${`${hash}g`}
    union select order_id from certificates where serial_number = ${hash.replace(/^(00)+(?=.)/, "")}
    union select order_id from certificates where spki_sha256 = ${hash}
    union select order_id from orders where csr_spki_sha256 = ${hash})`;
}

function countWhere(db: Db, filters: (SQL | undefined)[]): number {
  return (
    db
      .select({ n: sql<number>`count(*)` })
      .from(orders)
      .where(and(...filters))
      .get()?.n ?? 0
  );
}

function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

function readCursor(text: string): Cursor {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch (error) {
    throw refuse({ code: "invalid-input", field: "cursor", problem: "unreadable" }, error);
  }
}
