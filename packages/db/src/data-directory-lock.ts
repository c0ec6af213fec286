import { chmodSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";

/** Another process owns the data directory; the message is one plain sentence. */
export class DataDirectoryLocked extends Error {
  override readonly name = "DataDirectoryLocked";
}

/**
 * Holds the data directory for the life of this process. The lock is SQLite's own on a small file, so the system lets
 * go of it however the process ends.
 */
export function lockDataDirectory(directory: string): { release(): void } {
  const file = join(directory, "lock");
  const lock = new Database(file, { timeout: 0 });
  chmodSync(file, 0o600);
  try {
    lock.pragma("journal_mode = DELETE");
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    const sentence = `Another Sealpost already works in ${directory}. Stop it, or set SEALPOST_DATA_DIR and PORT to others.`;
    throw new DataDirectoryLocked(sentence, { cause: error });
  }
  return { release: () => void lock.close() };
}
