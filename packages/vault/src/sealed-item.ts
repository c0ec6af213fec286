import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { VaultLabel, VaultRef } from "@sealpost/domain";

// Layout: version (1) · nonce (12) · wrapped data key (32) · tag (16) · nonce (12) · ciphertext · tag (16).
// The data key is new for each item and wrapped under the master key; both layers are AES-256-GCM (NIST SP 800-38D)
// and bound to the reference, the kind and what the item belongs to.

const version = 1;
const nonceBytes = 12;
const keyBytes = 32;
const tagBytes = 16;
const wrappedEnd = 1 + nonceBytes + keyBytes + tagBytes;

export function seal(
  masterKey: Uint8Array,
  ref: VaultRef | "key-check",
  label: VaultLabel | null,
  plain: Uint8Array,
): Buffer {
  const dataKey = randomBytes(keyBytes);
  const bound = boundData(ref, label);
  const wrapped = encrypt(masterKey, bound, dataKey);
  const sealed = Buffer.concat([Buffer.of(version), wrapped, encrypt(dataKey, bound, plain)]);
  dataKey.fill(0);
  return sealed;
}

/** Throws for anything that is not exactly what was sealed under this reference and label. */
export function unseal(
  masterKey: Uint8Array,
  ref: VaultRef | "key-check",
  label: VaultLabel | null,
  sealed: Buffer,
): Buffer {
  if (sealed[0] !== version || sealed.length < wrappedEnd + nonceBytes + tagBytes)
    throw new Error("not a sealed item");
  const bound = boundData(ref, label);
  const dataKey = decrypt(masterKey, bound, sealed.subarray(1, wrappedEnd));
  const plain = decrypt(dataKey, bound, sealed.subarray(wrappedEnd));
  dataKey.fill(0);
  return plain;
}

function boundData(ref: string, label: VaultLabel | null): Buffer {
  return Buffer.from(JSON.stringify([version, ref, label?.kind ?? null, label?.boundTo ?? null]));
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
