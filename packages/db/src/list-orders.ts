import { attentions, type OrderListQuery, type OrderPage, refuse } from "@sealpost/domain";
import { z } from "zod";
import { settleAttention } from "./commit.ts";
import type { Db } from "./open-database.ts";
import { type OrderRecord, selectOrders } from "./order-rows.ts";
import { inScope, toOrderRows } from "./orders-store.ts";

const cursorSchema = z.tuple([z.int(), z.int(), z.string()]);
type Cursor = z.infer<typeof cursorSchema>;

/** A condition on `o`, the table of orders. */
interface Filter {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What a search found, or how it is looked for while the list is walked. */
interface Way extends Filter {
  /** The index by which orders are reached; null: by the list's own order. */
  readonly index: string | null;
}

/** Where a walk through one group of the list begins, after this place; with `group` null through all of them. */
interface Start {
  readonly group: number | null;
  readonly end: number;
  readonly orderId: string;
}

/** Beyond so many hidden ones nobody needs the number. */
const mostHidden = 1000;
/** Finds up to so many are looked up and sorted; more stand so close in the list that walking it is quicker. */
const mostFound = 5000;

/** A page by keyset: as quick at the millionth order as at the first, and steady while rows come and go. */
export function listOrders(db: Db, query: OrderListQuery): OrderPage {
  settleAttention(db, query.now);
  const filters = filtersOf(query);
  const way = searchOf(db, query.search);
  const records: OrderRecord[] = [];
  for (const start of startsOf(query)) {
    const missing = query.limit + 1 - records.length;
    if (missing > 0) records.push(...walk(db, start, way, filters, missing));
  }
  const page = records.slice(0, query.limit);
  const last = page.at(-1);
  const hasMore = records.length > query.limit && last !== undefined;
  return {
    rows: toOrderRows(db, page),
    nextCursor: hasMore ? writeCursor([last.attention, last.sortEnd, last.orderId]) : null,
    hiddenCount: query.cursor === null ? countHidden(db, query, way, filters) : 0,
  };
}

/** The groups one after the other: within each, those that ended long ago stand at the beginning and are skipped. */
function startsOf(query: OrderListQuery): Start[] {
  const { sort, cursor, hideExpiredBefore, expiresBefore, now } = query;
  const ranks = ranksOf(query);
  const [group, end, orderId] = cursor === null ? [0, -1, ""] : readCursor(cursor);
  const shownFrom = Math.max(hideExpiredBefore?.getTime() ?? 0, expiresBefore ? now.getTime() : 0);
  const from = (place: Omit<Start, "group">) =>
    place.end < shownFrom ? { end: shownFrom, orderId: "" } : place;
  if (sort === "expires-oldest-first") return [{ group: null, ...from({ end, orderId }) }];
  return [0, 1, 2]
    .filter((rank) => rank >= group && (ranks.length === 0 || ranks.includes(rank)))
    .map((rank) => ({ group: rank, ...from(rank === group ? { end, orderId } : { end: -1, orderId: "" }) }));
}

function ranksOf({ attentions: wanted }: OrderListQuery): readonly number[] {
  return wanted.map((attention) => attentions.indexOf(attention));
}

function walk(db: Db, start: Start, way: Way, filters: readonly Filter[], limit: number): OrderRecord[] {
  const { group, end, orderId } = start;
  const place: Filter = { text: "(o.sort_end, o.order_id) > (?, ?)", values: [end, orderId] };
  const inGroup: Filter[] = group === null ? [] : [{ text: "o.attention = ?", values: [group] }];
  const where = [...inGroup, place, way, ...filters];
  const index = way.index ?? (group === null ? "order_by_expiry" : "order_by_attention");
  return db
    .statement<OrderRecord>(
      `${selectOrders} indexed by ${index} where ${textOf(where)} order by o.sort_end, o.order_id limit ?`,
    )
    .all(...valuesOf(where), limit);
}

/** At most one more than `mostHidden`. */
function countHidden(db: Db, query: OrderListQuery, way: Way, filters: readonly Filter[]): number {
  if (query.hideExpiredBefore === null) return 0;
  const hidden: Filter = { text: "o.sort_end < ?", values: [query.hideExpiredBefore.getTime()] };
  const where = [hidden, way, ...filters];
  const index = way.index ?? "order_by_expiry";
  const some = `select 1 from orders o indexed by ${index} where ${textOf(where)} limit ${mostHidden + 1}`;
  return (
    db
      .statement<number>(`select count(*) from (${some})`)
      .pluck()
      .get(...valuesOf(where)) ?? 0
  );
}

function textOf(filters: readonly Filter[]): string {
  return filters.map(({ text }) => text).join(" and ");
}

function valuesOf(filters: readonly Filter[]): unknown[] {
  return filters.flatMap(({ values }) => values);
}

function filtersOf(query: OrderListQuery): Filter[] {
  const { scope, statuses, caAccountIds, adapters, validationTypes, expiresBefore, now } = query;
  const some = (text: string, words: ReadonlyArray<string | number>): Filter[] =>
    words.length === 0 ? [] : [{ text, values: [JSON.stringify(words)] }];
  const isIn = "in (select value from json_each(?))";
  return [
    inScope(scope),
    ...some(`o.order_id ${isIn}`, query.orderIds),
    ...some(`o.attention ${isIn}`, ranksOf(query)),
    ...some(`o.status ${isIn}`, statuses),
    ...some(`o.ca_account_id ${isIn}`, caAccountIds),
    ...some(`o.ca_account_id in (select ca_account_id from ca_accounts where adapter ${isIn})`, adapters),
    ...some(`o.validation_type ${isIn}`, validationTypes),
    ...(expiresBefore
      ? [{ text: "o.sort_end >= ? and o.sort_end < ?", values: [now.getTime(), expiresBefore.getTime()] }]
      : []),
  ];
}

/** Trigrams find any part of three characters or more; shorter words are looked for at the start of the name. */
function searchOf(db: Db, search: string): Way {
  const words = search.trim().toLowerCase();
  if (words === "") return { text: "true", values: [], index: null };
  if ([...words].length < 3) {
    const start = `${words.replace(/[\\%_]/g, "\\$&")}%`;
    const text = "(o.common_name like ? escape '\\' or o.ca_order_id like ? escape '\\')";
    return { text, values: [start, start], index: null };
  }
  const phrase = `"${words.replaceAll('"', '""').replaceAll("\0", "")}"`;
  const found = db
    .statement<number>(`select rowid from order_search where words match ? limit ${mostFound + 1}`)
    .pluck()
    .all(phrase);
  if (found.length > mostFound) {
    const text = "instr((select words from order_search where rowid = o.search_row), ?) > 0";
    return { text, values: [words], index: null };
  }
  const rows = JSON.stringify([...found, ...hashed(db, search.trim())]);
  return {
    text: "o.search_row in (select value from json_each(?))",
    values: [rows],
    index: "order_by_search_row",
  };
}

/** Hexadecimal with or without colons and spaces, at least half of a SHA-256 or a whole serial number; or a key's pin. */
function hashIn(search: string): string | null {
  const pin = /^(?:sha256\/{1,2})?([A-Za-z0-9+/]{43}=)$/.exec(search)?.[1];
  if (pin !== undefined) return Buffer.from(pin, "base64").toString("hex");
  const hex = search.replace(/[\s:]/g, "").toLowerCase();
  return /^[0-9a-f]{16,64}$/.test(hex) ? hex : null;
}

/** The orders of a certificate by its fingerprint (or how that begins), serial number or key, and of a CSR by its key. */
function hashed(db: Db, search: string): readonly number[] {
  const hash = hashIn(search);
  if (hash === null) return [];
  return db
    .statement<number>(
      `select search_row from orders where csr_spki_sha256 = @hash or order_id in (
        select order_id from certificates where fingerprint_sha256 >= @hash and fingerprint_sha256 < @hash || 'g'
        union select order_id from certificates where serial_number = @serial
        union select order_id from certificates where spki_sha256 = @hash)`,
    )
    .pluck()
    .all({ hash, serial: hash.replace(/^(00)+(?=.)/, "") });
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
