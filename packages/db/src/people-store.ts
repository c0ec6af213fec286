import { randomUUID } from "node:crypto";
import {
  Conflict,
  caAccountIdSchema,
  type PersonRecord,
  type PersonSession,
  type ProviderIdentity,
  personIdSchema,
  roles,
  type Scope,
  type SessionId,
  sessionIdSchema,
  type Write,
} from "@sealpost/domain";
import { and, asc, desc, eq, ne, sql } from "drizzle-orm";
import { z } from "zod";
import { account, link, passkey, session, twoFactor, user } from "./auth-schema.ts";
import type { Db } from "./open-database.ts";

type WriteOf<Name extends Write["write"]> = Extract<Write, { write: Name }>;

const scopeSchema = z.array(caAccountIdSchema);

/** The column in which a scope rests. Null: every account. */
export function toScope(text: string | null): Scope {
  return text === null ? "all" : new Set(scopeSchema.parse(JSON.parse(text)));
}

function fromScope(scope: Scope): string | null {
  return scope === "all" ? null : JSON.stringify([...scope]);
}

/** With the tables named: among the columns of one table Drizzle leaves their names out, and `id` would be the account's. */
const hasSignIn = sql<number>`exists (select 1 from account own where own.user_id = "user".id)`;
const hasPasskey = sql<number>`exists (select 1 from passkey own where own.user_id = "user".id)`;
/** Beside passwords there are only identities at a provider. */
const isFromProvider = sql<number>`exists
  (select 1 from account own where own.user_id = "user".id and own.provider_id <> 'credential')`;

export function readPeople(db: Db): PersonRecord[] {
  return select(db)
    .orderBy(asc(sql`lower(${user.name})`), asc(user.email))
    .all()
    .map(toPerson);
}

export function readPerson(db: Db, personId: string): PersonRecord | null {
  const row = select(db).where(eq(user.id, personId)).get();
  return row ? toPerson(row) : null;
}

/** Whose identity this is: an account of theirs, with the issuer as its provider. */
export function readPersonOfIdentity(db: Db, { issuer, subject }: ProviderIdentity): PersonRecord | null {
  const row = select(db)
    .innerJoin(account, eq(account.userId, user.id))
    .where(and(eq(account.providerId, issuer), eq(account.accountId, subject)))
    .get();
  return row ? toPerson(row) : null;
}

function select(db: Db) {
  const { id, name, email, role, scope, disabledAt, twoFactorEnabled } = user;
  return db
    .select({
      ...{ id, name, email, role, scope, disabledAt, twoFactorEnabled },
      ...{ hasSignIn, hasPasskey, isFromProvider },
    })
    .from(user)
    .$dynamic();
}

type Row = NonNullable<ReturnType<ReturnType<typeof select>["get"]>>;

/** A session that is kept, and whose it is. */
export interface SessionRecord {
  readonly sessionId: SessionId;
  readonly person: PersonRecord;
  readonly signedInAt: Date;
  /** When they last proved who they are: here when they signed in, at an identity provider perhaps long before. */
  readonly provenAt: Date;
  /** When it ends unless it is used. */
  readonly expiresAt: Date;
}

/** Asked with every request: one prepared statement. The token is a secret that the asker has shown and somebody proven. */
export function readSession(db: Db, token: string): SessionRecord | null {
  const row = db
    .statement<Pick<Row, "id" | "name" | "email" | "role" | "scope"> & SessionColumns>(
      `select "user".id, name, email, role, scope, disabled_at as disabledAt, two_factor_enabled as hasSecondFactor,
         exists (select 1 from passkey where passkey.user_id = "user".id) as hasPasskey,
         session.id as sessionId, session.created_at as signedInAt, session.expires_at as expiresAt,
         session.proven_at as provenAt
       from session join "user" on "user".id = session.user_id where session.token = ?`,
    )
    .get(token);
  if (!row) return null;
  const disabledAt = row.disabledAt === null ? null : new Date(row.disabledAt);
  const twoFactorEnabled = row.hasSecondFactor === 1;
  // Who has a session has signed in, and in one way only.
  const isFromProvider = row.provenAt === null ? 0 : 1;
  const person = toPerson({ ...row, disabledAt, twoFactorEnabled, hasSignIn: 1, isFromProvider });
  const sessionId = sessionIdSchema.parse(row.sessionId);
  const provenAt = new Date(row.provenAt ?? row.signedInAt);
  return {
    sessionId,
    person,
    signedInAt: new Date(row.signedInAt),
    provenAt,
    expiresAt: new Date(row.expiresAt),
  };
}

interface SessionColumns {
  readonly sessionId: string;
  readonly disabledAt: number | null;
  readonly hasSecondFactor: 0 | 1;
  readonly hasPasskey: 0 | 1;
  readonly signedInAt: number;
  readonly provenAt: number | null;
  readonly expiresAt: number;
}

