import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { CertificateMaterial, type CertificateVault, type VaultRef, vaultRefSchema } from "@sealpost/domain";
import { seal, unseal } from "./sealed-item.ts";

/** The vault does not open; the message is one plain sentence for the person at the terminal. */
export class VaultOpenError extends Error {
  override readonly name = "VaultOpenError";
}

const checkFile = "key-check";
const checkText = Buffer.from("this vault opens with this master key");
const suffix = ".sealed";

/** Whether a vault was made here before. */
export async function vaultExists(directory: string): Promise<boolean> {
  return await stat(join(directory, checkFile)).then(
    () => true,
    () => false,
  );
}

/** Opens the vault in this directory, or makes it. A wrong master key is found here, not at the first download. */
export async function openVault({
  directory,
  masterKey,
}: {
  directory: string;
  masterKey: Uint8Array;
}): Promise<CertificateVault> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (await vaultExists(directory)) await checkKey(directory, masterKey);
  else await writeDurably(directory, checkFile, seal(masterKey, "key-check", null, checkText));
  const fileOf = (ref: VaultRef) => `${ref}${suffix}`;
  return {
    async put(label, material) {
      const ref = vaultRefSchema.parse(randomBytes(20).toString("hex"));
      await writeDurably(directory, fileOf(ref), seal(masterKey, ref, label, material.reveal()));
      return ref;
    },
    async open(ref, label) {
      const sealed = await readFile(join(directory, fileOf(ref)));
      return new CertificateMaterial(unseal(masterKey, ref, label, sealed));
    },
    async discard(ref) {
      await rm(join(directory, fileOf(ref)), { force: true });
      await syncDirectory(directory);
    },
    async list() {
      const items = [];
      for (const name of await readdir(directory)) {
        if (!name.endsWith(suffix)) continue;
        const facts = await stat(join(directory, name)).catch(() => null);
        if (facts)
          items.push({ ref: vaultRefSchema.parse(name.slice(0, -suffix.length)), sealedAt: facts.mtime });
      }
      return items;
    },
  };
}

async function checkKey(directory: string, masterKey: Uint8Array): Promise<void> {
  try {
    unseal(masterKey, "key-check", null, await readFile(join(directory, checkFile)));
  } catch (error) {
    const sentence = `The vault in ${directory} was sealed with another master key. Set SEALPOST_MASTER_KEY_FILE to the right one.`;
    throw new VaultOpenError(sentence, { cause: error });
  }
}

/** There in full after a power cut, or not at all: written aside, synced, renamed, and the directory synced. */
async function writeDurably(directory: string, name: string, bytes: Buffer): Promise<void> {
  const aside = join(directory, `.${name}.${randomBytes(6).toString("hex")}.tmp`);
  const handle = await open(aside, "wx", 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(aside, join(directory, name));
  await syncDirectory(directory);
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  await handle.sync();
  await handle.close();
}
