import { authorize } from "../actor.ts";
import { Conflict } from "../change.ts";
import { auditDone, type Ctx } from "../context.ts";
import type { Order } from "../order/order.ts";
import type { CancelSignal } from "../ports/cancel-signal.ts";
import { MailboxError } from "../ports/mailbox.ts";
import { refuse } from "../refusal.ts";
import type { MailboxId, MailId, OrderId } from "../values/ids.ts";
import { inMailboxes, type PlacedMail } from "./list-arrivals.ts";
import type { MailContradiction } from "./match-mail.ts";
import { receiveAgain } from "./receive-mail.ts";
import type { ReceivedMail } from "./received-mail.ts";

/**
 * Why a mail is about no order: none has its number or its names; several have; its mailbox's server calls the sender
 * forged; what it says contradicts itself or the order; or there is one, and nothing that proves it.
 */
export type UnmatchedReason = "unknown-order" | "several" | "forged" | MailContradiction | "unproven";

export interface UnmatchedMail extends PlacedMail {
  readonly reason: UnmatchedReason;
  /** Orders that share a number or a name with it. */
  readonly candidates: readonly Order[];
}

export interface UnmatchedMails {
  readonly mails: readonly UnmatchedMail[];
  /** Whether there are older ones than those. */
  readonly hasMore: boolean;
}

const mostListed = 100;
const mostCandidates = 10;
const mostAtOnce = 50;

/** The newest mails of CAs that are about no known order; those that somebody put away are left out. */
export async function listUnmatchedMails(ctx: Ctx): Promise<UnmatchedMails> {
  authorize(ctx.actor, "orders:see");
  const found = await ctx.store.unmatchedMails(mostListed + 1);
  const listed = await inMailboxes(ctx, found.slice(0, mostListed));
  const mails = await Promise.all(
    listed.map(async (placed) => {
      const candidates = await candidatesFor(ctx, placed.mail);
      return { ...placed, candidates, reason: reasonOf(placed.mail, candidates) };
    }),
  );
  return { mails, hasMore: found.length > mostListed };
}

async function candidatesFor({ store }: Pick<Ctx, "store">, mail: ReceivedMail): Promise<readonly Order[]> {
  const numbered = await store.ordersByNumber(mail.orderNumbers);
  const named = await store.ordersByName(mail.names, mostCandidates);
  const all = [...numbered, ...named].map((order) => [order.orderId, order] as const);
  return [...new Map(all).values()].slice(0, mostCandidates);
}

function reasonOf({ verdict, contradictions }: ReceivedMail, candidates: readonly Order[]): UnmatchedReason {
  if (candidates.length === 0) return "unknown-order";
  if (verdict.sender === "fail") return "forged";
  return contradictions[0] ?? (candidates.length > 1 ? "several" : "unproven");
}

/**
 * Takes a mail for one about this order, because a person says so: it is fetched once more, and shows what it would have
 * shown when it came. Throws `not-found`, `conflict` when it has found its order meanwhile, `mailbox-not-connected`, or
 * `mailbox-error` with the server's words.
 */
export async function assignMail(
  ctx: Ctx,
  mailId: MailId,
  orderId: OrderId,
  signal: CancelSignal,
): Promise<PlacedMail> {
  authorize(ctx.actor, "certificates:import");
  const mail = await ctx.store.mail(mailId);
  if (!mail) throw refuse({ code: "not-found", what: "mail" });
  const order = await ctx.store.order(orderId);
  if (!order) throw refuse({ code: "not-found", what: "order" });
  if (mail.orderId !== null) throw refuse({ code: "conflict" });
  const mailbox = await ctx.store.mailboxOf(mailId);
  if (mailbox?.state !== "connected") throw refuse({ code: "mailbox-not-connected" });
  try {
    const raw = await (await ctx.openMailbox(mailbox)).fetch(mail.place, signal);
    return { mail: await receiveAgain(ctx, mail, raw, order), mailboxLabel: mailbox.label };
  } catch (error) {
    if (error instanceof Conflict) throw refuse({ code: "conflict" }, error);
    if (!(error instanceof MailboxError)) throw error;
    throw refuse({ code: "mailbox-error", kind: error.kind, serverMessage: error.serverMessage }, error);
  }
}

