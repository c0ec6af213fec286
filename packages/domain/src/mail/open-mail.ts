import { authorize } from "../actor.ts";
import type { AuditEntry } from "../audit/audit-entry.ts";
import { auditDone, type Ctx, traceRefusal } from "../context.ts";
import type { Mailbox } from "../mailbox/mailbox.ts";
import { orderSubject } from "../order/order-subject.ts";
import type { CancelSignal } from "../ports/cancel-signal.ts";
import { MailboxError } from "../ports/mailbox.ts";
import type { MaterialInput } from "../ports/material-reader.ts";
import { type Refusal, refuse } from "../refusal.ts";
import type { MailId } from "../values/ids.ts";
import type { ReceivedMail } from "./received-mail.ts";

/**
 * Fetches a mail once more from its mailbox, for the import that follows. Resolves to the mail as it lies there; nothing
 * of it is kept, only the trace that it was fetched. Throws `forbidden`, `not-found` (also for a mail that brings no
 * certificate), `mailbox-not-connected`, or `mailbox-error` with the server's words; refused acts are traced.
 */
export async function openMail(ctx: Ctx, mailId: MailId, signal: CancelSignal): Promise<MaterialInput> {
  authorize(ctx.actor, "certificates:import");
  const mail = importable(await ctx.store.mail(mailId));
  const mailbox = mail && (await ctx.store.mailboxOf(mailId));
  if (!mail || !mailbox) throw refuse({ code: "not-found", what: "mail" });
  const trace = {
    act: "mail.open",
    subject: await subjectOf(ctx, mail, mailbox),
    details: { mailId },
  } as const;
  const refused = async (refusal: Refusal, cause?: unknown) =>
    refuse(await traceRefusal(ctx, ctx.clock.now(), trace, refusal), cause);
  if (mailbox.state !== "connected") throw await refused({ code: "mailbox-not-connected" });
  try {
    const reader = await ctx.openMailbox(mailbox);
    const raw = await reader.fetch(mail.place, signal);
    await ctx.store.commit({ writes: [], audit: [auditDone(ctx, ctx.clock.now(), trace)] });
    return { name: "mail.eml", bytes: raw.reveal() };
  } catch (error) {
    if (!(error instanceof MailboxError)) throw error;
    const { kind, serverMessage } = error;
    throw await refused({ code: "mailbox-error", kind, serverMessage }, error);
  }
}

/** Whoever holds an approval mail can approve. */
function importable(mail: ReceivedMail | null): ReceivedMail | null {
  return mail?.kind === "fulfillment" || mail?.kind === "fulfillment-link" ? mail : null;
}

async function subjectOf(
  ctx: Ctx,
  { orderId }: ReceivedMail,
  mailbox: Mailbox,
): Promise<AuditEntry["subject"]> {
  const order = orderId && (await ctx.store.order(orderId));
  return order ? orderSubject(order) : { kind: "mailbox", id: mailbox.mailboxId, label: mailbox.label };
}
