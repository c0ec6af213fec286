import type { CaAccount } from "../account/ca-account.ts";
import { systemActor } from "../actor.ts";
import { Conflict } from "../change.ts";
import { auditDone, type Ctx, type Ports } from "../context.ts";
import { latestIssuance, type Order } from "../order/order.ts";
import { orderSubject } from "../order/order-subject.ts";
import { refreshedOrder } from "../order/refreshed-order.ts";
import type { CancelSignal } from "../ports/cancel-signal.ts";
import { CaError, type CertificateAuthority } from "../ports/certificate-authority.ts";
import type { ResendRequestId } from "../values/ids.ts";
import { recipientsStand, stateRefusal } from "./resend-policy.ts";
import type { ResendRequest } from "./resend-request.ts";
import {
  type CallStage,
  claimed,
  judgeFailure,
  requeued,
  type Settlement,
  settled,
} from "./settle-resend.ts";

type Job = { readonly request: ResendRequest; readonly order: Order; readonly account: CaAccount };

/**
 * Carries one request to its CA: claims it, reads the order afresh, compares it with what the person confirmed, asks
 * for the mail, and commits the outcome. The claim is on disk before anything leaves, so that a crash in between is
 * found as `outcome-unknown` and never becomes a second mail. Resolves to the request as it then stands, or null when
 * somebody else had claimed it.
 */
export async function forwardResend(
  ports: Ports,
  request: ResendRequest,
  signal: CancelSignal,
): Promise<ResendRequest | null> {
  const ctx: Ctx = { ...ports, actor: systemActor };
  const order = await ctx.store.order(request.orderId);
  const account = order && (await ctx.store.account(order.caAccountId));
  if (!order || !account) throw new Error("a resend request outlived its order");
  const job = { request, order, account };
  const early = beforeClaim(ctx, job);
  if (early) return await move(ctx, job, request, settled(request, early, ctx.clock.now()));
  const claim = claimed(request, ctx.clock.now());
  if (!(await move(ctx, job, request, claim))) return null;
  const next = await attempt(ctx, { ...job, request: claim }, signal);
  return await move(ctx, job, claim, next);
}

/** What ends a request before it is claimed. */
function beforeClaim(ctx: Ctx, { request, account }: Job): Settlement | null {
  const waitedS = (ctx.clock.now().getTime() - request.requestedAt.getTime()) / 1000;
  if (waitedS > ctx.resendPolicy.longestQueueS) {
    return { status: "not-sent", reason: "queued-too-long", caMessage: request.caMessage };
  }
  return account.state === "connected" ? null : { status: "not-sent", reason: "account-paused" };
}

async function attempt(ctx: Ctx, job: Job, signal: CancelSignal): Promise<ResendRequest> {
  const startedAt = ctx.clock.now();
  let stage: CallStage = "reading";
  try {
    const authority = await ctx.openAuthority(job.account, "person");
    const { fresh, changed } = await readAfresh(ctx, job, authority, signal);
    if (changed) return settled(job.request, changed, ctx.clock.now());
    stage = "asking";
    const { kind, confirmedRecipients, format, message } = job.request;
    const resend = {
      caOrderId: fresh.caOrderId,
      caCertificateId: latestIssuance(fresh)?.caCertificateId ?? null,
      mailId: null,
      kind,
      recipients: confirmedRecipients,
      ...(format === null ? {} : { format }),
      ...(message === null ? {} : { message }),
    };
    const receipt = await authority.resendEmail(resend, signal);
    const answeredInMs = Math.max(0, ctx.clock.now().getTime() - startedAt.getTime());
    const accepted = {
      status: "accepted",
      reason: null,
      caMessage: receipt.caMessage,
      answeredInMs,
    } as const;
    return settled(job.request, accepted, ctx.clock.now());
  } catch (error) {
    return afterFailure(ctx, job.request, error, stage);
  }
}

/** Reads the order from the CA, keeps what it says, and tells whether it still is what the person confirmed. */
async function readAfresh(
  ctx: Ctx,
  { request, order, account }: Job,
  authority: CertificateAuthority,
  signal: CancelSignal,
): Promise<{ readonly fresh: Order; readonly changed: Settlement | null }> {
  const said = await authority.getOrder(order.caOrderId, signal);
  // Not before the CA has answered: a pass through its list may have begun meanwhile, and takes older ones for gone.
  const now = ctx.clock.now();
  const fresh = refreshedOrder(account, said, order, ctx.newId, now);
  await ctx.store.commit({ writes: [{ write: "order-synced", order: fresh }], audit: [] });
  return { fresh, changed: changeSince(request, fresh, account, now) };
}

