import { authorize, requireRecentSignIn } from "../actor.ts";
import type { AuditEntry } from "../audit/audit-entry.ts";
import { Conflict, type Write } from "../change.ts";
import { auditDone, type Ctx } from "../context.ts";
import { asciiMaterial } from "../import/certificate-material.ts";
import type { CancelSignal } from "../ports/cancel-signal.ts";
import { MailboxError, type MailboxProbe } from "../ports/mailbox.ts";
import { refuse } from "../refusal.ts";
import { type MailboxId, mailboxIdSchema } from "../values/ids.ts";
import { type Mailbox, type MailboxState, type MailSecurity, neverWatched } from "./mailbox.ts";

export interface ConnectMailboxInput {
  /** The mailbox to change; null: a new one. */
  readonly mailboxId: MailboxId | null;
  readonly label: string;
  readonly host: string;
  readonly port: number;
  readonly security: MailSecurity;
  readonly userName: string;
  /** Null keeps the stored one, allowed only while it goes to the same host and port. */
  readonly password: string | null;
  readonly folders: readonly string[];
  readonly lookBackDays: number;
}

/**
 * Connects a mailbox, or changes one; a paused one stays paused. The password goes to the vault before the row names it. Another host or port
 * needs it typed again: else "Test" would send a stored password to a stranger. Another user's mails are read from the
 * start. Throws `step-up-required`, `mailbox-label-taken`, or `invalid-input` on the field `password`.
 */
export async function connectMailbox(ctx: Ctx, input: ConnectMailboxInput): Promise<Mailbox> {
  mayManage(ctx);
  // Who sees only some accounts sees no mailbox, since the mails of all of them may lie in it.
  if (ctx.actor.scope !== "all" && !input.mailboxId) {
    throw refuse({ code: "forbidden", right: "accounts:manage" });
  }
  const known = input.mailboxId ? await getMailbox(ctx, input.mailboxId) : null;
  const isElsewhere = known === null || known.host !== input.host || known.port !== input.port;
  if (input.password === null && (isElsewhere || known.credentialRef === null)) {
    throw refuse({ code: "invalid-input", field: "password", problem: "type-again" });
  }
  const mailboxId = known?.mailboxId ?? mailboxIdSchema.parse(ctx.newId());
  const isAnother = isElsewhere || known.userName !== input.userName;
  const credentialRef =
    input.password === null
      ? (known?.credentialRef ?? null)
      : await ctx.vault.put(
          { kind: "mailbox-credential", boundTo: mailboxId },
          asciiMaterial(input.password),
        );
  const { label, host, port, security, userName, folders, lookBackDays } = input;
  const mailbox: Mailbox = {
    ...{ mailboxId, label, host, port, security, userName, credentialRef, folders, lookBackDays },
    state: known?.state === "paused" ? "paused" : "connected",
    connectedAt: known?.connectedAt ?? ctx.clock.now(),
    watch: isAnother ? neverWatched : known.watch,
  };
  const restart: Write[] = isAnother && known ? [{ write: "mailbox-restarted", mailboxId }] : [];
  await save(ctx, mailbox, known ? "mailbox.edit" : "mailbox.connect", restart);
  const old = known?.credentialRef;
  if (old && old !== credentialRef) await ctx.vault.discard(old);
  return mailbox;
}

/** Signs in, and tells which folders there are. Throws `mailbox-error` with the server's words. */
export async function testMailbox(
  ctx: Ctx,
  mailboxId: MailboxId,
  signal: CancelSignal,
): Promise<MailboxProbe> {
  authorize(ctx.actor, "accounts:manage");
  const mailbox = await getMailbox(ctx, mailboxId);
  try {
    const reader = await ctx.openMailbox(mailbox);
    return await reader.probe(signal);
  } catch (error) {
    if (!(error instanceof MailboxError)) throw error;
    throw refuse({ code: "mailbox-error", kind: error.kind, serverMessage: error.serverMessage }, error);
  }
}

/** Pauses, resumes or disconnects. Disconnecting throws the password away; what was learned from its mails stays. */
export async function setMailboxState(ctx: Ctx, mailboxId: MailboxId, state: MailboxState): Promise<Mailbox> {
  const known = await mailboxToChange(ctx, mailboxId);
  if (state === "connected" && known.credentialRef === null) {
    throw refuse({ code: "invalid-input", field: "password", problem: "type-again" });
  }
  const isLeaving = state === "disconnected";
  const mailbox: Mailbox = { ...known, state, credentialRef: isLeaving ? null : known.credentialRef };
  await save(ctx, mailbox, isLeaving ? "mailbox.disconnect" : "mailbox.pause", []);
  if (isLeaving && known.credentialRef) await ctx.vault.discard(known.credentialRef);
  return mailbox;
}

/** A mailbox that this person may change now. Throws `forbidden`, `step-up-required` or `not-found`. */
export async function mailboxToChange(ctx: Ctx, mailboxId: MailboxId): Promise<Mailbox> {
  mayManage(ctx);
  return await getMailbox(ctx, mailboxId);
}

function mayManage({ actor, clock }: Ctx): void {
  authorize(actor, "accounts:manage");
  requireRecentSignIn(actor, clock.now());
}

/** Throws `not-found`. */
async function getMailbox(ctx: Ctx, mailboxId: MailboxId): Promise<Mailbox> {
  const mailbox = await ctx.store.mailbox(mailboxId);
  if (!mailbox) throw refuse({ code: "not-found", what: "mailbox" });
  return mailbox;
}

async function save(
  ctx: Ctx,
  mailbox: Mailbox,
  act: AuditEntry["act"],
  also: readonly Write[],
): Promise<void> {
  const subject = { kind: "mailbox", id: mailbox.mailboxId, label: mailbox.label } as const;
  const details = { state: mailbox.state, host: mailbox.host, folders: mailbox.folders.join(", ") };
  const audit = [auditDone(ctx, ctx.clock.now(), { act, subject, details })];
  try {
    await ctx.store.commit({ writes: [{ write: "mailbox-saved", mailbox }, ...also], audit });
  } catch (error) {
    if (error instanceof Conflict) throw refuse({ code: "mailbox-label-taken" }, error);
    throw error;
  }
}