/** Without their tokens. */
export function readSessionsOf(db: Db, personId: string): PersonSession[] {
  const { id, ipAddress, userAgent, createdAt, updatedAt, expiresAt, provenAt } = session;
  return db
    .select({ id, ipAddress, userAgent, createdAt, updatedAt, expiresAt, provenAt })
    .from(session)
    .where(eq(session.userId, personId))
    .orderBy(desc(updatedAt))
    .all()
    .map((row) => ({
      sessionId: sessionIdSchema.parse(row.id),
      address: row.ipAddress,
      userAgent: row.userAgent,
      signedInAt: row.createdAt,
      lastUsedAt: row.updatedAt,
      isFromProvider: row.provenAt !== null,
      expiresAt: row.expiresAt,
    }));
}

export function endSessions(db: Db, { personId, which }: WriteOf<"sessions-ended">): void {
  const one = "only" in which ? eq(session.id, which.only) : ne(session.id, which.except);
  const { changes } = db
    .delete(session)
    .where(and(eq(session.userId, personId), one))
    .run();
  if ("only" in which && changes !== 1) throw new Conflict("row-gone");
}

function toPerson(row: Row): PersonRecord {
  const role = roles.find((known) => known === row.role) ?? "viewer";
  return {
    personId: personIdSchema.parse(row.id),
    name: row.name,
    email: row.email,
    role,
    scope: role === "administrator" ? "all" : toScope(row.scope),
    state: row.disabledAt ? "disabled" : row.hasSignIn ? "active" : "invited",
    hasSecondFactor: row.twoFactorEnabled,
    hasPasskey: row.hasPasskey === 1,
    isFromProvider: row.isFromProvider === 1,
  };
}

export function insertPerson(db: Db, { person, at }: WriteOf<"person-invited">): void {
  const { personId, name, email, role, scope } = person;
  const row = { id: personId, name, email, emailVerified: true, role, scope: fromScope(scope) };
  db.insert(user)
    .values({ ...row, createdAt: at, updatedAt: at })
    .run();
}

export function linkIdentity(db: Db, { personId, identity, at }: WriteOf<"identity-linked">): void {
  if (readPerson(db, personId)?.state !== "invited") throw new Conflict("identity-taken");
  db.insert(account)
    .values({
      id: randomUUID(),
      providerId: identity.issuer,
      accountId: identity.subject,
      userId: personId,
      createdAt: at,
      updatedAt: at,
    })
    .run();
  db.delete(link).where(eq(link.userId, personId)).run();
}

export function changePerson(db: Db, { personId, role, scope }: WriteOf<"person-changed">): void {
  update(db, personId, { role, scope: fromScope(scope) });
}

export function disablePerson(db: Db, { personId, disabledAt }: WriteOf<"person-disabled">): void {
  update(db, personId, { disabledAt });
  if (disabledAt === null) return;
  db.delete(session).where(eq(session.userId, personId)).run();
  db.delete(link).where(eq(link.userId, personId)).run();
}

export function resetPerson(db: Db, { personId }: WriteOf<"person-reset">): void {
  forgetSignIn(db, personId);
  update(db, personId, { twoFactorEnabled: false });
}

/** Perhaps nobody can sign in until the link is used: that is what it is for. */
export function recoverPerson(db: Db, { personId }: WriteOf<"person-recovered">): void {
  forgetSignIn(db, personId);
  const values = { role: "administrator", scope: null, disabledAt: null, twoFactorEnabled: false };
  updateRow(db, personId, values);
}

export function unlockPerson(db: Db, { personId }: WriteOf<"person-unlocked">): void {
  if (!readPerson(db, personId)) throw new Conflict("row-gone");
  const values = { failedVerificationCount: 0, lockedUntil: null };
  db.update(twoFactor).set(values).where(eq(twoFactor.userId, personId)).run();
}

function forgetSignIn(db: Db, personId: string): void {
  for (const table of [account, twoFactor, passkey, session, link])
    db.delete(table).where(eq(table.userId, personId)).run();
}

function updateRow(db: Db, personId: string, values: Partial<typeof user.$inferInsert>): void {
  if (db.update(user).set(values).where(eq(user.id, personId)).run().changes !== 1)
    throw new Conflict("row-gone");
}

/** Guards: the person is there; and afterwards somebody is left who may manage people and can sign in. */
function update(db: Db, personId: string, values: Partial<typeof user.$inferInsert>): void {
  updateRow(db, personId, values);
  const left = db
    .select({ id: user.id })
    .from(user)
    .where(sql`${user.role} = 'administrator' and ${user.disabledAt} is null and ${hasSignIn}`)
    .limit(1)
    .get();
  if (!left) throw new Conflict("last-administrator");
}
