import { randomBytes } from "node:crypto";
import type { VaultLabel, VaultRef } from "@sealpost/domain";
import { readMasterKeys, writeMasterKeys } from "./master-key.ts";
import type { MasterKeys } from "./sealed-item.ts";
import { type Vault, VaultOpenError } from "./vault.ts";

export interface Rotation {
  readonly vault: Vault;
  readonly keyFile: string;
  /** How rows name the items; asked for once the new key is in use. */
  readonly labels: () => Promise<ReadonlyMap<VaultRef, VaultLabel>>;
  /** Told how many items and keys were moved, before the older key is forgotten: a crash may have it told twice, never not at all. */
  readonly onMoved: (moved: number) => Promise<void>;
}

/**
 * Makes a new master key, puts every item under it, and forgets the one before. The vault stays open throughout. The
 * key file holds both keys until the last item has moved, so that a crash at any moment leaves a vault that opens; the
 * next start, or the next call, goes on with the same key. Resolves to how many items and keys of the vault were moved.
 * Throws VaultOpenError, with nothing touched, for a key file that must be mended first: what it does not hold of the
 * keys in use would be lost for good.
 */
export async function rotateVault(rotation: Rotation): Promise<number> {
  const { vault, keyFile } = rotation;
  const [current, ...before] = await readMasterKeys({ file: keyFile, isVaultNew: false });
  if (!vault.usesOnly([current, ...before])) {
    throw new VaultOpenError(
      `The master key file ${keyFile} does not hold the key in use. Put the right file back there, and run this again.`,
    );
  }
  const keys: MasterKeys = before.length > 0 ? [current, ...before] : [randomBytes(32), current];
  await writeMasterKeys(keyFile, keys);
  return await finishRotation(rotation, keys);
}

/** Goes on where an earlier process was cut off. Resolves to 0 when nothing was under way. */
export async function resumeRotation(rotation: Rotation, masterKeys: MasterKeys): Promise<number> {
  return masterKeys.length > 1 ? await finishRotation(rotation, masterKeys) : 0;
}

async function finishRotation(
  { vault, keyFile, labels, onMoved }: Rotation,
  keys: MasterKeys,
): Promise<number> {
  vault.useKeys(keys);
  const moved = await vault.rewrapAll(await labels());
  await onMoved(moved);
  // No longer in use before it leaves the file, which at any moment holds every key in use.
  vault.useKeys([keys[0]]);
  await writeMasterKeys(keyFile, [keys[0]]);
  return moved;
}
