import type { CaAccount } from "../account/ca-account.ts";
import { authorize } from "../actor.ts";
import type { Ctx } from "../context.ts";
import { latestIssuance, type Order } from "../order/order.ts";
import { refuse } from "../refusal.ts";
import type { MailboxId, MailId } from "../values/ids.ts";
import type { ReceivedMail } from "./received-mail.ts";

/** A mail, and what the mailbox it lies in is called; null: it is no longer known. */
export interface PlacedMail {
  readonly mail: ReceivedMail;
  readonly mailboxLabel: string | null;
}

/** A mail that brought what its order waits for. */
export interface ArrivedFor extends PlacedMail {
  readonly order: Order;
  readonly account: CaAccount;
}

const mostArrivals = 20;
/** A CA may tell the day on which a certificate begins in a time zone of its own, and mail it before. */
const issuanceSlackMs = 26 * 60 * 60 * 1000;

/** Whether a mail that came then may have come with the order's newest certificate: one from before it began cannot. */
export function bringsLatest(order: Pick<Order, "issuances">, receivedAt: Date): boolean {
  const latest = latestIssuance(order);
  return latest !== null && receivedAt.getTime() >= latest.validFrom.getTime() - issuanceSlackMs;
}

/** What has arrived and waits to be imported, the newest first; one mail for each order. */
export async function listArrivals(ctx: Ctx): Promise<readonly ArrivedFor[]> {
  authorize(ctx.actor, "orders:see");
  const found = await ctx.store.arrivals(ctx.clock.now(), mostArrivals);
  const placed = await inMailboxes(
    ctx,
    found.map(({ mail }) => mail),
  );
  const accounts = new Map((await ctx.store.listAccounts()).map((one) => [one.caAccountId, one]));
  return found.flatMap(({ order }, at) => {
    const account = accounts.get(order.caAccountId);
    const mail = placed[at];
    return account && mail ? [{ ...mail, order, account }] : [];
  });
}

/** One mail that is about an order. Throws `not-found`. */
export async function getMail(ctx: Ctx, mailId: MailId): Promise<PlacedMail> {
  authorize(ctx.actor, "orders:see");
  const mail = await ctx.store.mail(mailId);
  const [placed] = mail ? await inMailboxes(ctx, [mail]) : [];
  if (!placed) throw refuse({ code: "not-found", what: "mail" });
  return placed;
}

/** The same mails, with the names of their mailboxes. */
export async function inMailboxes(
  { store }: Ctx,
  mails: readonly ReceivedMail[],
): Promise<readonly PlacedMail[]> {
  const labels = new Map<MailboxId, string | null>();
  for (const { mailId, mailboxId } of mails)
    if (!labels.has(mailboxId)) labels.set(mailboxId, (await store.mailboxOf(mailId))?.label ?? null);
  return mails.map((mail) => ({ mail, mailboxLabel: labels.get(mail.mailboxId) ?? null }));
}
