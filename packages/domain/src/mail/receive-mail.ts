import { systemActor } from "../actor.ts";
import type { AuditEntry } from "../audit/audit-entry.ts";
import { Conflict, type Write } from "../change.ts";
import { auditDone, type Ctx, type Ports } from "../context.ts";
import type { CertificateMaterial } from "../import/certificate-material.ts";
import type { Order } from "../order/order.ts";
import { orderSubject } from "../order/order-subject.ts";
import type { ArrivedMail } from "../ports/mailbox.ts";
import { type MailboxId, mailIdSchema } from "../values/ids.ts";
import type { MailFacts } from "./mail-facts.ts";
import { kindOfMail, senderVerdict } from "./mail-kind.ts";
import { type MailMatch, type MailMatchInput, matchMail } from "./match-mail.ts";
import { type Receipt, receiptOf } from "./receipt.ts";
import type { ReceivedMail } from "./received-mail.ts";

/** At most this many orders are looked at for the same names. */
const nameLimit = 50;

/**
 * Takes in one mail of a mailbox: reads what it is about, finds its order and the request it answers, and commits both
 * with the trace and with `alongside`, all or nothing. Of the mail itself nothing is kept. One that no CA wrote, or that
 * returns such a one, leaves nothing at all; one that was met before only tells where it lies now. Resolves to what is known of it.
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
  const { place, receivedAt } = arrived;
  const found = known?.orderId
    ? null
    : await recognised(ctx, { mailboxId, messageId, place, receivedAt }, facts, null);
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

/**
 * Looks once more at a mail that is about no order yet, as when it came: more orders may be known by now, or a person
 * has chosen one. Resolves to what is known of it then.
 */
export async function receiveAgain(
  ctx: Ctx,
  mail: ReceivedMail,
  raw: CertificateMaterial,
  chosen: Order | null,
): Promise<ReceivedMail> {
  const facts = await ctx.reader.readMail(raw.reveal());
  const found = await recognised(ctx, mail, facts, chosen);
  if (!found?.order) return mail;
  const again = { ...found.mail, mailId: mail.mailId };
  return await keep(ctx, { mail: again, order: found.order, facts, write: "mail-matched", alongside: [] });
}

type Arrived = Pick<ReceivedMail, "mailboxId" | "messageId" | "place" | "receivedAt">;

interface Recognised {
  readonly mail: ReceivedMail;
  readonly order: Order | null;
}

/** What is kept of a mail, and its order, by what it says or by what a person says; null for one that leaves nothing. */
async function recognised(
  ctx: Ctx,
  { mailboxId, messageId, place, receivedAt }: Arrived,
  facts: MailFacts,
  chosen: Order | null,
): Promise<Recognised | null> {
  const kind = kindOfMail(facts);
  if (kind === "other" || kind === "auto-reply") return null;
  const verdict = senderVerdict(facts, ctx.mailPolicy.believedServers);
  const { order, match } = chosen
    ? { order: chosen, match: byPerson(chosen) }
    : await matched(ctx, facts, { receivedAt, isForged: verdict.sender === "fail" });
  if (kind === "bounce" && !isOfCa(facts, match)) return null;
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
    putAwayAt: null,
  };
  return { mail, order };
}

/** Whether the mail that was returned may be a CA's: most are anybody's. */
function isOfCa({ topic, certificates }: MailFacts, { orderId, candidates }: MailMatch): boolean {
  return orderId !== null || topic !== null || certificates.length > 0 || candidates.length > 0;
}

function byPerson({ orderId }: Order): MailMatch {
  return { orderId, reasons: ["person"], contradictions: [], candidates: [] };
}

async function matched(
  ctx: Ctx,
  facts: MailFacts,
  about: Pick<MailMatchInput, "receivedAt" | "isForged">,
): Promise<{ readonly order: Order | null; readonly match: MailMatch }> {
  const orders = await ordersFor(ctx, facts);
  const requests = (await Promise.all(orders.map(({ orderId }) => ctx.store.resendHistory(orderId)))).flat();
  const match = matchMail({ facts, orders, requests, ...about });
  return { order: orders.find(({ orderId }) => orderId === match.orderId) ?? null, match };
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
  const act = mail.matchedBy.includes("person") ? "mail.assign" : "mail.receive";
  return auditDone(ctx, ctx.clock.now(), { act, subject: orderSubject(order), details });
}
