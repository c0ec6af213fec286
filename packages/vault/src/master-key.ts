import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { VaultOpenError } from "./vault.ts";

const keyBytes = 32;

/**
 * Reads the master key: base64 of 32 bytes in a file only its owner may read. Makes it when there is neither a key nor
 * a vault. Throws VaultOpenError with one plain sentence. The bytes stay in this process's memory until it ends; Node
 * gives no way to keep them out of swap or a core dump.
 */
export async function readMasterKey({
  file,
  isVaultNew,
}: {
  file: string;
  isVaultNew: boolean;
}): Promise<Uint8Array> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw new VaultOpenError(`The master key file ${file} cannot be read. Make it readable for this user.`, {
      cause: error,
    });
  });
  if (text !== null) return await parseKey(file, text);
  if (isVaultNew) return await makeKey(file);
  throw new VaultOpenError(
    `The master key file ${file} is missing. Put the copy you kept back there; without it the vault stays closed.`,
  );
}

async function parseKey(file: string, text: string): Promise<Uint8Array> {
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0) {
    throw new VaultOpenError(`The master key file ${file} can be read by others. Set its mode to 0600.`);
  }
  const key = Buffer.from(text.trim(), "base64");
  if (key.length === keyBytes) return key;
  throw new VaultOpenError(
    `The master key file ${file} does not hold 32 bytes in base64. Put the copy you kept back there.`,
  );
}

async function makeKey(file: string): Promise<Uint8Array> {
  const key = randomBytes(keyBytes);
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(file, "wx", 0o600);
    await handle.writeFile(`${key.toString("base64")}\n`);
    await handle.sync();
    await handle.close();
  } catch (error) {
    const sentence = `The master key file ${file} cannot be made. Make its directory writable, or set SEALPOST_MASTER_KEY_FILE.`;
    throw new VaultOpenError(sentence, { cause: error });
  }
  return key;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
