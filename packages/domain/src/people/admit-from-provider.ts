import { type Role, roles, systemActor } from "../actor.ts";
import type { AuditEntry } from "../audit/audit-entry.ts";
import { Conflict, type Write } from "../change.ts";
import { auditDone, type Ctx, traceRefusal } from "../context.ts";
import { type AdmissionProblem, refuse } from "../refusal.ts";
import { type PersonId, personIdSchema } from "../values/ids.ts";
import type { PersonRecord } from "./person-record.ts";

/** The role that each group of the identity provider gives; null: roles are given here. */
export type GroupRoles = ReadonlyMap<string, Role> | null;

/** Whom the provider names: this subject at this issuer, for ever (OpenID Connect Core 1.0, section 2). */
export interface ProviderIdentity {
  readonly issuer: string;
  readonly subject: string;
}

/** What an identity provider says of somebody who has proven to it who they are; its signature has been checked. */
export interface ProviderClaims extends ProviderIdentity {
  readonly name: string;
  /** In lower case; null: none, or none that the provider has verified. */
  readonly verifiedEmail: string | null;
  readonly groups: readonly string[];
}

/** The person as they are when they have come, and what has to change for that. */
interface Admitted {
  readonly problem: null;
  readonly person: PersonRecord;
  readonly writes: readonly Write[];
  readonly traces: readonly Pick<AuditEntry, "act" | "details">[];
}

interface Known {
  /** Whose identity it is. */
  readonly person: PersonRecord | null;
  /** Whose the verified address is. */
  readonly addressee: PersonRecord | null;
}

/** Whether the groups decide what this person may do; then nobody gives them a role here. */
export function hasRoleByGroups(
  person: Pick<PersonRecord, "isFromProvider">,
  groupRoles: GroupRoles,
): boolean {
  return person.isFromProvider && groupRoles !== null;
}

/** The most that one of these groups allows; null: none of them gives a role. */
export function roleOfGroups(groups: readonly string[], groupRoles: ReadonlyMap<string, Role>): Role | null {
  const given = new Set(groups.map((group) => groupRoles.get(group)));
  return roles.findLast((role) => given.has(role)) ?? null;
}

/**
 * Somebody is known by issuer and subject, never by an address. By a verified address they become a person who was
 * invited, or reset, and has no way in yet; anybody else's address is left to them. Who is nobody yet becomes a person
 * if a group gives a role. Pure.
 */
export function decideAdmission(
  claims: ProviderClaims,
  { person, addressee }: Known,
  groupRoles: GroupRoles,
  newcomer: { readonly personId: PersonId; readonly at: Date },
): Admitted | { readonly problem: AdmissionProblem } {
  const { issuer, subject, verifiedEmail, name } = claims;
  const role = groupRoles ? roleOfGroups(claims.groups, groupRoles) : ((person ?? addressee)?.role ?? null);
  if ((person ?? addressee)?.state === "disabled") return { problem: "disabled" };
  if (role === null) return { problem: "no-role" };
  if (person) return withRole(person, role);
  if (verifiedEmail === null) return { problem: "email-unverified" };
  if (addressee && addressee.state !== "invited") return { problem: "email-taken" };
  const linked = (personId: PersonId) =>
    ({ write: "identity-linked", personId, identity: { issuer, subject }, at: newcomer.at }) as const;
  if (addressee) {
    const changed = withRole({ ...addressee, state: "active", isFromProvider: true }, role);
    const trace = { act: "person.link-provider", details: {} } as const;
    return {
      ...changed,
      writes: [linked(addressee.personId), ...changed.writes],
      traces: [trace, ...changed.traces],
    };
  }
  const made = { personId: newcomer.personId, name, email: verifiedEmail, role, scope: "all" } as const;
  return {
    problem: null,
    person: { ...made, state: "active", hasSecondFactor: false, hasPasskey: false, isFromProvider: true },
    writes: [{ write: "person-invited", person: made, at: newcomer.at }, linked(made.personId)],
    traces: [{ act: "person.create", details: { by: "provider", role } }],
  };
}

