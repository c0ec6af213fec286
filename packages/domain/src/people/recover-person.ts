import { authorize } from "../actor.ts";
import type { AuditEntry } from "../audit/audit-entry.ts";
import { Conflict, type Write } from "../change.ts";
import { auditDone, type Ctx } from "../context.ts";
import { refuse } from "../refusal.ts";
import type { PersonRecord } from "./person-record.ts";

// What the operator does at the machine when nobody in the console can: each of these throws `not-found`.

/**
 * Makes somebody an administrator of every account, lets them in, and takes every way to sign in and every session
 * from them: a link gives a new one. For when nobody is left who can manage people.
 */
export async function makeAdministrator(ctx: Ctx, email: string): Promise<PersonRecord> {
  const person = await find(ctx, email);
  const { personId, role } = person;
  await commit(ctx, person, [{ write: "person-recovered", personId }], "person.make-administrator", {
    from: role,
  });
  return person;
}

/** Ends the pause that follows many wrong codes. */
export async function unlockPerson(ctx: Ctx, email: string): Promise<PersonRecord> {
  const person = await find(ctx, email);
  await commit(ctx, person, [{ write: "person-unlocked", personId: person.personId }], "person.unlock");
  return person;
}

/** Notes that a link is made by which somebody sets a new password. */
export async function noteResetLink(ctx: Ctx, email: string): Promise<PersonRecord> {
  const person = await find(ctx, email);
  await commit(ctx, person, [], "person.make-link");
  return person;
}

async function find(ctx: Ctx, email: string): Promise<PersonRecord> {
  authorize(ctx.actor, "people:manage");
  const wanted = email.trim().toLowerCase();
  const person = (await ctx.store.listPeople()).find((one) => one.email === wanted);
  if (!person) throw refuse({ code: "not-found", what: "person" });
  return person;
}

async function commit(
  ctx: Ctx,
  { personId, name }: PersonRecord,
  writes: readonly Write[],
  act: AuditEntry["act"],
  details: AuditEntry["details"] = {},
): Promise<void> {
  const subject = { kind: "person", id: personId, label: name } as const;
  try {
    await ctx.store.commit({ writes, audit: [auditDone(ctx, ctx.clock.now(), { act, subject, details })] });
  } catch (error) {
    if (error instanceof Conflict) throw refuse({ code: "not-found", what: "person" }, error);
    throw error;
  }
}
