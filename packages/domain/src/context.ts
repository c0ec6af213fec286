import type { CaAccount } from "./account/ca-account.ts";
import type { Actor } from "./actor.ts";
import type { AuditEntry } from "./audit/audit-entry.ts";
import type { RefusalGate } from "./audit/refusal-gate.ts";
import type { PassphraseTries } from "./import/passphrase-tries.ts";
import type { MailPolicy } from "./mail/mail-kind.ts";
import type { Mailbox } from "./mailbox/mailbox.ts";
import type { GroupRoles } from "./people/admit-from-provider.ts";
import type { CertificateAuthority } from "./ports/certificate-authority.ts";
import type { CertificateVault } from "./ports/certificate-vault.ts";
import type { Clock, NewId } from "./ports/clock.ts";
import type { IntermediateLibrary } from "./ports/intermediate-library.ts";
import type { MailboxReader } from "./ports/mailbox.ts";
import type { MaterialReader } from "./ports/material-reader.ts";
import type { PasskeyCeremony } from "./ports/passkey-ceremony.ts";
import type { Store } from "./ports/store.ts";
import type { Refusal, RefusalCode } from "./refusal.ts";
import type { ResendPolicy } from "./resend/resend-policy.ts";
import { scopedStore } from "./scoped-store.ts";

/**
 * How much of the CA's rate limit a caller may use, 0 to 1: what can wait leaves room for what a person waits for, and
 * details that nobody has asked for yet leave most of it.
 */
export const limitShares = { person: 1, list: 0.8, details: 0.2 } as const;
export type LimitShare = keyof typeof limitShares;

/** Opens the CA behind an account, credential included. Throws CaError `unauthorized` when no credential is there. */
export type OpenAuthority = (account: CaAccount, share: LimitShare) => Promise<CertificateAuthority>;

/** Opens a mailbox, credential included; nothing is sent yet. Throws MailboxError `unauthorized` when no credential is there. */
export type OpenMailbox = (mailbox: Mailbox) => Promise<MailboxReader>;

/** The ports and settings every verb works with; built once, by the composition root. */
export interface Ports {
  readonly store: Store;
  readonly vault: CertificateVault;
  readonly openAuthority: OpenAuthority;
  readonly openMailbox: OpenMailbox;
  readonly reader: MaterialReader;
  readonly intermediates: IntermediateLibrary;
  readonly passphraseTries: PassphraseTries;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly resendPolicy: ResendPolicy;
  readonly refusalGate: RefusalGate;
  readonly mailPolicy: MailPolicy;
  /** Null: the console's address is one that can have none. */
  readonly passkeys: PasskeyCeremony | null;
  readonly groupRoles: GroupRoles;
}

/** What a verb gets: the ports, and who is asking. */
export interface Ctx extends Ports {
  readonly actor: Actor;
}

/** What a person's verbs get: the store shows them only what is in their scope. */
export function ctxFor(ports: Ports, actor: Actor): Ctx {
  return { ...ports, store: scopedStore(ports.store, actor), actor };
}

type Trace = Pick<AuditEntry, "act" | "subject"> & { readonly details?: AuditEntry["details"] };

/** The entry for something done. */
export function auditDone(ctx: Pick<Ctx, "actor" | "newId">, at: Date, trace: Trace): AuditEntry {
  return entry(ctx, at, trace, "done", null);
}

/** The entry for something asked for and refused. */
export function auditRefused(
  ctx: Pick<Ctx, "actor" | "newId">,
  at: Date,
  trace: Trace,
  code: RefusalCode,
): AuditEntry {
  return entry(ctx, at, trace, "refused", code);
}

/** Writes the refusal to the trace, as far as its gate lets it, then hands it back to be thrown. */
export async function traceRefusal(ctx: Ctx, at: Date, trace: Trace, refusal: Refusal): Promise<Refusal> {
  const passed = ctx.refusalGate(ctx.actor.actorId, at);
  if (passed === null) return refusal;
  const { leftOut } = passed;
  const details = { ...trace.details, ...(leftOut > 0 ? { leftOut } : {}) };
  const entry = auditRefused(ctx, at, { ...trace, details }, refusal.code);
  await ctx.store.commit({ writes: [], audit: [entry] });
  return refusal;
}

/** Traces that somebody asked for what they may not do; `what` names the call. */
export async function traceForbidden(
  ctx: Ctx,
  what: string,
  refusal: Extract<Refusal, { code: "forbidden" }>,
): Promise<void> {
  const { actorId, name } = ctx.actor;
  const subject = { kind: "person", id: actorId, label: name } as const;
  const trace = { act: "access.refuse", subject, details: { what, right: refusal.right } } as const;
  await traceRefusal(ctx, ctx.clock.now(), trace, refusal);
}

function entry(
  ctx: Pick<Ctx, "actor" | "newId">,
  at: Date,
  trace: Trace,
  outcome: AuditEntry["outcome"],
  code: RefusalCode | null,
): AuditEntry {
  const { kind, actorId, name } = ctx.actor;
  return {
    auditId: ctx.newId(),
    at,
    actor: { kind, actorId, name },
    act: trace.act,
    subject: trace.subject,
    outcome,
    code,
    details: trace.details ?? {},
  };
}
