import { Conflict, type Passkey, passkeyIdSchema, type Write } from "@sealpost/domain";
import { and, asc, eq, lt } from "drizzle-orm";
import { passkey } from "./auth-schema.ts";
import type { Db } from "./open-database.ts";

type WriteOf<Name extends Write["write"]> = Extract<Write, { write: Name }>;

/** What proves a passkey, and whose it is. */
export interface StoredPasskey {
  readonly passkeyId: string;
  readonly personId: string;
  /** A COSE key, in base64url. */
  readonly publicKey: string;
  readonly counter: number;
}

/** Passkeys as signing in needs them. */
export interface PasskeyStore {
  byCredential(credentialId: string): StoredPasskey | null;
  credentialsOf(personId: string): readonly string[];
  /** Notes a use. False: its counter has not moved on, or it has been removed meanwhile. */
  use(passkeyId: string, counter: number, at: Date): boolean;
}

export function createPasskeyStore(db: Db): PasskeyStore {
  return {
    byCredential(credentialId) {
      const row = db.select().from(passkey).where(eq(passkey.credentialId, credentialId)).get();
      if (!row) return null;
      const { id, userId, publicKey, counter } = row;
      return { passkeyId: id, personId: userId, publicKey, counter };
    },
    credentialsOf: (personId) => readPasskeys(db, personId).map(({ credentialId }) => credentialId),
    use(passkeyId, counter, at) {
      // Those that do not count say 0 each time.
      const movesOn = counter === 0 ? eq(passkey.counter, 0) : lt(passkey.counter, counter);
      const own = and(eq(passkey.id, passkeyId), movesOn);
      return db.update(passkey).set({ counter, lastUsedAt: at }).where(own).run().changes === 1;
    },
  };
}

export function readPasskeys(db: Db, personId: string): Passkey[] {
  return db
    .select()
    .from(passkey)
    .where(eq(passkey.userId, personId))
    .orderBy(asc(passkey.createdAt))
    .all()
    .map(({ id, name, credentialId, createdAt, lastUsedAt }) => {
      return { passkeyId: passkeyIdSchema.parse(id), name, credentialId, addedAt: createdAt, lastUsedAt };
    });
}

export function addPasskey(db: Db, { personId, passkey: added }: WriteOf<"passkey-added">): void {
  const { passkeyId, addedAt, ...row } = added;
  db.insert(passkey)
    .values({ ...row, id: passkeyId, userId: personId, createdAt: addedAt })
    .run();
}

export function renamePasskey(db: Db, { name, ...which }: WriteOf<"passkey-renamed">): void {
  needOne(db.update(passkey).set({ name }).where(ownOf(which)).run());
}

export function removePasskey(db: Db, which: WriteOf<"passkey-removed">): void {
  needOne(db.delete(passkey).where(ownOf(which)).run());
}

function ownOf({ personId, passkeyId }: Pick<WriteOf<"passkey-removed">, "personId" | "passkeyId">) {
  return and(eq(passkey.id, passkeyId), eq(passkey.userId, personId));
}

function needOne({ changes }: { readonly changes: number }): void {
  if (changes !== 1) throw new Conflict("row-gone");
}
