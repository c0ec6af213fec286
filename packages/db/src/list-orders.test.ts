import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { caAccountIdSchema, type OrderListQuery, orderSorts } from "@sealpost/domain";
import { afterEach, beforeEach, expect, it } from "vitest";
import { settleAttention } from "./commit.ts";
import { listOrders } from "./list-orders.ts";
import { type Db, openDatabase } from "./open-database.ts";
import { countOrders } from "./orders-store.ts";
import { silentResends } from "./store.ts";

let directory: string;
let db: Db;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "sealpost-list-"));
  db = openDatabase(join(directory, "sealpost.db"));
});

afterEach(() => {
  db.raw.close();
  rmSync(directory, { recursive: true });
});

const now = new Date("2026-11-23T12:00:00Z");
const firstPage: OrderListQuery = {
  sort: "needs-action-first",
  search: "",
  statuses: [],
  orderIds: [],
  attentions: [],
  caAccountIds: [],
  adapters: [],
  validationTypes: [],
  expiresBefore: null,
  hideExpiredBefore: new Date("2026-08-23T12:00:00Z"),
  cursor: null,
  limit: 50,
  now,
};
const cursor = Buffer.from(JSON.stringify([0, now.getTime(), "a"])).toString("base64url");

/** How SQLite would go about everything that this asks it. */
function plansOf(asks: (recording: Db) => void): string[] {
  const texts: string[] = [];
  const statement: Db["statement"] = (text) => {
    texts.push(text);
    return db.statement(text);
  };
  asks(Object.assign(Object.create(db), { statement }));
  return texts.flatMap((text) =>
    db.raw
      .prepare<unknown[], { readonly detail: string }>(`explain query plan ${text}`)
      .all(...Array.from({ length: text.split("?").length - 1 }, () => null))
      .map(({ detail }) => detail),
  );
}

it.each([
  ["the first page", firstPage],
  ["a later page", { ...firstPage, cursor }],
  ["the page of what expires first", { ...firstPage, sort: "expires-oldest-first" }],
  [
    "a page under every filter",
    { ...firstPage, statuses: ["issued"], caAccountIds: [], adapters: ["digicert"] },
  ],
] satisfies [string, OrderListQuery][])(
  "reads %s in the order of an index, and never all orders",
  (_, query) => {
    const plans = plansOf((recording) => void listOrders(recording, query));
    expect(plans.join("\n")).toMatch(/SEARCH o USING INDEX order_by_(attention|expiry|status) /);
    for (const plan of plans) expect(plan).not.toMatch(/^SCAN (o|orders)\b|TEMP B-TREE FOR ORDER BY/);
  },
);

const two = [caAccountIdSchema.parse("a"), caAccountIdSchema.parse("b")];

it.each([
  ["status", { statuses: ["draft", "unknown"] }, "status", "status"],
  ["account", { caAccountIds: two }, "account", "ca_account_id"],
  ["a person's accounts", { scope: new Set(two) }, "account", "ca_account_id"],
] satisfies [string, Partial<OrderListQuery>, string, string][])(
  "looks only at what a filter by %s lets through, in both sorts",
  (_, filter, index, column) => {
    for (const sort of orderSorts) {
      const plans = plansOf((recording) => void listOrders(recording, { ...firstPage, ...filter, sort }));
      const pages = plans.filter((plan) => /\bo USING\b.*order_by/.test(plan));
      expect(pages).toContainEqual(
        expect.stringContaining(
          `order_by_${index} (${column}=? AND attention=? AND (sort_end,order_id)>(?,?))`,
        ),
      );
      for (const plan of pages) expect(plan).toContain(`order_by_${index} (${column}=? AND attention=?`);
    }
  },
);

it("reaches what a search has found by its row, and sorts only that", () => {
  const plans = plansOf((recording) => void listOrders(recording, { ...firstPage, search: "host-7" }));
  expect(plans).toContainEqual(expect.stringContaining("SEARCH o USING INDEX order_by_search_row"));
  for (const plan of plans) expect(plan).not.toMatch(/^SCAN (o|orders)\b/);
});

it("looks a word of one or two letters up by how names and numbers begin", () => {
  const plans = plansOf((recording) => void listOrders(recording, { ...firstPage, search: "zq" }));
  expect(plans).toContainEqual(
    expect.stringMatching(/USING INDEX order_by_beginning \(<expr>>\? AND <expr><\?\)/),
  );
  expect(plans).toContainEqual(expect.stringContaining("order_by_number (ca_order_id>? AND ca_order_id<?)"));
  expect(plans).toContainEqual(expect.stringContaining("SEARCH o USING INDEX order_by_search_row"));
  for (const plan of plans) expect(plan).not.toMatch(/order_by_expiry|order_by_attention|^SCAN (o|orders)\b/);
});

it("looks for mails that nothing has shown only among those, however many have come", () => {
  const window = { requestedSince: now, settledBefore: now };
  const plans = plansOf((recording) => void silentResends(recording, window, 10));
  expect(plans).toEqual([expect.stringContaining("USING INDEX resend_silent (settled_at<?)")]);
});

it("looks for orders that have ended only among those whose end has come, and counts without looking at one", () => {
  const plans = plansOf((recording) => {
    settleAttention(recording, now);
    countOrders(recording);
  });
  expect(plans).toContainEqual(
    expect.stringContaining("SEARCH orders USING INDEX order_due (latest_valid_to<?)"),
  );
  for (const plan of plans) expect(plan).not.toMatch(/^SCAN orders\b/);
});