/** Takes a mail off the list because it is about no order of ours, or puts it back. Throws `not-found` or `conflict`. */
export async function putMailAway(ctx: Ctx, mailId: MailId, isPutAway: boolean): Promise<void> {
  authorize(ctx.actor, "certificates:import");
  const mail = await ctx.store.mail(mailId);
  const mailbox = mail && (await ctx.store.mailboxOf(mailId));
  if (!mail || !mailbox) throw refuse({ code: "not-found", what: "mail" });
  const now = ctx.clock.now();
  const subject = { kind: "mailbox", id: mailbox.mailboxId, label: mailbox.label } as const;
  const details = { mailId, kind: mail.kind, isPutAway };
  const write = { write: "mail-put-away", mailId, putAwayAt: isPutAway ? now : null } as const;
  try {
    await ctx.store.commit({
      writes: [write],
      audit: [auditDone(ctx, now, { act: "mail.put-away", subject, details })],
    });
  } catch (error) {
    if (error instanceof Conflict) throw refuse({ code: "conflict" }, error);
    throw error;
  }
}

/** What each mail was last compared with, so that it is fetched again only when there is something new. */
export type ComparedMails = Map<MailId, string>;

/**
 * Looks again at mails that came before their order was known: those that share a number or a name with an order by now
 * are fetched once more. Tells after so many each how many of them have found theirs, so that others get their turn in
 * between. A mailbox that does not answer is left for the next time.
 */
export async function* matchMailsAgain(
  ctx: Ctx,
  compared: ComparedMails,
  signal: CancelSignal,
): AsyncGenerator<number, void> {
  const silent = new Set<MailboxId>();
  let after: ReceivedMail | null = null;
  do {
    const mails: readonly ReceivedMail[] = await ctx.store.unmatchedMails(mostAtOnce, after);
    yield await matchThese(ctx, mails, { compared, silent, signal });
    after = mails.at(-1) ?? null;
  } while (after && !signal.aborted);
}

interface Rematch {
  readonly compared: ComparedMails;
  /** Mailboxes that do not answer. */
  readonly silent: Set<MailboxId>;
  readonly signal: CancelSignal;
}

async function matchThese(
  ctx: Ctx,
  mails: readonly ReceivedMail[],
  { compared, silent, signal }: Rematch,
): Promise<number> {
  let found = 0;
  for (const mail of mails) {
    if (signal.aborted) break;
    const candidates = await candidatesFor(ctx, mail);
    const words = candidates
      .map(({ orderId, status, detailsAt }) => `${orderId} ${status} ${detailsAt?.getTime()}`)
      .join();
    if (candidates.length === 0 || compared.get(mail.mailId) === words) continue;
    if (silent.has(mail.mailboxId)) continue;
    const outcome = await lookAgain(ctx, mail, signal);
    if (outcome === "found") found += 1;
    if (outcome === "no-answer") silent.add(mail.mailboxId);
    else compared.set(mail.mailId, words);
  }
  return found;
}

async function lookAgain(
  ctx: Ctx,
  mail: ReceivedMail,
  signal: CancelSignal,
): Promise<"found" | "not-found" | "no-answer"> {
  const mailbox = await ctx.store.mailboxOf(mail.mailId);
  if (mailbox?.state !== "connected") return "no-answer";
  try {
    const raw = await (await ctx.openMailbox(mailbox)).fetch(mail.place, signal);
    return (await receiveAgain(ctx, mail, raw, null)).orderId === null ? "not-found" : "found";
  } catch (error) {
    // A person has put it to an order meanwhile.
    if (error instanceof Conflict) return "not-found";
    if (!(error instanceof MailboxError)) throw error;
    return error.kind === "mail-gone" || error.kind === "too-large" ? "not-found" : "no-answer";
  }
}
