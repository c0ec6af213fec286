import {
  CaError,
  type CaErrorKind,
  type CaListRequest,
  type CancelSignal,
  type CaOrder,
  type CaOrderId,
  type CaOrderPage,
  caOrderIdSchema,
} from "@sealpost/domain";
import { type DigicertClient, readDigicert } from "./client.ts";
import { mapRow } from "./map.ts";
import { type AllCursor, offsetOf, readCursor, stepOn, top, writeCursor } from "./paging.ts";
import { wireChanges, wireList } from "./wire.ts";

/** The largest page the service gives. */
const pageSize = 1000;
/** A listing goes on in the background: it may wait out both windows. */
const longestWaitMs = 4 * 60_000;

const dayMs = 24 * 60 * 60 * 1000;
/** The service looks back a week. */
const longestLookBackMs = 7 * dayMs;
/** Each changed order costs a call of its own; beyond this the whole list is cheaper. */
const mostChanges = 200;
/** Changed orders read for one page. */
const changesPerPage = 20;

type ReadOrder = (id: CaOrderId) => Promise<CaOrder>;

/** One page of "List orders", or of the orders whose status changed lately. */
export async function listOrders(
  client: DigicertClient,
  readOrder: ReadOrder,
  { cursor, changedSince }: CaListRequest,
  signal: CancelSignal,
): Promise<CaOrderPage> {
  const place = cursor === null ? top : readCursor(cursor);
  const isFresh = cursor === null && changedSince !== null;
  const told = isFresh ? await changedIds(client, changedSince, signal).catch(notThisWay) : null;
  const ids = place.kind === "changed" ? place.ids : told;
  const changed = ids && (await changedPage(readOrder, ids).catch(notThisWay));
  return changed ?? (await wholePage(client, place.kind === "changed" ? top : place, signal));
}

async function wholePage(
  client: DigicertClient,
  place: AllCursor,
  signal: CancelSignal,
): Promise<CaOrderPage> {
  const from = offsetOf(place);
  // By number, which grows: a sort by name or date would move orders between the pages.
  const query = { sort: "order_id", limit: String(pageSize), offset: String(from) };
  const call = { path: "order/certificate", query, signal, longestWaitMs };
  const { orders, page } = await readDigicert(client, call, wireList);
  const rows = orders ?? [];
  const total = page?.total ?? null;
  const ids = rows.map(({ id }) => id);
  const { freshIds, next } = stepOn(place, ids, total);
  const fresh = rows.filter(({ id }) => freshIds.has(id)).map(mapRow);
  return { orders: fresh, next: next && writeCursor(next), total };
}

/** What says that this service, or one of the orders, does not do it this way. */
const unsupported: readonly CaErrorKind[] = [
  "not-found",
  "invalid-input",
  "state-conflict",
  "forbidden",
  "unexpected-response",
];

/** Then the whole list is read, which leaves nothing out. */
function notThisWay(error: unknown): null {
  if (error instanceof CaError && unsupported.includes(error.kind)) return null;
  throw error;
}

/**
 * Orders whose status changed on or after this day; null where the whole list must do. The path is known from clients
 * of the service, not from its documentation.
 */
async function changedIds(
  client: DigicertClient,
  since: Date,
  signal: CancelSignal,
): Promise<readonly number[] | null> {
  const now = new Date();
  if (now.getTime() - since.getTime() > longestLookBackMs) return null;
  const [from, to] = [since, new Date(now.getTime() + dayMs)].map((at) => at.toISOString().slice(0, 10));
  const query = { "filters[status_last_updated]": `${from}...${to}` };
  const call = { path: "order/certificate/status-changes", query, signal, longestWaitMs };
  const { orders } = await readDigicert(client, call, wireChanges);
  const ids = [...new Set((orders ?? []).map(({ order_id }) => order_id))];
  return ids.length > mostChanges ? null : ids;
}

async function changedPage(readOrder: ReadOrder, ids: readonly number[]): Promise<CaOrderPage> {
  const orders: CaOrder[] = [];
  for (const id of ids.slice(0, changesPerPage)) {
    const order = await readOrder(caOrderIdSchema.parse(String(id))).catch(goneSince);
    if (order) orders.push(order);
  }
  const rest = ids.slice(changesPerPage);
  const next = rest.length === 0 ? null : writeCursor({ kind: "changed", ids: rest });
  return { orders, next, total: null };
}

function goneSince(error: unknown): null {
  if (error instanceof CaError && error.kind === "not-found") return null;
  throw error;
}
