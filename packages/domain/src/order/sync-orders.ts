import type { CaAccount, CaFault, ListPass, SyncState } from "../account/ca-account.ts";
import { systemActor } from "../actor.ts";
import { auditDone, type Ctx, type Ports } from "../context.ts";
import type { CancelSignal } from "../ports/cancel-signal.ts";
import { CaError, type CaErrorKind, type CaOrder, type CaOrderPage } from "../ports/certificate-authority.ts";
import type { Order } from "./order.ts";
import { refreshedOrder } from "./refreshed-order.ts";

/** How many orders are committed together: few enough for others to be answered in between, enough to be quick. */
const batchSize = 25;
const minuteMs = 60 * 1000;
const dayMs = 24 * 60 * minuteMs;
/** What a CA tells of changes misses what is gone; so the whole list is read once a day all the same. */
const wholeListEveryMs = dayMs;
/** Clocks differ, and a CA may show a change a little late. */
const overlapMs = 15 * minuteMs;
/** A pass left so long ago says little about the list of today. */
const passEndsMs = dayMs;

/**
 * Reads one account's list, page by page, and commits each page together with the place where the next one begins: a
 * pass that was cut off, by a person, a fault or a crash, goes on there, or at the top where the CA refuses that place.
 * Each order is kept once; when a pass through the whole list has ended, those it did not hold are marked. Between whole
 * passes only changes are read, where the CA can tell them. A failure keeps what was read; one of the CA leaves a fault
 * on the account, and resolves all the same.
 */
export async function syncOrders(ports: Ports, account: CaAccount, signal: CancelSignal): Promise<SyncState> {
  const ctx: Ctx = { ...ports, actor: systemActor };
  const now = ctx.clock.now();
  const pass = passToRead(account, now);
  const ordersSeen = pass === account.sync.pass ? account.sync.ordersSeen : 0;
  let sync: SyncState = { ...account.sync, runningSince: now, pass, ordersSeen };
  await saveSync(ctx, account, sync);
  try {
    const authority = await ctx.openAuthority(account, "list");
    for (let next: ListPass | null = pass; next !== null; next = sync.pass) {
      const page = await authority.listOrders(
        { cursor: next.cursor, changedSince: next.changedSince },
        signal,
      );
      sync = await savePage(ctx, account, { ...sync, pass: next }, page);
    }
    return await complete(ctx, account, sync, pass);
  } catch (error) {
    const isOurs = !signal.aborted && !(error instanceof CaError);
    const fault = signal.aborted ? null : (faultOf(error, ctx.clock.now()) ?? sync.fault);
    sync = { ...sync, runningSince: null, fault, pass: passAfter(sync.pass, error) };
    await saveSync(ctx, account, sync);
    if (isOurs) throw error;
    return sync;
  }
}

/** What a CA says to a place in its list that it does not know any more. */
const refusals: ReadonlySet<CaErrorKind> = new Set(["invalid-input", "not-found", "state-conflict"]);

/** Where a pass goes on: at its place, or at the top where the CA has refused that. */
function passAfter(pass: ListPass | null, error: unknown): ListPass | null {
  const isRefused = error instanceof CaError && refusals.has(error.kind);
  return pass && isRefused ? { ...pass, cursor: null } : pass;
}

/** The pass that was cut off, or a new one: through the whole list, or only through what has changed. */
function passToRead({ sync, capabilities }: CaAccount, now: Date): ListPass {
  const isWithin = (at: Date | null | undefined, ms: number) =>
    at != null && at <= now && now.getTime() - at.getTime() < ms;
  if (sync.pass && isWithin(sync.pass.startedAt, passEndsMs)) return sync.pass;
  const canTellChanges =
    capabilities.includes("incremental-list") && isWithin(sync.wholeListAt, wholeListEveryMs);
  const changedSince =
    canTellChanges && sync.listedUpTo ? new Date(sync.listedUpTo.getTime() - overlapMs) : null;
  return { startedAt: now, cursor: null, changedSince };
}

