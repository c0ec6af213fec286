import {
  Conflict,
  caAccountIdSchema,
  type PersonRecord,
  personIdSchema,
  roles,
  type Scope,
  type Write,
} from "@sealpost/domain";
import { asc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { account, link, session, twoFactor, user } from "./auth-schema.ts";
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

function select(db: Db) {
  const { id, name, email, role, scope, disabledAt, twoFactorEnabled } = user;
  return db
    .select({ id, name, email, role, scope, disabledAt, twoFactorEnabled, hasSignIn })
    .from(user)
    .$dynamic();
}

type Row = NonNullable<ReturnType<ReturnType<typeof select>["get"]>>;

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
  };
}

export function insertPerson(db: Db, { person, at }: WriteOf<"person-invited">): void {
  const { personId, name, email, role, scope } = person;
  const row = { id: personId, name, email, emailVerified: true, role, scope: fromScope(scope) };
  db.insert(user)
    .values({ ...row, createdAt: at, updatedAt: at })
    .run();
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
  for (const table of [account, twoFactor, session, link])
    db.delete(table).where(eq(table.userId, personId)).run();
  update(db, personId, { twoFactorEnabled: false });
}

/** Guards: the person is there; and afterwards somebody is left who may manage people and can sign in. */
function update(db: Db, personId: string, values: Partial<typeof user.$inferInsert>): void {
  if (db.update(user).set(values).where(eq(user.id, personId)).run().changes !== 1)
    throw new Conflict("row-gone");
  const left = db
    .select({ id: user.id })
    .from(user)
    .where(sql`${user.role} = 'administrator' and ${user.disabledAt} is null and ${hasSignIn}`)
    .limit(1)
    .get();
  if (!left) throw new Conflict("last-administrator");
}
