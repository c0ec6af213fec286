import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { VaultLabel } from "@sealpost/domain";

// Layout: version (1) · nonce (12) · wrapped data key (32) · tag (16) · nonce (12) · ciphertext · tag (16).
// The data key is new for each item and wrapped under the master key; both layers are AES-256-GCM (NIST SP 800-38D).
// The content is bound to its name, its kind and what it belongs to; the wrapping to the name alone, so that it can be
// renewed by who does not know the rest. In version 1 the wrapping was bound to everything.

const version = 2;
const nonceBytes = 12;
const keyBytes = 32;
const tagBytes = 16;
const wrappedEnd = 1 + nonceBytes + keyBytes + tagBytes;

/** The master key, and while it is being changed the one before. */
export type MasterKeys = readonly [current: Uint8Array, ...before: Uint8Array[]];

/** Seals under the current key. `name` is the item's reference, or the name of what the vault holds for itself. */
export function seal(
  [masterKey]: MasterKeys,
  name: string,
  label: VaultLabel | null,
  plain: Uint8Array,
): Buffer {
  const dataKey = randomBytes(keyBytes);
  const wrapped = encrypt(masterKey, wrapBound(version, name, label), dataKey);
  const sealed = encrypt(dataKey, contentBound(version, name, label), plain);
  dataKey.fill(0);
  return Buffer.concat([Buffer.of(version), wrapped, sealed]);
}

/** Throws for anything that is not exactly what was sealed under this name and label. */
export function unseal(
  masterKeys: MasterKeys,
  name: string,
  label: VaultLabel | null,
  sealed: Buffer,
): Buffer {
  const { dataKey } = unwrap(masterKeys, name, label, sealed);
  const plain = decrypt(dataKey, contentBound(versionOf(sealed), name, label), sealed.subarray(wrappedEnd));
  dataKey.fill(0);
  return plain;
}

/**
 * The same item under the current key; null when it already is. The content stays sealed; only items of version 1 are
 * opened, with their label, and sealed anew. Throws for what none of the keys opens.
 */
export function rewrap(
  masterKeys: MasterKeys,
  name: string,
  label: VaultLabel | null,
  sealed: Buffer,
): Buffer | null {
  const { dataKey, masterKey } = unwrap(masterKeys, name, label, sealed);
  if (masterKey === masterKeys[0]) return null;
  if (versionOf(sealed) !== version)
    return seal(masterKeys, name, label, unseal([masterKey], name, label, sealed));
  const wrapped = encrypt(masterKeys[0], wrapBound(version, name, label), dataKey);
  dataKey.fill(0);
  return Buffer.concat([Buffer.of(version), wrapped, sealed.subarray(wrappedEnd)]);
}

/** Whether an item has to be opened with its label to be put under another key. */
export function needsLabel(sealed: Buffer): boolean {
  return versionOf(sealed) === 1;
}

function unwrap(masterKeys: MasterKeys, name: string, label: VaultLabel | null, sealed: Buffer) {
  const found = versionOf(sealed);
  if (found < 1 || found > version || sealed.length < wrappedEnd + nonceBytes + tagBytes) {
    throw new Error("not a sealed item");
  }
  const bound = wrapBound(found, name, label);
  const causes: unknown[] = [];
  for (const masterKey of masterKeys) {
    try {
      return { dataKey: decrypt(masterKey, bound, sealed.subarray(1, wrappedEnd)), masterKey };
    } catch (error) {
      causes.push(error);
    }
  }
  throw new AggregateError(causes, "no master key opens this item");
}

function versionOf(sealed: Buffer): number {
  return sealed[0] ?? 0;
}

function wrapBound(itemVersion: number, name: string, label: VaultLabel | null): Buffer {
  return itemVersion === 1 ? contentBound(1, name, label) : Buffer.from(JSON.stringify([itemVersion, name]));
}

function contentBound(itemVersion: number, name: string, label: VaultLabel | null): Buffer {
  return Buffer.from(JSON.stringify([itemVersion, name, label?.kind ?? null, label?.boundTo ?? null]));
}

function encrypt(key: Uint8Array, bound: Buffer, plain: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(bound);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Uint8Array, bound: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(bound).setAuthTag(sealed.subarray(-tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]);
}
