import { z } from "zod";
import { authorize, requireRecentSignIn, roles, type Scope } from "../actor.ts";
import type { AuditEntry } from "../audit/audit-entry.ts";
import { Conflict, type Write } from "../change.ts";
import { auditDone, type Ctx } from "../context.ts";
import { refuse } from "../refusal.ts";
import { caAccountIdSchema, type PersonId, personIdSchema } from "../values/ids.ts";
import { hasRoleByGroups } from "./admit-from-provider.ts";
import type { PersonRecord } from "./person-record.ts";

const standing = {
  role: z.enum(roles),
  /** The accounts to work with; null: all. An administrator has them all. */
  caAccountIds: z.array(caAccountIdSchema).max(200).nullable().default(null),
};
export const invitePersonInput = z.object({
  name: z.string().trim().min(1).max(100),
  email: z.email().max(254).toLowerCase(),
  ...standing,
});
export const changePersonInput = z.object({ personId: personIdSchema, ...standing });
type Standing = Pick<z.infer<typeof invitePersonInput>, "role" | "caAccountIds">;

/** Everybody who may sign in, by name. */
export async function listPeople(ctx: Ctx): Promise<readonly PersonRecord[]> {
  authorize(ctx.actor, "people:manage");
  seesAll(ctx);
  return await ctx.store.listPeople();
}

/** Makes a person who has no way to sign in yet; a link gives them one. Throws `invalid-input` for an address that is taken. */
export async function invitePerson(
  ctx: Ctx,
  input: z.infer<typeof invitePersonInput>,
): Promise<PersonRecord> {
  mayChange(ctx);
  const { name, email, role } = input;
  const personId = personIdSchema.parse(ctx.newId());
  const person = { personId, name, email, role, scope: await scopeOf(ctx, input) };
  const write = { write: "person-invited", person, at: ctx.clock.now() } as const;
  await commit(
    ctx,
    write,
    "person.invite",
    { id: personId, label: name },
    { role, ...scopeWords(person.scope) },
  );
  return { ...person, state: "invited", hasSecondFactor: false, hasPasskey: false, isFromProvider: false };
}

/** Gives another role, or other accounts. Throws `not-found`, `last-administrator`, or `role-by-groups` for a role that follows from groups. */
export async function changePerson(ctx: Ctx, input: z.infer<typeof changePersonInput>): Promise<void> {
  mayChange(ctx);
  const person = await findPerson(ctx, input.personId);
  const { role } = input;
  if (role !== person.role && hasRoleByGroups(person, ctx.groupRoles))
    throw refuse({ code: "role-by-groups" });
  const scope = await scopeOf(ctx, input);
  const write = { write: "person-changed", personId: person.personId, role, scope } as const;
  await commit(ctx, write, "person.change", subjectOf(person), {
    from: person.role,
    role,
    ...scopeWords(scope),
  });
}

/** Keeps somebody out, with every session and link ended, or lets them in again. Throws `not-found`, or `last-administrator`. */
export async function setPersonState(
  ctx: Ctx,
  personId: PersonId,
  state: "active" | "disabled",
): Promise<void> {
  mayChange(ctx);
  const person = await findPerson(ctx, personId);
  const disabledAt = state === "disabled" ? ctx.clock.now() : null;
  const write = { write: "person-disabled", personId, disabledAt } as const;
  await commit(ctx, write, state === "disabled" ? "person.disable" : "person.enable", subjectOf(person));
}

/**
 * Takes away every way to sign in and ends every session: for a lost phone, or a password in wrong hands. A link gives
 * a new one. Throws `not-found`, or `last-administrator`.
 */
export async function resetPerson(ctx: Ctx, personId: PersonId): Promise<PersonRecord> {
  mayChange(ctx);
  const person = await findPerson(ctx, personId);
  await commit(ctx, { write: "person-reset", personId }, "person.reset", subjectOf(person));
  return person;
}

/** Who sees only some accounts could give themselves the others; so it takes somebody who sees all of them. */
function seesAll({ actor }: Ctx): void {
  if (actor.scope !== "all") throw refuse({ code: "forbidden", right: "people:manage" });
}

function mayChange(ctx: Ctx): void {
  authorize(ctx.actor, "people:manage");
  requireRecentSignIn(ctx.actor, ctx.clock.now());
  seesAll(ctx);
}

async function findPerson(ctx: Ctx, personId: PersonId): Promise<PersonRecord> {
  const person = await ctx.store.person(personId);
  if (!person) throw refuse({ code: "not-found", what: "person" });
  return person;
}

async function scopeOf(ctx: Ctx, { role, caAccountIds }: Standing): Promise<Scope> {
  if (role === "administrator" || caAccountIds === null) return "all";
  const known = new Set((await ctx.store.listAccounts()).map((account) => account.caAccountId));
  if (caAccountIds.some((id) => !known.has(id))) throw refuse({ code: "not-found", what: "account" });
  return new Set(caAccountIds);
}

function scopeWords(scope: Scope): AuditEntry["details"] {
  return { accounts: scope === "all" ? "all" : [...scope].join(", ") };
}

function subjectOf({ personId, name }: PersonRecord) {
  return { id: personId, label: name };
}

async function commit(
  ctx: Ctx,
  write: Write,
  act: AuditEntry["act"],
  subject: Pick<AuditEntry["subject"], "id" | "label">,
  details: AuditEntry["details"] = {},
): Promise<void> {
  const trace = { act, subject: { kind: "person", ...subject }, details } as const;
  try {
    await ctx.store.commit({ writes: [write], audit: [auditDone(ctx, ctx.clock.now(), trace)] });
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    if (error.reason === "last-administrator") throw refuse({ code: "last-administrator" }, error);
    if (error.reason === "email-taken")
      throw refuse({ code: "invalid-input", field: "email", problem: "taken" }, error);
    throw refuse({ code: "not-found", what: "person" }, error);
  }
}
