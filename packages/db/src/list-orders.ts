import { attentions, type OrderListQuery, type OrderPage, refuse } from "@sealpost/domain";
import { z } from "zod";
import { settleAttention } from "./commit.ts";
import type { Db } from "./open-database.ts";
import { type OrderValues, selectOrders } from "./order-rows.ts";
import { inScope, toOrderRows } from "./orders-store.ts";

const cursorSchema = z.tuple([z.int(), z.int(), z.string()]);
type Cursor = z.infer<typeof cursorSchema>;

/** A condition on `o`, the table of orders. */
interface Filter {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** How orders are reached. A page is what comes first of all its ways together; no order lies on two of them. */
interface Way extends Filter {
  readonly index: string;
  /** `list`: the index has the list's order; `groups`: within each group; `none`: what is found is sorted. */
  readonly order: "list" | "groups" | "none";
}

/** Where a walk through one group of the list begins, after this place; with `group` null through all of them. */
interface Start {
  readonly group: number | null;
  readonly end: number;
  readonly orderId: string;
}

/** A page as the console shows it, and the largest there is; each with the one row that says there are more. */
const usualPage = 51;
const largestPage = 201;
/** The ranks of what orders need, in the list's order. */
const groups = attentions.map((_, rank) => rank);
/** Beyond so many hidden ones nobody needs the number. */
const mostHidden = 1000;
/** Finds up to so many are looked up and sorted; more stand so close in the list that walking it is quicker. */
const mostFound = 5000;

/** A page by keyset: as quick at the millionth order as at the first, and steady while rows come and go. */
export function listOrders(db: Db, query: OrderListQuery): OrderPage {
  settleAttention(db, query.now);
  const filters = filtersOf(query);
  const ways = waysOf(db, query);
  const records: OrderValues[] = [];
  for (const start of startsOf(query)) {
    const missing = query.limit + 1 - records.length;
    if (missing > 0) records.push(...walkAll(db, start, ways, filters, missing));
  }
  const page = records.slice(0, query.limit);
  const last = page.at(-1);
  const hasMore = records.length > query.limit && last !== undefined;
  return {
    rows: toOrderRows(db, page),
    nextCursor: hasMore ? writeCursor([last.attention, last.sortEnd, last.orderId]) : null,
    hiddenCount: query.cursor === null ? countHidden(db, query, ways, filters) : 0,
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
  return groups
    .filter((rank) => rank >= group && (ranks.length === 0 || ranks.includes(rank)))
    .map((rank) => ({ group: rank, ...from(rank === group ? { end, orderId } : { end: -1, orderId: "" }) }));
}

function ranksOf({ attentions: wanted }: OrderListQuery): readonly number[] {
  return wanted.map((attention) => attentions.indexOf(attention));
}

/** The first of what lies on all ways. */
function walkAll(
  db: Db,
  start: Start,
  ways: readonly Way[],
  filters: readonly Filter[],
  limit: number,
): OrderValues[] {
  const found = ways.flatMap((way) =>
    groupsOn(way, start.group).map((group) => walk(db, { ...start, group }, way, filters, limit)),
  );
  const [only = [], ...others] = found;
  if (others.length === 0) return only;
  return found
    .flat()
    .sort((a, b) => a.sortEnd - b.sortEnd || (a.orderId < b.orderId ? -1 : 1))
    .slice(0, limit);
}

function groupsOn(way: Way, group: number | null): readonly (number | null)[] {
  return way.order === "groups" && group === null ? groups : [group];
}

function walk(db: Db, start: Start, way: Way, filters: readonly Filter[], limit: number): OrderValues[] {
  const { group, end, orderId } = start;
  const place: Filter = { text: "(o.sort_end, o.order_id) > (?, ?)", values: [end, orderId] };
  // The limit as a literal, as the group: SQLite takes half as long again when it is bound. Two only: each is a text of its own.
  const most = limit <= usualPage ? usualPage : largestPage;
  const where = [way, ...inGroup(group), place, ...filters];
  const index = way.order === "list" && group !== null ? "order_by_attention" : way.index;
  return db
    .statement<OrderValues>(
      `${selectOrders} indexed by ${index} where ${textOf(where)} order by o.sort_end, o.order_id limit ${most}`,
    )
    .all(...valuesOf(where))
    .slice(0, limit);
}

function inGroup(group: number | null): readonly Filter[] {
  return group === null ? [] : [{ text: `o.attention = ${group}`, values: [] }];
}

/** At most one more than `mostHidden`. */
function countHidden(
  db: Db,
  query: OrderListQuery,
  ways: readonly Way[],
  filters: readonly Filter[],
): number {
  if (query.hideExpiredBefore === null) return 0;
  const hidden: Filter = { text: "o.sort_end < ?", values: [query.hideExpiredBefore.getTime()] };
  let count = 0;
  for (const way of ways)
    for (const group of groupsOn(way, null)) {
      const where = [way, ...inGroup(group), hidden, ...filters];
      const some = `select 1 from orders o indexed by ${way.index} where ${textOf(where)} limit ${mostHidden + 1}`;
      count +=
        db
          .statement<number>(`select count(*) from (${some})`)
          .pluck()
          .get(...valuesOf(where)) ?? 0;
    }
  return Math.min(count, mostHidden + 1);
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

/** By what fewest orders are looked at. What a way does not say, the filters do. */
function waysOf(db: Db, query: OrderListQuery): readonly Way[] {
  const { scope = "all", statuses, orderIds, caAccountIds, adapters } = query;
  const search = searchOf(db, query.search);
  const on = (index: string, column: string, values: Iterable<string>): Way[] =>
    [...new Set(values)].map((value) => ({
      text: `o.${column} = ? and ${search.text}`,
      values: [value, ...search.values],
      index,
      order: "groups",
    }));
  if ("index" in search) return [search];
  if (orderIds.length > 0) return [{ ...search, index: "sqlite_autoindex_orders_1", order: "none" }];
  if (statuses.length > 0) return on("order_by_status", "status", statuses);
  if (caAccountIds.length > 0) return on("order_by_account", "ca_account_id", caAccountIds);
  if (adapters.length > 0) return on("order_by_account", "ca_account_id", accountsAt(db, adapters));
  if (scope !== "all") return on("order_by_account", "ca_account_id", scope);
  return [{ ...search, index: "order_by_expiry", order: "list" }];
}

function accountsAt(db: Db, adapters: readonly string[]): readonly string[] {
  return db
    .statement<string>(
      "select ca_account_id from ca_accounts where adapter in (select value from json_each(?))",
    )
    .pluck()
    .all(JSON.stringify(adapters));
}

/** Trigrams find any part of three characters or more; shorter words are looked for at the start of the name. */
function searchOf(db: Db, search: string): Filter | Way {
  const words = search.trim().toLowerCase();
  if (words === "") return { text: "true", values: [] };
  const isShort = [...words].length < 3;
  const found = isShort ? beginningWith(db, words) : holding(db, words);
  if (found.length > mostFound) return isShort ? begins(words) : holds(words);
  const rows = JSON.stringify([...found, ...hashed(db, search.trim())]);
  return {
    text: "o.search_row in (select value from json_each(?))",
    values: [rows],
    index: "order_by_search_row",
    order: "none",
  };
}

/** Above every text that begins with these words, as SQLite compares bytes. */
const above = (words: string) => `${words}\u{10ffff}`;

/** Rows of orders whose name or number begins so, at most one more than `mostFound` of each. */
function beginningWith(db: Db, words: string): readonly number[] {
  const rows = ["lower(common_name)", "ca_order_id"].flatMap((column) =>
    db
      .statement<number>(
        `select search_row from orders where ${column} >= ? and ${column} < ? limit ${mostFound + 1}`,
      )
      .pluck()
      .all(words, above(words)),
  );
  return [...new Set(rows)];
}

function begins(words: string): Filter {
  const start = [words, above(words)];
  const text =
    "(lower(o.common_name) >= ? and lower(o.common_name) < ? or o.ca_order_id >= ? and o.ca_order_id < ?)";
  return { text, values: [...start, ...start] };
}

/** Rows of orders that hold these words anywhere, at most one more than `mostFound`. */
function holding(db: Db, words: string): readonly number[] {
  const phrase = `"${words.replaceAll('"', '""').replaceAll("\0", "")}"`;
  return db
    .statement<number>(`select rowid from order_search where words match ? limit ${mostFound + 1}`)
    .pluck()
    .all(phrase);
}

function holds(words: string): Filter {
  return {
    text: "instr((select words from order_search where rowid = o.search_row), ?) > 0",
    values: [words],
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
