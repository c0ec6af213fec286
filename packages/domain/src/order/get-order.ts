import type { CaAccount } from "../account/ca-account.ts";
import { authorize } from "../actor.ts";
import type { AuditEntry } from "../audit/audit-entry.ts";
import type { Ctx } from "../context.ts";
import { bringsLatest, inMailboxes, type PlacedMail } from "../mail/list-arrivals.ts";
import type { MailKind } from "../mail/mail-kind.ts";
import type { MailWatchState } from "../mailbox/mailbox.ts";
import type { CancelSignal } from "../ports/cancel-signal.ts";
import { CaError } from "../ports/certificate-authority.ts";
import type { OrderRow } from "../ports/store.ts";
import { refuse } from "../refusal.ts";
import type { ResendRequest } from "../resend/resend-request.ts";
import type { CertificateId, OrderId } from "../values/ids.ts";
import { refreshedOrder } from "./refreshed-order.ts";

export interface OrderDetails {
  readonly row: OrderRow;
  readonly account: CaAccount;
  readonly requests: readonly ResendRequest[];
  /** Mails that came about it, newest first. */
  readonly mails: readonly PlacedMail[];
  /** What was refused, imported and downloaded, newest first; what became of mails, the requests tell. */
  readonly trace: readonly AuditEntry[];
  /** Earlier ones stand in the audit log alone. */
  readonly hasEarlierTrace: boolean;
  /** The newest mail that brought what the order waits for; null: none has, or it waits for nothing. */
  readonly arrival: PlacedMail | null;
  readonly mailWatch: MailWatchState;
  /** What was imported for it and has not been deleted, newest version first. */
  readonly certificateIds: readonly CertificateId[];
}

const tracedActs = ["certificate.import", "order.download"] as const;
const mostTraced = 50;

/** One order with its mails and its trace, as last read from the CA. */
export async function getOrder(ctx: Ctx, orderId: OrderId): Promise<OrderDetails> {
  authorize(ctx.actor, "orders:see");
  const row = await ctx.store.orderRow(orderId, ctx.clock.now());
  const account = row && (await ctx.store.account(row.order.caAccountId));
  if (!row || !account) throw refuse({ code: "not-found", what: "order" });
  const requests = await ctx.store.resendHistory(orderId);
  const mails = await inMailboxes(ctx, await ctx.store.mailsOfOrder(orderId));
  const trace = await ctx.store.auditOf({ kind: "order", id: orderId }, tracedActs, mostTraced + 1);
  const mailWatch = await ctx.store.mailWatch();
  const certificateIds = (await ctx.store.certificatesOf(orderId)).map(({ certificateId }) => certificateId);
  const arrival = arrivalAmong(mails, row);
  return {
    row,
    account,
    requests,
    mails,
    trace: trace.slice(0, mostTraced),
    hasEarlierTrace: trace.length > mostTraced,
    arrival,
    mailWatch,
    certificateIds,
  };
}

function arrivalAmong(mails: readonly PlacedMail[], { order, attention }: OrderRow): PlacedMail | null {
  if (attention !== "needs-action") return null;
  const brought = mails.filter(({ mail }) => bringsLatest(order, mail.receivedAt));
  const ofKind = (kind: MailKind) => brought.find(({ mail }) => mail.kind === kind) ?? null;
  return ofKind("fulfillment") ?? ofKind("fulfillment-link");
}

/** Reads this one order from its CA now. Throws `ca-error` with the CA's words; what was known stays. */
export async function refreshOrder(ctx: Ctx, orderId: OrderId, signal: CancelSignal): Promise<OrderDetails> {
  const { row, account } = await getOrder(ctx, orderId);
  if (account.state !== "connected") throw refuse({ code: "account-paused" });
  try {
    const authority = await ctx.openAuthority(account, "person");
    const said = await authority.getOrder(row.order.caOrderId, signal);
    const order = refreshedOrder(account, said, row.order, ctx.newId, ctx.clock.now());
    await ctx.store.commit({ writes: [{ write: "order-synced", order }], audit: [] });
  } catch (error) {
    if (!(error instanceof CaError)) throw error;
    throw refuse({ code: "ca-error", kind: error.kind, caMessage: error.caMessage }, error);
  }
  return await getOrder(ctx, orderId);
}
