import { randomBytes } from "node:crypto";
import { open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Readable by its owner alone, and there in full after a power cut, or as before: written aside, synced, renamed, and the directory synced. */
export async function writeDurably(file: string, bytes: Uint8Array | string): Promise<void> {
  const aside = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const handle = await open(aside, "wx", 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  await syncDirectory(dirname(file));
}

/** Removes what was being written here when an earlier process ended: of one file, or of all. Nobody was told that it is there. */
export async function removeUnfinished(directory: string, name = ""): Promise<void> {
  for (const found of await readdir(directory)) {
    if (found.startsWith(`.${name}`) && found.endsWith(".tmp"))
      await rm(join(directory, found), { force: true });
  }
}

/** What was renamed or removed in it stays so. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
