import type { CaAccount, CaFault, SyncState } from "../account/ca-account.ts";
import { systemActor } from "../actor.ts";
import { auditDone, type Ctx, type Ports } from "../context.ts";
import type { CancelSignal } from "../ports/cancel-signal.ts";
import {
  CaError,
  type CaOrder,
  type CaOrderPage,
  type CertificateAuthority,
} from "../ports/certificate-authority.ts";
import type { NewId } from "../ports/clock.ts";
import { orderIdSchema } from "../values/ids.ts";
import { type EmailKind, emailKinds, type Issuance, type Order, type Recipients } from "./order.ts";

/** How many orders are committed together: small enough to stop soon, large enough to be quick. */
const batchSize = 100;

/**
 * The order as we keep it after the CA spoke. A list call that does not carry recipients or names must not wipe out
 * what the details told us earlier.
 */
export function refreshedOrder(
  account: Pick<CaAccount, "caAccountId">,
  said: CaOrder,
  known: Order | null,
  newId: NewId,
  now: Date,
): Order {
  const { hasDetails, ...facts } = said;
  return {
    ...facts,
    orderId: known?.orderId ?? orderIdSchema.parse(newId()),
    caAccountId: account.caAccountId,
    validationType: said.validationType === "unknown" && known ? known.validationType : said.validationType,
    recipients: mergedRecipients(said.recipients, known?.recipients),
    dnsNames: hasDetails || !known ? said.dnsNames : longer(said.dnsNames, known.dnsNames),
    issuances: hasDetails || !known ? said.issuances : said.issuances.map((one) => knownBetter(one, known)),
    csrSpkiSha256: said.csrSpkiSha256 ?? known?.csrSpkiSha256 ?? null,
    syncedAt: now,
    detailsAt: hasDetails ? now : (known?.detailsAt ?? null),
    goneAt: null,
    imports: known?.imports ?? {},
  };
}

function mergedRecipients(said: Recipients, known: Recipients | undefined): Recipients {
  const pick = (kind: EmailKind) => (said[kind] === "not-loaded" && known ? known[kind] : said[kind]);
  return { [emailKinds[0]]: pick("fulfillment"), [emailKinds[1]]: pick("approver") };
}

/** A list may tell only the end of a validity and guess its beginning. */
function knownBetter(said: Issuance, known: Order): Issuance {
  const earlier = known.issuances.find(({ caCertificateId }) => caCertificateId === said.caCertificateId);
  return earlier && known.detailsAt !== null ? { ...said, validFrom: earlier.validFrom } : said;
}

function longer<T>(ones: readonly T[], others: readonly T[]): readonly T[] {
  return ones.length >= others.length ? ones : others;
}

/**
 * Reads the whole list of one account. Orders are kept as they come, each once; when the list is complete, those it
 * no longer holds are marked. A failure keeps what was read, leaves a fault on the account, and resolves all the same.
 */
export async function syncOrders(ports: Ports, account: CaAccount, signal: CancelSignal): Promise<SyncState> {
  const ctx: Ctx = { ...ports, actor: systemActor };
  const startedAt = ctx.clock.now();
  let sync: SyncState = { ...account.sync, runningSince: startedAt, ordersSeen: 0 };
  await saveSync(ctx, account, sync);
  try {
    const authority = await ctx.openAuthority(account);
    for await (const said of batches(authority, signal)) {
      const orders: Order[] = [];
      for (const one of said) {
        const known = await ctx.store.orderByCaOrderId(account.caAccountId, one.caOrderId);
        orders.push(refreshedOrder(account, one, known, ctx.newId, ctx.clock.now()));
      }
      sync = await saveBatch(ctx, account, sync, orders);
    }
    return await complete(ctx, account, sync, startedAt);
  } catch (error) {
    sync = { ...sync, runningSince: null, fault: faultOf(error, ctx.clock.now()) };
    await saveSync(ctx, account, sync);
    return sync;
  }
}

/** The whole list, page by page, in batches; an order that comes again on a later page is taken once. */
async function* batches(
  authority: CertificateAuthority,
  signal: CancelSignal,
): AsyncIterable<readonly CaOrder[]> {
  const seen = new Set<string>();
  let cursor: string | null = null;
  do {
    const page: CaOrderPage = await authority.listOrders({ cursor, changedSince: null }, signal);
    const fresh = page.orders.filter(({ caOrderId }) => !seen.has(caOrderId));
    for (const { caOrderId } of fresh) seen.add(caOrderId);
    for (let from = 0; from < fresh.length; from += batchSize) yield fresh.slice(from, from + batchSize);
    cursor = page.next;
  } while (cursor !== null);
}

async function saveBatch(ctx: Ctx, account: CaAccount, sync: SyncState, batch: Order[]): Promise<SyncState> {
  const next = { ...sync, ordersSeen: sync.ordersSeen + batch.length };
  const orders = batch.map((order) => ({ write: "order-synced", order }) as const);
  await ctx.store.commit({
    writes: [...orders, { write: "account-sync", caAccountId: account.caAccountId, sync: next }],
    audit: [],
  });
  return next;
}

async function complete(ctx: Ctx, account: CaAccount, sync: SyncState, startedAt: Date): Promise<SyncState> {
  const now = ctx.clock.now();
  const { caAccountId } = account;
  const ended: SyncState = { ...sync, runningSince: null, completedAt: now, fault: null };
  const subject = { kind: "account", id: caAccountId, label: account.label } as const;
  await ctx.store.commit({
    writes: [
      { write: "orders-gone", caAccountId, before: startedAt, goneAt: now },
      { write: "account-sync", caAccountId, sync: ended },
    ],
    audit: [auditDone(ctx, now, { act: "orders.sync", subject, details: { orders: ended.ordersSeen } })],
  });
  return ended;
}

async function saveSync(ctx: Ctx, account: CaAccount, sync: SyncState): Promise<void> {
  const write = { write: "account-sync", caAccountId: account.caAccountId, sync } as const;
  await ctx.store.commit({ writes: [write], audit: [] });
}

/** The fault as the account shows it. Anything that is no CaError is ours, and its text stays with us. */
export function faultOf(error: unknown, at: Date): CaFault {
  if (error instanceof CaError) return { kind: error.kind, caMessage: error.caMessage, at };
  throw error;
}
