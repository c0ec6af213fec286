import { z } from "zod";
import { requireRecentSignIn } from "../actor.ts";
import type { AuditEntry } from "../audit/audit-entry.ts";
import { Conflict, type Write } from "../change.ts";
import { auditDone, type Ctx, traceRefusal } from "../context.ts";
import type { PasskeyCeremony, PasskeyQuestion } from "../ports/passkey-ceremony.ts";
import { refuse } from "../refusal.ts";
import {
  type PasskeyId,
  type PersonId,
  passkeyIdSchema,
  personIdSchema,
  type SessionId,
} from "../values/ids.ts";

/** What somebody signs in with instead of password and second factor: a key that never leaves their device or its keychain. */
export interface Passkey {
  readonly passkeyId: PasskeyId;
  readonly name: string;
  /** By which its authenticator knows it, in base64url. */
  readonly credentialId: string;
  readonly addedAt: Date;
  /** Null: not yet. */
  readonly lastUsedAt: Date | null;
}

/**
 * `unavailable`: an IP address can have none. `from-provider`: who signs in at an identity provider is let in, and no
 * longer let in, there. `unproven`: not what was asked for, or too late. `known`: somebody has it already.
 */
export type PasskeyProblem = "unavailable" | "from-provider" | "unproven" | "known" | "too-many";

/** More than anybody has devices. */
const mostPasskeys = 20;
const base64url = z.string().regex(/^[\w-]+$/);
const passkeyName = z.string().trim().min(1).max(60);

export const addPasskeyInput = z.object({
  name: passkeyName,
  /** What the browser made, in base64url: the credential's id (1023 bytes at most, CTAP 2.2), and what proves it. */
  credentialId: base64url.max(1364),
  clientDataJSON: base64url.max(4096),
  attestationObject: base64url.max(16_384),
});
export const renamePasskeyInput = z.object({ passkeyId: passkeyIdSchema, name: passkeyName });

/** One's own, in the order in which they were added. */
export async function listPasskeys(ctx: Ctx): Promise<readonly Passkey[]> {
  return await ctx.store.passkeysOf(ownId(ctx));
}

/** What a browser needs to make a passkey in this session. Throws `step-up-required`, or `passkey-refused`. */
export async function beginPasskey(ctx: Ctx, sessionId: SessionId): Promise<PasskeyQuestion> {
  requireRecentSignIn(ctx.actor, ctx.clock.now());
  const known = await ctx.store.passkeysOf(ownId(ctx));
  if (known.length >= mostPasskeys) throw refuse({ code: "passkey-refused", reason: "too-many" });
  const about = { sessionId, personId: ownId(ctx), known: known.map(({ credentialId }) => credentialId) };
  return (await ceremonyOf(ctx)).ask(about);
}

/** Keeps what the browser made for the last question of this session. Throws `step-up-required`, or `passkey-refused`. */
export async function addPasskey(
  ctx: Ctx,
  sessionId: SessionId,
  { name, ...made }: z.infer<typeof addPasskeyInput>,
): Promise<void> {
  const now = ctx.clock.now();
  requireRecentSignIn(ctx.actor, now);
  const trace = traceOf(ctx, "person.add-passkey", name);
  const proven = await (await ceremonyOf(ctx)).prove(sessionId, made);
  if (!proven)
    throw refuse(await traceRefusal(ctx, now, trace, { code: "passkey-refused", reason: "unproven" }));
  const passkey = {
    passkeyId: passkeyIdSchema.parse(ctx.newId()),
    name,
    addedAt: now,
    lastUsedAt: null,
    ...proven,
  };
  await commit(ctx, { write: "passkey-added", personId: ownId(ctx), passkey }, trace);
}

/** Throws `not-found` for one that is somebody else's or has been removed. */
export async function renamePasskey(
  ctx: Ctx,
  { passkeyId, name }: z.infer<typeof renamePasskeyInput>,
): Promise<void> {
  const write = { write: "passkey-renamed", personId: ownId(ctx), passkeyId, name } as const;
  await commit(ctx, write, traceOf(ctx, "person.rename-passkey", name));
}

/** The password stays, so it may be the last one. Throws `step-up-required`, or `not-found` as renaming does. */
export async function removePasskey(ctx: Ctx, passkeyId: PasskeyId): Promise<void> {
  requireRecentSignIn(ctx.actor, ctx.clock.now());
  const own = (await ctx.store.passkeysOf(ownId(ctx))).find((one) => one.passkeyId === passkeyId);
  if (!own) throw refuse({ code: "not-found", what: "passkey" });
  const write = { write: "passkey-removed", personId: ownId(ctx), passkeyId } as const;
  await commit(ctx, write, traceOf(ctx, "person.remove-passkey", own.name));
}

function ownId({ actor }: Ctx): PersonId {
  return personIdSchema.parse(actor.actorId);
}

async function ceremonyOf(ctx: Ctx): Promise<PasskeyCeremony> {
  if (!ctx.passkeys) throw refuse({ code: "passkey-refused", reason: "unavailable" });
  const person = await ctx.store.person(ownId(ctx));
  if (person?.isFromProvider) throw refuse({ code: "passkey-refused", reason: "from-provider" });
  return ctx.passkeys;
}

function traceOf(ctx: Ctx, act: AuditEntry["act"], passkey: string) {
  return {
    act,
    subject: { kind: "person", id: ownId(ctx), label: ctx.actor.name },
    details: { passkey },
  } as const;
}

async function commit(ctx: Ctx, write: Write, trace: ReturnType<typeof traceOf>): Promise<void> {
  try {
    await ctx.store.commit({ writes: [write], audit: [auditDone(ctx, ctx.clock.now(), trace)] });
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    if (error.reason === "passkey-known") throw refuse({ code: "passkey-refused", reason: "known" }, error);
    throw refuse({ code: "not-found", what: "passkey" }, error);
  }
}
