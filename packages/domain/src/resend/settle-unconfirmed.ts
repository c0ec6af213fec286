import { systemActor } from "../actor.ts";
import { Conflict } from "../change.ts";
import { auditDone, type Ctx, type Ports } from "../context.ts";
import { orderSubject } from "../order/order-subject.ts";
import type { CancelSignal } from "../ports/cancel-signal.ts";
import { CaError, type CaMail } from "../ports/certificate-authority.ts";
import type { ResendEvidence } from "./resend-evidence.ts";
import type { ResendRequest } from "./resend-request.ts";

const mostAtOnce = 100;

/**
 * Ends the wait for mails of which nothing was seen for as long as a mail may take. Whatever comes later still counts.
 * Resolves to how many there were.
 */
export async function settleUnconfirmed(ports: Ports): Promise<number> {
  const ctx: Ctx = { ...ports, actor: systemActor };
  const now = ctx.clock.now();
  const before = new Date(now.getTime() - ctx.resendPolicy.unconfirmedAfterS * 1000);
  const silent = await ctx.store.resendsWithoutEvidence(before, mostAtOnce);
  for (const request of silent) {
    const evidence = { ...request.evidence, kind: "unconfirmed", at: now } as const;
    await prove(ctx, request, evidence, "resend.unconfirmed");
  }
  return silent.length;
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
