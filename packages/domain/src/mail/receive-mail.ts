import { systemActor } from "../actor.ts";
import type { AuditEntry } from "../audit/audit-entry.ts";
import { Conflict, type Write } from "../change.ts";
import { auditDone, type Ctx, type Ports } from "../context.ts";
import type { Order } from "../order/order.ts";
import { orderSubject } from "../order/order-subject.ts";
import type { ArrivedMail } from "../ports/mailbox.ts";
import { type MailboxId, mailIdSchema } from "../values/ids.ts";
import type { MailFacts } from "./mail-facts.ts";
import { kindOfMail, senderVerdict } from "./mail-kind.ts";
import { matchMail } from "./match-mail.ts";
import { type Receipt, receiptOf } from "./receipt.ts";
import type { ReceivedMail } from "./received-mail.ts";

/** At most this many orders are looked at for the same names. */
const nameLimit = 50;

/**
 * Takes in one mail of a mailbox: reads what it is about, finds its order and the request it answers, and commits both
 * with the trace and with `alongside`, all or nothing. Of the mail itself nothing is kept. One that no CA wrote leaves
 * nothing at all; one that was met before only tells where it lies now. Resolves to what is known of it.
 */
export async function receiveMail(
  ports: Ports,
  mailboxId: MailboxId,
  arrived: ArrivedMail,
  alongside: readonly Write[] = [],
): Promise<ReceivedMail | null> {
  const ctx: Ctx = { ...ports, actor: systemActor };
  const facts = await ctx.reader.readMail(arrived.raw.reveal());
  const messageId = facts.messageId ?? `sha256:${arrived.sha256}`;
  const known = await ctx.store.mailByMessageId(mailboxId, messageId);
  const found = known?.orderId ? null : await recognised(ctx, mailboxId, messageId, arrived, facts);
  if (found === null || (known && found.order === null)) {
    const placed: readonly Write[] = known
      ? [{ write: "mail-placed", mailId: known.mailId, place: arrived.place }]
      : [];
    const writes = [...placed, ...alongside];
    if (writes.length > 0) await ctx.store.commit({ writes, audit: [] });
    return known && { ...known, place: arrived.place };
  }
  const write = known ? "mail-matched" : "mail-received";
  const mail = known ? { ...found.mail, mailId: known.mailId } : found.mail;
  return await keep(ctx, { mail, order: found.order, facts, write, alongside });
}

interface Recognised {
  readonly mail: ReceivedMail;
  readonly order: Order | null;
}

/** What is kept of a mail, and its order; null for one that no CA wrote. */
async function recognised(
  ctx: Ctx,
  mailboxId: MailboxId,
  messageId: string,
  { place, receivedAt }: ArrivedMail,
  facts: MailFacts,
): Promise<Recognised | null> {
  const kind = kindOfMail(facts);
  if (kind === "other" || kind === "auto-reply") return null;
  const verdict = senderVerdict(facts, ctx.mailPolicy.believedServers);
  const orders = await ordersFor(ctx, facts);
  const requests = (await Promise.all(orders.map(({ orderId }) => ctx.store.resendHistory(orderId)))).flat();
  const match = matchMail({ facts, orders, requests, receivedAt, isForged: verdict.sender === "fail" });
  const order = orders.find(({ orderId }) => orderId === match.orderId) ?? null;
  const mail = {
    mailId: mailIdSchema.parse(ctx.newId()),
    mailboxId,
    messageId,
    place,
    receivedAt,
    sentAt: facts.sentAt,
    sender: facts.sender,
    recipients: facts.recipients,
    verdict,
    kind,
    orderId: match.orderId,
    matchedBy: match.reasons,
    contradictions: match.contradictions,
    requestId: null,
    orderNumbers: order ? [] : facts.orderNumbers,
    names: order ? [] : namesIn(facts),
    holdsPrivateKey: facts.holdsPrivateKey,
  };
  return { mail, order };
}

/** Every order that shares a key, a number or a name with a mail. */
async function ordersFor({ store }: Ctx, facts: MailFacts): Promise<readonly Order[]> {
  const keyed = await Promise.all(facts.certificates.map(({ spkiSha256 }) => store.ordersBySpki(spkiSha256)));
  const numbered = await store.ordersByNumber(facts.orderNumbers);
  const named = await store.ordersByName(namesIn(facts), nameLimit);
  const all = [...keyed.flat(), ...numbered, ...named].map((order) => [order.orderId, order] as const);
  return [...new Map(all).values()];
}

function namesIn(facts: MailFacts): readonly string[] {
  return [...new Set([...facts.certificates.flatMap(({ dnsNames }) => dnsNames), ...facts.names])];
}

interface Keeping extends Recognised {
  readonly facts: MailFacts;
  readonly write: "mail-received" | "mail-matched";
  readonly alongside: readonly Write[];
}

/** Commits; a request that has moved meanwhile is looked at once more. */
async function keep(ctx: Ctx, found: Keeping): Promise<ReceivedMail> {
  const { order, write, alongside } = found;
  for (let attempt = 1; ; attempt += 1) {
    const receipt = order && (await receiptFor(ctx, order, found));
    const mail = { ...found.mail, requestId: receipt?.request.requestId ?? null };
    const evidence: readonly Write[] = receipt
      ? [
          {
            write: "resend-evidence",
            requestId: receipt.request.requestId,
            evidence: receipt.evidence,
            from: receipt.request.evidence.kind,
          },
        ]
      : [];
    const audit = order ? [trace(ctx, order, mail, receipt)] : [];
    try {
      await ctx.store.commit({ writes: [{ write, mail }, ...evidence, ...alongside], audit });
      return mail;
    } catch (error) {
      const hasMoved = error instanceof Conflict && error.reason === "resend-moved-on";
      if (!hasMoved || attempt === 3) throw error;
    }
  }
}

/** The same mail in a second mailbox shows nothing new. */
async function receiptFor(ctx: Ctx, order: Order, { mail, facts }: Keeping): Promise<Receipt | null> {
  const copies = await ctx.store.mailsByMessageId(mail.messageId);
  if (copies.some(({ requestId }) => requestId !== null)) return null;
  return receiptOf(facts, await ctx.store.resendHistory(order.orderId), mail);
}

function trace(ctx: Ctx, order: Order, mail: ReceivedMail, receipt: Receipt | null): AuditEntry {
  const details = {
    mailId: mail.mailId,
    kind: mail.kind,
    by: mail.matchedBy.join(", "),
    sender: mail.verdict.sender,
    ...(mail.contradictions.length > 0 ? { against: mail.contradictions.join(", ") } : {}),
    ...(receipt ? { requestId: receipt.request.requestId, evidence: receipt.evidence.kind } : {}),
  };
  return auditDone(ctx, ctx.clock.now(), { act: "mail.receive", subject: orderSubject(order), details });
}
