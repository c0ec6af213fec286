import { requireRecentSignIn } from "../actor.ts";
import { Conflict, type Write } from "../change.ts";
import { auditDone, type Ctx } from "../context.ts";
import { refuse } from "../refusal.ts";
import { personIdSchema, type SessionId } from "../values/ids.ts";

/**
 * How long a session lasts at most, in seconds, however much it is used. Who signs in at an identity provider passes by
 * there each day, so that what it takes from them is taken here.
 */
const longestSessionS = { here: 7 * 24 * 60 * 60, atProvider: 12 * 60 * 60 };

/** Whether a session that began then has lasted as long as any may. */
export function hasLasted(
  session: { readonly signedInAt: Date; readonly isFromProvider: boolean },
  now: Date,
): boolean {
  const ageS = (now.getTime() - session.signedInAt.getTime()) / 1000;
  return ageS > longestSessionS[session.isFromProvider ? "atProvider" : "here"];
}

/** A browser in which somebody is signed in. The token that proves it is nowhere in here. */
export interface PersonSession {
  readonly sessionId: SessionId;
  readonly address: string | null;
  /** What the browser called itself when it signed in. */
  readonly userAgent: string | null;
  readonly signedInAt: Date;
  /** To about a quarter of an hour: so often a used session is written anew. */
  readonly lastUsedAt: Date;
  /** When it ends unless it is used. */
  readonly expiresAt: Date;
  /** Begun at an identity provider. */
  readonly isFromProvider: boolean;
}

/** One's own sessions that have not ended, the last used first. */
export async function listSessions(ctx: Ctx): Promise<readonly PersonSession[]> {
  const now = ctx.clock.now();
  const sessions = await ctx.store.sessionsOf(personIdSchema.parse(ctx.actor.actorId));
  return sessions.filter((session) => session.expiresAt > now && !hasLasted(session, now));
}

/** Ends one of one's own sessions. Throws `step-up-required`, or `not-found` for one that is somebody else's or has ended. */
export async function endSession(ctx: Ctx, sessionId: SessionId): Promise<void> {
  await end(ctx, { only: sessionId });
}

/** Ends all of one's own sessions but this one. Throws `step-up-required`. */
export async function endOtherSessions(ctx: Ctx, own: SessionId): Promise<void> {
  await end(ctx, { except: own });
}

async function end(ctx: Ctx, which: Extract<Write, { write: "sessions-ended" }>["which"]): Promise<void> {
  const now = ctx.clock.now();
  requireRecentSignIn(ctx.actor, now);
  const personId = personIdSchema.parse(ctx.actor.actorId);
  const subject = { kind: "person", id: personId, label: ctx.actor.name } as const;
  const details = { sessions: "only" in which ? "one" : "others" };
  const audit = [auditDone(ctx, now, { act: "person.session-end", subject, details })];
  try {
    await ctx.store.commit({ writes: [{ write: "sessions-ended", personId, which }], audit });
  } catch (error) {
    if (error instanceof Conflict) throw refuse({ code: "not-found", what: "session" }, error);
    throw error;
  }
}