function withRole(person: PersonRecord, role: Role): Admitted {
  if (role === person.role) return { problem: null, person, writes: [], traces: [] };
  const { personId, scope } = person;
  return {
    problem: null,
    person: { ...person, role },
    writes: [{ write: "person-changed", personId, role, scope }],
    traces: [{ act: "person.change", details: { from: person.role, role, by: "groups" } }],
  };
}

/**
 * Lets somebody in whom the identity provider vouches for, with what their groups allow; makes them a person, or gives
 * them another role, where that follows. The last administrator keeps their role, which is traced: somebody has to be
 * able to manage people. Throws `not-admitted` with the reason, traced.
 */
export async function admitFromProvider(ctx: Ctx, claims: ProviderClaims): Promise<PersonRecord> {
  const known = await whoIs(ctx, claims);
  const newcomer = { personId: personIdSchema.parse(ctx.newId()), at: ctx.clock.now() };
  const admission = decideAdmission(claims, known, ctx.groupRoles, newcomer);
  if (admission.problem !== null)
    throw await refuseAdmission(ctx, known.person ?? known.addressee, admission.problem, claims.name);
  try {
    await commit(ctx, admission);
    return admission.person;
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    if (error.reason !== "last-administrator") {
      // The same person came by another tab at the same moment, and is known now.
      const person = await ctx.store.personOfIdentity(claims);
      if (!person) throw error;
      return person;
    }
    if (known.person) return await keepRole(ctx, known.person, admission.person.role);
    // Nobody becomes the last administrator by an address: the operator's link, which waits for them, makes them that.
    throw await refuseAdmission(ctx, known.addressee, "email-taken");
  }
}

async function commit(ctx: Ctx, { person, writes, traces }: Admitted): Promise<void> {
  if (writes.length === 0) return;
  const about = { subject: subjectOf(person.personId, person.name) };
  const audit = traces.map((trace) => auditDone(asConsole(ctx), ctx.clock.now(), { ...trace, ...about }));
  await ctx.store.commit({ writes, audit });
}

async function keepRole(ctx: Ctx, person: PersonRecord, role: Role): Promise<PersonRecord> {
  const details = { from: person.role, role, by: "groups" };
  const trace = { act: "person.change", subject: subjectOf(person.personId, person.name), details } as const;
  await traceRefusal(asConsole(ctx), ctx.clock.now(), trace, { code: "last-administrator" });
  return person;
}

/** What follows from the provider's word is done by the console. */
function asConsole(ctx: Ctx): Ctx {
  return { ...ctx, actor: systemActor };
}

/** Traces a sign-in at the provider that came to nothing, by who asks or whom it was about. Resolves to the refusal, to be thrown. */
export async function refuseAdmission(
  ctx: Ctx,
  person: Pick<PersonRecord, "personId" | "name"> | null,
  reason: AdmissionProblem,
  name = "",
): Promise<Error> {
  const subject = subjectOf(person?.personId ?? "nobody", person?.name ?? name);
  const actor = { ...ctx.actor, actorId: subject.id, name: person?.name ?? "" };
  const trace = { act: "person.sign-in", subject, details: { by: "provider", reason } } as const;
  return refuse(
    await traceRefusal({ ...ctx, actor }, ctx.clock.now(), trace, { code: "not-admitted", reason }),
  );
}

async function whoIs(ctx: Ctx, { issuer, subject, verifiedEmail }: ProviderClaims): Promise<Known> {
  const person = await ctx.store.personOfIdentity({ issuer, subject });
  if (person || verifiedEmail === null) return { person, addressee: null };
  const people = await ctx.store.listPeople();
  return { person: null, addressee: people.find(({ email }) => email === verifiedEmail) ?? null };
}

function subjectOf(id: string, label: string): AuditEntry["subject"] {
  return { kind: "person", id, label };
}
