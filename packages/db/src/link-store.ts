import { and, eq, isNull, lt } from "drizzle-orm";
import { link } from "./auth-schema.ts";
import type { Db } from "./open-database.ts";

export interface StoredLink {
  /** SHA-256 of the token, in hex. */
  readonly hash: string;
  readonly purpose: string;
  /** Null: it is about nobody who exists yet. */
  readonly personId: string | null;
  readonly expiresAt: Date;
}

/** Where one-time links rest. */
export interface LinkStore {
  /**
   * Keeps it; those of the same person, or about nobody for the same purpose, are void from then on, and those that
   * ended before `forgetBefore` forgotten.
   */
  put(stored: StoredLink, forgetBefore: Date): void;
  /** Takes it out: of two at once, one gets it. Null: it is not there. */
  take(hash: string, purpose: string): StoredLink | null;
}

export function createLinkStore(db: Db): LinkStore {
  const insert = ({ personId, ...row }: StoredLink) =>
    db
      .insert(link)
      .values({ ...row, userId: personId })
      .run();
  return {
    put(stored, forgetBefore) {
      const { personId, purpose } = stored;
      db.delete(link).where(lt(link.expiresAt, forgetBefore)).run();
      const ofNobody = and(isNull(link.userId), eq(link.purpose, purpose));
      db.delete(link)
        .where(personId === null ? ofNobody : eq(link.userId, personId))
        .run();
      insert(stored);
    },
    take(hash, purpose) {
      const own = and(eq(link.hash, hash), eq(link.purpose, purpose));
      const row = db.delete(link).where(own).returning().get();
      return row ? { hash, purpose, personId: row.userId, expiresAt: row.expiresAt } : null;
    },
  };
}
