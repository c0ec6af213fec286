import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  CertificateMaterial,
  type CertificateVault,
  type VaultLabel,
  type VaultRef,
  vaultRefSchema,
} from "@sealpost/domain";
import { removeUnfinished, syncDirectory, writeDurably } from "./durable-file.ts";
import { type MasterKeys, needsLabel, rewrap, seal, unseal } from "./sealed-item.ts";

/** The vault does not open; the message is one plain sentence for the person at the terminal. */
export class VaultOpenError extends Error {
  override readonly name = "VaultOpenError";
}

/** The master key is missing or another one: what does not need the vault can still be read. */
export class VaultLockedError extends VaultOpenError {}

const checkFile = "key-check";
const checkText = Buffer.from("this vault opens with this master key");
const suffix = ".sealed";
const heldSuffix = ".held";

/** What the vault holds for the console itself: the root of the audit chain's keys, and of the sign-in library's secret. */
export type HeldKey = "audit" | "sign-in";

export interface Vault extends CertificateVault {
  /** 32 random bytes, made when first asked for; the same ever after, also under another master key. */
  heldKey(name: HeldKey): Promise<Uint8Array>;
  /** From now on seals under the first of these keys, and opens what lies under any. */
  useKeys(masterKeys: MasterKeys): void;
  /** Whether every key in use is among these: with them alone nothing would be lost. */
  usesOnly(masterKeys: MasterKeys): boolean;
  /** Runs work during which no item is discarded, and none put under another key. */
  whileNothingLeaves<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Puts every item under the current key, one after the other, each of them whole at any moment. Items of an older
   * layout need the label by which a row names them; without one they are left, for nothing can ever open them.
   * Resolves to how many were moved. Throws when an item opens with no key: the older key is still needed then.
   */
  rewrapAll(labels: ReadonlyMap<VaultRef, VaultLabel>): Promise<number>;
}

/** Whether a vault was made here before. */
export async function vaultExists(directory: string): Promise<boolean> {
  return await stat(join(directory, checkFile)).then(
    () => true,
    () => false,
  );
}

/** Opens the vault in this directory, or makes it. Throws VaultLockedError: a wrong master key is found here, not at the first download. */
export async function openVault({
  directory,
  masterKeys,
}: {
  directory: string;
  masterKeys: MasterKeys;
}): Promise<Vault> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  let keys = masterKeys;
  if (await vaultExists(directory)) await checkKey(directory, keys);
  else await writeDurably(join(directory, checkFile), seal(keys, checkFile, null, checkText));
  await removeUnfinished(directory);
  const fileOf = (ref: VaultRef) => join(directory, `${ref}${suffix}`);
  const inTurn = oneAtATime();
  const beingPut = new Set<Promise<void>>();
  return {
    async put(label, material) {
      const ref = vaultRefSchema.parse(randomBytes(20).toString("hex"));
      const writing = writeDurably(fileOf(ref), seal(keys, ref, label, material.reveal()));
      beingPut.add(writing);
      await writing.finally(() => beingPut.delete(writing));
      return ref;
    },
    async open(ref, label) {
      // Keys may be changed while the file is read: it lies under one from before or one from after.
      const before = keys;
      const sealed = await readFile(fileOf(ref));
      return new CertificateMaterial(unseal([...keys, ...before], ref, label, sealed));
    },
    discard: (ref) =>
      inTurn(async () => {
        await rm(fileOf(ref), { force: true });
        await syncDirectory(directory);
      }),
    list: () => listItems(directory),
    heldKey: (name) =>
      inTurn(async () => {
        const file = join(directory, `${name}${heldSuffix}`);
        const sealed = await readFile(file).catch(nullIfMissing);
        if (sealed !== null) return unseal(keys, `${name}${heldSuffix}`, null, sealed);
        const made = randomBytes(32);
        await writeDurably(file, seal(keys, `${name}${heldSuffix}`, null, made));
        return made;
      }),
    whileNothingLeaves: (work) => inTurn(work),
    useKeys(next) {
      keys = next;
    },
    usesOnly: (others) => keys.every((key) => others.some((other) => Buffer.from(other).equals(key))),
    async rewrapAll(labels) {
      let moved = 0;
      // What was sealed under the key before lies in the directory only when it has been written.
      await Promise.allSettled(beingPut);
      await inTurn(async () => {});
      for (const name of await readdir(directory)) {
        if (name.startsWith(".")) continue;
        // What is discarded meanwhile must not come back: one at a time with `discard`.
        if (await inTurn(() => rewrapFile(directory, name, keys, labels))) moved++;
      }
      return moved;
    },
  };
}

async function rewrapFile(
  directory: string,
  name: string,
  keys: MasterKeys,
  labels: ReadonlyMap<VaultRef, VaultLabel>,
): Promise<boolean> {
  const file = join(directory, name);
  const sealed = await readFile(file).catch(nullIfMissing);
  if (sealed === null) return false;
  const ref = name.endsWith(suffix) ? vaultRefSchema.parse(name.slice(0, -suffix.length)) : null;
  const label = ref === null ? null : (labels.get(ref) ?? null);
  if (ref !== null && label === null && needsLabel(sealed)) return false;
  const moved = rewrap(keys, ref ?? name, label, sealed);
  if (moved === null) return false;
  await writeDurably(file, moved);
  return true;
}

async function listItems(directory: string) {
  const items = [];
  for (const name of await readdir(directory)) {
    if (!name.endsWith(suffix)) continue;
    const facts = await stat(join(directory, name)).catch(() => null);
    if (facts)
      items.push({ ref: vaultRefSchema.parse(name.slice(0, -suffix.length)), sealedAt: facts.mtime });
  }
  return items;
}

async function checkKey(directory: string, masterKeys: MasterKeys): Promise<void> {
  try {
    unseal(masterKeys, checkFile, null, await readFile(join(directory, checkFile)));
  } catch (error) {
    const sentence = `The vault in ${directory} was sealed with another master key. Set SEALPOST_MASTER_KEY_FILE to the right one.`;
    throw new VaultLockedError(sentence, { cause: error });
  }
}

/** Runs what it is handed one after the other. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}

export function nullIfMissing(error: unknown): null {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
  throw error;
}
