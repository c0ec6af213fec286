import { randomBytes } from "node:crypto";
import { mkdir, readFile, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { removeUnfinished, writeDurably } from "./durable-file.ts";
import type { MasterKeys } from "./sealed-item.ts";
import { nullIfMissing, VaultLockedError, VaultOpenError } from "./vault.ts";

const keyBytes = 32;

/**
 * Reads the master key: base64 of 32 bytes in a file only its owner may read; while it is being changed, a second line
 * holds the one before. Makes it when there is neither a key nor a vault. Throws VaultLockedError when there is no key
 * to be had, and VaultOpenError for a file that must be mended first; each with one plain sentence. The bytes stay in
 * this process's memory until it ends; Node gives no way to keep them out of swap or a core dump.
 */
export async function readMasterKeys({
  file,
  isVaultNew,
}: {
  file: string;
  isVaultNew: boolean;
}): Promise<MasterKeys> {
  // Keys in the clear, in a file that nobody knows of. Where nothing may be removed, nothing was written either.
  await removeUnfinished(dirname(file), `${basename(file)}.`).catch(() => {});
  const text = await readFile(file, "utf8")
    .catch(nullIfMissing)
    .catch((error: unknown) => {
      throw new VaultOpenError(
        `The master key file ${file} cannot be read. Make it readable for this user.`,
        {
          cause: error,
        },
      );
    });
  if (text !== null) return await parseKeys(file, text);
  if (isVaultNew) return await makeKey(file);
  throw new VaultLockedError(
    `The master key file ${file} is missing. Put the copy you kept back there; without it the vault stays closed.`,
  );
}

async function parseKeys(file: string, text: string): Promise<MasterKeys> {
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0) {
    throw new VaultOpenError(`The master key file ${file} can be read by others. Set its mode to 0600.`);
  }
  const [current, ...before] = text
    .trim()
    .split(/\s+/)
    .map((line) => Buffer.from(line, "base64"));
  if (current && [current, ...before].every((key) => key.length === keyBytes)) return [current, ...before];
  throw new VaultLockedError(
    `The master key file ${file} does not hold 32 bytes in base64. Put the copy you kept back there.`,
  );
}

async function makeKey(file: string): Promise<MasterKeys> {
  const keys: MasterKeys = [randomBytes(keyBytes)];
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeMasterKeys(file, keys);
  } catch (error) {
    const sentence = `The master key file ${file} cannot be made. Make its directory writable, or set SEALPOST_MASTER_KEY_FILE.`;
    throw new VaultOpenError(sentence, { cause: error });
  }
  return keys;
}

/** Replaces the file as a whole: after a crash it holds either these keys or those before. */
export async function writeMasterKeys(file: string, keys: MasterKeys): Promise<void> {
  await writeDurably(file, keys.map((key) => `${Buffer.from(key).toString("base64")}\n`).join(""));
}
