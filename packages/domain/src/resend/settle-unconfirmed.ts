import { systemActor } from "../actor.ts";
import { Conflict } from "../change.ts";
import { auditDone, type Ctx, type Ports } from "../context.ts";
import type { Mailbox } from "../mailbox/mailbox.ts";
import { orderSubject } from "../order/order-subject.ts";
import type { CancelSignal } from "../ports/cancel-signal.ts";
import { CaError, type CaMail } from "../ports/certificate-authority.ts";
import type { SilentWindow } from "../ports/store.ts";
import type { ResendEvidence } from "./resend-evidence.ts";
import type { ResendPolicy } from "./resend-policy.ts";
import type { ResendRequest } from "./resend-request.ts";

const mostAtOnce = 100;

/** A server that is followed answers at least this often, give or take. */
const seenWithinMs = 4 * 60 * 1000;
const dayMs = 24 * 60 * 60 * 1000;

/**
 * Ends the wait for mails of which nothing was seen for as long as a mail may take, in a mailbox that was followed all
 * that time. Where none was, nobody can say that a mail did not come, and nothing is said. Whatever comes later still
 * counts. Resolves to how many there were.
 */
export async function settleUnconfirmed(ports: Ports): Promise<number> {
  const ctx: Ctx = { ...ports, actor: systemActor };
  const now = ctx.clock.now();
  const silent = new Map<string, ResendRequest>();
  for (const mailbox of await ctx.store.listMailboxes()) {
    const window = watchedWindow(mailbox, ctx.resendPolicy, now);
    const found = window ? await ctx.store.resendsWithoutEvidence(window, mostAtOnce) : [];
    for (const request of found) silent.set(request.requestId, request);
  }
  for (const request of silent.values()) {
    const evidence = { ...request.evidence, kind: "unconfirmed", at: now } as const;
    await prove(ctx, request, evidence, "resend.unconfirmed");
  }
  return silent.size;
}

/** Of requests asked for and settled in between, this mailbox would have seen the mail by now; null: of none. */
function watchedWindow(
  { state, connectedAt, lookBackDays, watch: { seenAt } }: Mailbox,
  { unconfirmedAfterS }: ResendPolicy,
  now: Date,
): SilentWindow | null {
  if (state !== "connected" || seenAt === null) return null;
  const seenUpTo = Math.min(now.getTime(), seenAt.getTime() + seenWithinMs);
  return {
    requestedSince: new Date(connectedAt.getTime() - lookBackDays * dayMs),
    settledBefore: new Date(seenUpTo - unconfirmedAfterS * 1000),
  };
}

/** Clocks of CAs go apart from ours. */
const skewMs = 2 * 60 * 1000;

/**
 * Asks a CA that remembers its mails whether it has sent the one that it accepted. A CA that does not answer, or does
 * not list it, changes nothing.
 */
export async function readMailHistory(
  ports: Ports,
  request: ResendRequest,
  signal: CancelSignal,
): Promise<void> {
  const ctx: Ctx = { ...ports, actor: systemActor };
  const order = await ctx.store.order(request.orderId);
  const account = order && (await ctx.store.account(order.caAccountId));
  if (!order || !account?.capabilities.includes("mail-history") || account.state !== "connected") return;
  const authority = await ctx.openAuthority(account, "person");
  const mails = await authority.mailHistory?.(order.caOrderId, signal).catch((error: unknown) => {
    if (error instanceof CaError) return [];
    throw error;
  });
  const caSentAt = sentFor(request, mails ?? []);
  if (caSentAt === null) return;
  const fresh = await ctx.store.resendRequest(request.requestId);
  if (fresh) await prove(ctx, fresh, { ...fresh.evidence, caSentAt }, null);
}

/** When the first mail of its kind left that the CA can have sent for this request. */
export function sentFor(request: ResendRequest, mails: readonly CaMail[]): Date | null {
  const asked = (request.claimedAt ?? request.requestedAt).getTime() - skewMs;
  const times = mails
    .filter(({ kind, sentAt }) => kind === request.kind && sentAt !== null && sentAt.getTime() >= asked)
    .flatMap(({ sentAt }) => sentAt ?? []);
  return times.length === 0 ? null : new Date(Math.min(...times.map((at) => at.getTime())));
}

async function prove(
  ctx: Ctx,
  { requestId, orderId, evidence: { kind: from } }: ResendRequest,
  evidence: ResendEvidence,
  act: "resend.unconfirmed" | null,
): Promise<void> {
  const order = await ctx.store.order(orderId);
  if (!order) return;
  const details = { requestId };
  const audit = act ? [auditDone(ctx, ctx.clock.now(), { act, subject: orderSubject(order), details })] : [];
  try {
    await ctx.store.commit({ writes: [{ write: "resend-evidence", requestId, evidence, from }], audit });
  } catch (error) {
    // The mail has come in this very moment.
    if (!(error instanceof Conflict)) throw error;
  }
}
