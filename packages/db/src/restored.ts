import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from "node:fs";
import type { Db } from "./open-database.ts";

interface Identity {
  readonly inode: string;
  readonly starts: number;
}

/**
 * Whether this database is a copy put back, and not the file that was left: its inode is another one (the directory
 * was restored), or the counter beside it has gone on without it (the file was restored in place). Counts this start.
 * The counter goes to disk first, so that a crash in between looks like nothing.
 */
export function noticeRestore(db: Db, file: string): boolean {
  const beside = `${file}.starts`;
  const known = db.raw.prepare<[], Identity>("select inode, starts from identity").get();
  const counted = readCount(beside);
  const inode = fileIdentity(file);
  const isRestored =
    known !== undefined &&
    (known.inode !== inode || (counted !== known.starts && counted !== known.starts + 1));
  const starts = Math.max(known?.starts ?? 0, counted ?? 0) + 1;
  writeCount(beside, starts);
  db.raw.prepare("insert or replace into identity (only, inode, starts) values (1, ?, ?)").run(inode, starts);
  return isRestored;
}

/** Inode numbers are used again, so the moment of birth belongs to it, where the file system keeps one. */
function fileIdentity(file: string): string {
  const { ino, birthtimeNs, ctimeNs } = statSync(file, { bigint: true });
  return birthtimeNs === ctimeNs ? `${ino}` : `${ino} ${birthtimeNs}`;
}

function readCount(file: string): number | null {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

function writeCount(file: string, count: number): void {
  const handle = openSync(`${file}.tmp`, "w", 0o600);
  writeSync(handle, String(count));
  fsyncSync(handle);
  closeSync(handle);
  renameSync(`${file}.tmp`, file);
}