function changeSince(
  request: ResendRequest,
  fresh: Order,
  { capabilities }: CaAccount,
  now: Date,
): Settlement | null {
  const refusal = stateRefusal({ kind: request.kind, status: fresh.status }, now);
  if (refusal) {
    const reason = request.kind === "fulfillment" ? "order-not-issued" : "order-not-awaiting-approval";
    return { status: "refused", reason, caMessage: fresh.vendorStatus };
  }
  const recipients = fresh.recipients[request.kind];
  if (recipientsStand(request, recipients, capabilities)) return null;
  const addresses = recipients === "not-loaded" ? [] : recipients.map((recipient) => recipient.address);
  return { status: "refused", reason: "recipient-changed", caMessage: addresses.join(", ") };
}

function afterFailure(ctx: Ctx, request: ResendRequest, error: unknown, stage: CallStage): ResendRequest {
  const now = ctx.clock.now();
  const verdict = judgeFailure(error, stage);
  if (verdict !== "requeue") return settled(request, verdict, now);
  const caError = error instanceof CaError ? error : null;
  // Who waits longer than the queue allows has ended by then.
  const retryAfterS = caError?.retryAfterS
    ? Math.min(caError.retryAfterS, ctx.resendPolicy.longestQueueS)
    : null;
  return requeued(request, retryAfterS, caError?.caMessage ?? null, now);
}

/** Commits one step with its trace. Null: the row was no longer where we thought. */
async function move(
  ctx: Ctx,
  job: Job,
  from: ResendRequest,
  to: ResendRequest,
): Promise<ResendRequest | null> {
  const act = to.status === "forwarding" ? ("resend.forward" as const) : ("resend.settle" as const);
  const details = {
    requestId: to.requestId,
    kind: to.kind,
    status: to.status,
    ...(to.reason === null ? {} : { reason: to.reason }),
  };
  const audit = [auditDone(ctx, ctx.clock.now(), { act, subject: orderSubject(job.order), details })];
  try {
    await ctx.store.commit({ writes: [{ write: "resend-moved", request: to, from: from.status }], audit });
    return to;
  } catch (error) {
    if (error instanceof Conflict) return null;
    throw error;
  }
}

/**
 * Ends as `outcome-unknown` what is being forwarded by nobody: the process died, or the outcome could not be written
 * (a full disk). No clock is asked: it may have been set since. Never runs anything again. Resolves to how many there
 * were.
 */
export async function settleInterrupted(
  ports: Ports,
  isCarried: (requestId: ResendRequestId) => boolean,
): Promise<number> {
  const ctx: Ctx = { ...ports, actor: systemActor };
  const forwarding = await ctx.store.resendsForwarding();
  const interrupted = forwarding.filter(({ requestId }) => !isCarried(requestId));
  for (const request of interrupted) {
    const order = await ctx.store.order(request.orderId);
    const account = order && (await ctx.store.account(order.caAccountId));
    if (!order || !account) continue;
    const to = settled(request, { status: "outcome-unknown", reason: "interrupted" }, ctx.clock.now());
    await move(ctx, { request, order, account }, request, to);
  }
  return interrupted.length;
}

/**
 * Ends what a restored backup had queued: it may have been carried in the life that the backup knows nothing of.
 * Resolves to how many there were.
 */
export async function settleRestored(ports: Ports): Promise<number> {
  const ctx: Ctx = { ...ports, actor: systemActor };
  const endOfTime = new Date(8.64e15);
  const subject = { kind: "console", id: "console", label: "Sealpost" } as const;
  const audit = [auditDone(ctx, ctx.clock.now(), { act: "console.restore", subject })];
  await ctx.store.commit({ writes: [], audit });
  let count = 0;
  for (;;) {
    const queued = await ctx.store.resendsToForward({ by: endOfTime, notBehind: endOfTime }, 100);
    if (queued.length === 0) return count;
    for (const { request } of queued) {
      const to = settled(request, { status: "not-sent", reason: "restored-backup" }, ctx.clock.now());
      const order = await ctx.store.order(request.orderId);
      const account = order && (await ctx.store.account(order.caAccountId));
      if (!order || !account) throw new Error("a resend request outlived its order");
      await move(ctx, { request, order, account }, request, to);
      count += 1;
    }
  }
}