/** All orders of a page; with the last of them the place of the next page, or null when the list has ended. */
async function savePage(
  ctx: Ctx,
  account: CaAccount,
  before: SyncState & { readonly pass: ListPass },
  page: CaOrderPage,
): Promise<SyncState> {
  const ended = page.next === null ? null : { ...before.pass, cursor: page.next };
  let sync: SyncState = { ...before, ordersInAll: page.total };
  for (let from = 0; from === 0 || from < page.orders.length; from += batchSize) {
    const batch = page.orders.slice(from, from + batchSize);
    const isLast = from + batchSize >= page.orders.length;
    const { orders, fresh } = await refreshed(ctx, account, batch, before.pass);
    sync = { ...sync, ordersSeen: sync.ordersSeen + fresh, pass: isLast ? ended : before.pass };
    const writes = orders.map((order) => ({ write: "order-synced", order }) as const);
    const place = { write: "account-sync", caAccountId: account.caAccountId, sync } as const;
    await ctx.store.commit({ writes: [...writes, place], audit: [] });
  }
  return sync;
}

/** The orders as we keep them, and how many of them this pass had not met: one that moved while it was read comes twice. */
async function refreshed(
  ctx: Ctx,
  account: CaAccount,
  batch: readonly CaOrder[],
  pass: ListPass,
): Promise<{ readonly orders: readonly Order[]; readonly fresh: number }> {
  const numbers = batch.map(({ caOrderId }) => caOrderId);
  const stored = await ctx.store.ordersByCaOrderIds(account.caAccountId, numbers);
  const knownBy = new Map(stored.map((order) => [order.caOrderId, order]));
  const orders = new Map<string, Order>();
  let fresh = 0;
  // A clock that is set back meanwhile must not make what was met look like what was not.
  const metAt = new Date(Math.max(ctx.clock.now().getTime(), pass.startedAt.getTime()));
  for (const said of batch) {
    const known = knownBy.get(said.caOrderId) ?? null;
    const isMet = orders.has(said.caOrderId) || (known !== null && known.syncedAt >= pass.startedAt);
    if (!isMet) fresh += 1;
    orders.set(said.caOrderId, refreshedOrder(account, said, known, ctx.newId, metAt));
  }
  return { orders: [...orders.values()], fresh };
}

async function complete(ctx: Ctx, account: CaAccount, sync: SyncState, pass: ListPass): Promise<SyncState> {
  const now = ctx.clock.now();
  const { caAccountId } = account;
  const isWhole = pass.changedSince === null;
  if (isWhole) {
    const gone = { write: "orders-gone", caAccountId, before: pass.startedAt, goneAt: now } as const;
    await ctx.store.commit({ writes: [gone], audit: [] });
  }
  const ended: SyncState = {
    ...sync,
    runningSince: null,
    completedAt: now,
    listedUpTo: pass.startedAt,
    wholeListAt: isWhole ? now : sync.wholeListAt,
    pass: null,
    ordersInAll: await ctx.store.countOrdersOf(caAccountId),
    fault: null,
  };
  const subject = { kind: "account", id: caAccountId, label: account.label } as const;
  await ctx.store.commit({
    writes: [{ write: "account-sync", caAccountId, sync: ended }],
    audit: [auditDone(ctx, now, { act: "orders.sync", subject, details: { orders: ended.ordersSeen } })],
  });
  return ended;
}

async function saveSync(ctx: Ctx, account: CaAccount, sync: SyncState): Promise<void> {
  const write = { write: "account-sync", caAccountId: account.caAccountId, sync } as const;
  await ctx.store.commit({ writes: [write], audit: [] });
}

/** The fault as the account shows it; null: none. Anything that is no CaError is ours, and its text stays with us. */
function faultOf(error: unknown, at: Date): CaFault | null {
  return error instanceof CaError ? { kind: error.kind, caMessage: error.caMessage, at } : null;
}
