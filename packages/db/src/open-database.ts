import { chmodSync, existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import { readMigrationFiles } from "drizzle-orm/migrator";

const migrationsFolder = fileURLToPath(new URL("../migrations", import.meta.url));

/** The ground is not fit; the message is one plain sentence for the person at the terminal. */
export class StoreOpenError extends Error {
  override readonly name = "StoreOpenError";
}

export type Db = ReturnType<typeof openDatabase>;

/**
 * Opens the metadata database, makes it when it is new (mode 0600), brings its tables up to date.
 * WAL, and `synchronous=FULL`, for NORMAL may lose the last commit at a power cut, and with it the record of a mail.
 */
export function openDatabase(file: string) {
  const isNew = !existsSync(file);
  const raw = openFile(file);
  if (isNew) chmodSync(file, 0o600);
  try {
    raw.pragma("journal_mode = WAL");
    raw.pragma("synchronous = FULL");
    // Four times the usual: carrying pages over from the log is most of what a large sync waits for.
    raw.pragma("wal_autocheckpoint = 4000");
    raw.pragma("foreign_keys = ON");
    raw.pragma("busy_timeout = 5000");
    // What is forgotten is overwritten, not only let go: a request's own words for a mail, say.
    raw.pragma("secure_delete = ON");
    refuseNewer(raw, file);
    const db = drizzle(raw);
    migrate(db, { migrationsFolder });
    return Object.assign(db, { raw, statement: statementsOf(raw) });
  } catch (error) {
    raw.close();
    if (error instanceof StoreOpenError) throw error;
    throw new StoreOpenError(
      `${file} cannot be read as Sealpost's database. Restore it from a backup, or move it away.`,
      {
        cause: error,
      },
    );
  }
}

/** Statements by their text, prepared once: for the list, and for what runs for every order of a sync. */
function statementsOf(raw: Database.Database) {
  const known = new Map<string, Database.Statement<unknown[]>>();
  /** `Row` is what the text selects: whoever writes the one knows the other. */
  return function statement<Row>(text: string): Database.Statement<unknown[], Row> {
    const found = known.get(text) ?? raw.prepare<unknown[]>(text);
    known.set(text, found);
    return found as Database.Statement<unknown[], Row>;
  };
}

function openFile(file: string): Database.Database {
  try {
    return new Database(file);
  } catch (error) {
    const sentence = `${file} cannot be opened. Make it readable and writable for this user.`;
    throw new StoreOpenError(sentence, { cause: error });
  }
}

/** A database that a newer Sealpost has written is left alone: an older one does not know what it would break. */
function refuseNewer(raw: Database.Database, file: string): void {
  const hasTable = raw.prepare("select 1 from sqlite_master where name = '__drizzle_migrations'").get();
  if (!hasTable) return;
  const known = readMigrationFiles({ migrationsFolder }).map((migration) => migration.folderMillis);
  const newest = raw
    .prepare<[], { at: number }>("select max(created_at) as at from __drizzle_migrations")
    .get();
  if ((newest?.at ?? 0) <= Math.max(...known)) return;
  throw new StoreOpenError(
    `${file} was written by a newer version of Sealpost. Start that version, or restore a backup.`,
  );
}
