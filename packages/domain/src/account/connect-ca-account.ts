import { authorize, requireRecentSignIn } from "../actor.ts";
import type { AuditEntry } from "../audit/audit-entry.ts";
import { Conflict } from "../change.ts";
import { auditDone, type Ctx } from "../context.ts";
import { asciiMaterial } from "../import/certificate-material.ts";
import type { CancelSignal } from "../ports/cancel-signal.ts";
import { CaError, type CaProbe, type Capability } from "../ports/certificate-authority.ts";
import { refuse } from "../refusal.ts";
import { type CaAccountId, caAccountIdSchema } from "../values/ids.ts";
import { type AccountState, type CaAccount, neverSynced, type SyncState } from "./ca-account.ts";

export interface ConnectInput {
  /** The account to change; null: a new one. */
  readonly caAccountId: CaAccountId | null;
  readonly adapter: string;
  readonly label: string;
  readonly baseUrl: string;
  readonly settings: Readonly<Record<string, string>>;
  /** The secret fields of the adapter's form; null keeps the stored ones, allowed only while nothing else moves them. */
  readonly credential: Readonly<Record<string, string>> | null;
  readonly capabilities: readonly Capability[];
  readonly isSandbox: boolean;
}

/**
 * Connects an account, or changes one; a paused one stays paused. The credential goes to the vault before the row names
 * it. A changed address needs the credential typed again: else "Test connection" would send a stored key to a stranger.
 * Nothing may be reading the account meanwhile: it would write back where it was in the list of the one before.
 * Throws `step-up-required`, `account-label-taken`, or `invalid-input` on the field `credential`.
 */
export async function connectCaAccount(ctx: Ctx, input: ConnectInput): Promise<CaAccount> {
  mayManage(ctx);
  // Who sees only some accounts would not see the one they connect.
  if (!input.caAccountId && ctx.actor.scope !== "all") {
    throw refuse({ code: "forbidden", right: "accounts:manage" });
  }
  const known = input.caAccountId ? await ctx.store.account(input.caAccountId) : null;
  if (input.caAccountId && !known) throw refuse({ code: "not-found", what: "account" });
  const isMoved = known === null || known.baseUrl !== input.baseUrl || known.adapter !== input.adapter;
  if (input.credential === null && (isMoved || known.credentialRef === null)) {
    throw refuse({ code: "invalid-input", field: "credential", problem: "type-again" });
  }
  const caAccountId = known?.caAccountId ?? caAccountIdSchema.parse(ctx.newId());
  const now = ctx.clock.now();
  const credentialRef = input.credential
    ? await ctx.vault.put({ kind: "ca-credential", boundTo: caAccountId }, asciiMaterial(input.credential))
    : (known?.credentialRef ?? null);
  const account: CaAccount = {
    caAccountId,
    adapter: input.adapter,
    label: input.label,
    baseUrl: input.baseUrl,
    settings: input.settings,
    credentialRef,
    state: known?.state === "paused" ? "paused" : "connected",
    isSandbox: input.isSandbox,
    capabilities: input.capabilities,
    connectedAt: known?.connectedAt ?? now,
    sync: known ? { ...known.sync, ...(isSame(known, input) ? {} : fromTheTop) } : neverSynced,
  };
  await save(ctx, account, known ? "account.edit" : "account.connect");
  const old = known?.credentialRef;
  if (old && old !== credentialRef) await ctx.vault.discard(old);
  return account;
}

/** What was read tells nothing of the list of another account, or of what another key may see. */
const fromTheTop = { pass: null, wholeListAt: null, listedUpTo: null } satisfies Partial<SyncState>;

function isSame(known: CaAccount, { adapter, baseUrl, settings, credential }: ConnectInput): boolean {
  const names = new Set([...Object.keys(known.settings), ...Object.keys(settings)]);
  const keepsSettings = [...names].every((name) => known.settings[name] === settings[name]);
  return credential === null && known.adapter === adapter && known.baseUrl === baseUrl && keepsSettings;
}

/** Asks the CA whether the credential works; changes nothing there. Throws `ca-error` with the CA's words. */
export async function testCaAccount(
  ctx: Ctx,
  caAccountId: CaAccountId,
  signal: CancelSignal,
): Promise<CaProbe> {
  authorize(ctx.actor, "accounts:manage");
  const account = await getAccount(ctx, caAccountId);
  try {
    const authority = await ctx.openAuthority(account, "person");
    return await authority.probe(signal);
  } catch (error) {
    if (!(error instanceof CaError)) throw error;
    throw refuse({ code: "ca-error", kind: error.kind, caMessage: error.caMessage }, error);
  }
}

/** Pauses, resumes or disconnects. Disconnecting throws the credential away; its orders stay, marked. */
export async function setAccountState(
  ctx: Ctx,
  caAccountId: CaAccountId,
  state: AccountState,
): Promise<CaAccount> {
  const known = await accountToChange(ctx, caAccountId);
  if (state === "connected" && known.credentialRef === null) {
    throw refuse({ code: "invalid-input", field: "credential", problem: "type-again" });
  }
  const isLeaving = state === "disconnected";
  const account: CaAccount = { ...known, state, credentialRef: isLeaving ? null : known.credentialRef };
  await save(ctx, account, isLeaving ? "account.disconnect" : "account.pause");
  if (isLeaving && known.credentialRef) await ctx.vault.discard(known.credentialRef);
  return account;
}

/** An account that this person may change now. Throws `forbidden`, `step-up-required` or `not-found`. */
export async function accountToChange(ctx: Ctx, caAccountId: CaAccountId): Promise<CaAccount> {
  mayManage(ctx);
  return await getAccount(ctx, caAccountId);
}

function mayManage({ actor, clock }: Ctx): void {
  authorize(actor, "accounts:manage");
  requireRecentSignIn(actor, clock.now());
}

/** Throws `not-found`. */
export async function getAccount(ctx: Ctx, caAccountId: CaAccountId): Promise<CaAccount> {
  const account = await ctx.store.account(caAccountId);
  if (!account) throw refuse({ code: "not-found", what: "account" });
  return account;
}

async function save(ctx: Ctx, account: CaAccount, act: AuditEntry["act"]): Promise<void> {
  const subject = { kind: "account", id: account.caAccountId, label: account.label } as const;
  const audit = [auditDone(ctx, ctx.clock.now(), { act, subject, details: { state: account.state } })];
  try {
    await ctx.store.commit({ writes: [{ write: "account-saved", account }], audit });
  } catch (error) {
    if (error instanceof Conflict) throw refuse({ code: "account-label-taken" }, error);
    throw error;
  }
}
