import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import type { MaterialSource } from "@sealpost/domain";
import { sha256 } from "../certificate-facts.ts";
import { type DerElement, derAt, derTag, sequenceOf, smallInteger } from "../der.ts";
import { isWeak, keyBits, keyType, shortestRsaBits } from "../key-type.ts";
import { limits } from "../limits.ts";
import { note, noteLimit, type Parts } from "../parts.ts";
import { keyRounds } from "./key-rounds.ts";

const containers = {
  "PRIVATE KEY": "PKCS#8",
  "ENCRYPTED PRIVATE KEY": "PKCS#8",
  "RSA PRIVATE KEY": "PKCS#1",
  "EC PRIVATE KEY": "SEC 1",
} as const;

export type KeyLabel = keyof typeof containers;

export interface KeyBlock {
  readonly der: Buffer;
  readonly label: KeyLabel;
  /** `Proc-Type` and `DEK-Info` of the old encryption (RFC 1421 section 4.6), which hides the shape of the key. */
  readonly headers: string;
}

/** The PEM label of a key, told by its first elements. Null for anything else. */
export function keyLabel([first, second, third]: readonly DerElement[]): KeyLabel | null {
  if (first?.tag === derTag.sequence && second?.tag === derTag.octetString && third === undefined)
    return "ENCRYPTED PRIVATE KEY";
  if (first?.tag !== derTag.integer) return null;
  const version = smallInteger(first);
  if (version <= 1 && second?.tag === derTag.sequence && third?.tag === derTag.octetString)
    return "PRIVATE KEY";
  if (version <= 1 && second?.tag === derTag.integer && third?.tag === derTag.integer)
    return "RSA PRIVATE KEY";
  return version === 1 && second?.tag === derTag.octetString ? "EC PRIVATE KEY" : null;
}

export function isKeyLabel(label: string): label is KeyLabel {
  return Object.hasOwn(containers, label);
}

/** Reads one private key, with the passphrase when it has one. */
export function readKey(parts: Parts, block: KeyBlock, source: MaterialSource): void {
  const isEncrypted = block.label === "ENCRYPTED PRIVATE KEY" || block.headers !== "";
  if (parts.keys.length >= limits.keys) return noteLimit(parts, "keys", source);
  if (isEncrypted && parts.passphrase === null) return note(parts, "passphrase-required", {}, source);
  if (isEncrypted && !isAffordable(parts, block, source)) return;
  const key = openKey(block, isEncrypted ? parts.passphrase : null);
  if (key === null) return note(parts, isEncrypted ? "wrong-passphrase" : "malformed-key", {}, source);
  if (keyBits(key) > limits.keyBits) return noteLimit(parts, "keyBits", source);
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  parts.keys.push({ key, facts: { spkiSha256: sha256(spki), keyType: keyType(key), source } });
  const container = containers[block.label];
  if (isEncrypted || container !== "PKCS#8")
    note(parts, "key-converted", { from: container, encrypted: isEncrypted ? "yes" : "no" }, source);
  if (isWeak(key)) note(parts, "weak-key", { keyType: keyType(key), shortest: shortestRsaBits }, source);
}

/** Whether the passphrase may be tried: the rounds a key asks for are counted before any native call. */
function isAffordable(parts: Parts, { der, headers }: KeyBlock, source: MaterialSource): boolean {
  // The old encryption derives with one round of MD5.
  const rounds = headers === "" ? keyRounds(sequenceOf(derAt(der))[0]) : 1;
  if (rounds === null) {
    note(parts, "unsupported-format", { format: "encrypted key" }, source);
    return false;
  }
  parts.spent.keyRounds += rounds;
  if (parts.spent.keyRounds <= limits.keyRounds) return true;
  noteLimit(parts, "keyRounds", source);
  return false;
}

/** Written anew from its bytes, so that nothing of the text around it reaches OpenSSL. Null when it does not open. */
function openKey({ der, label, headers }: KeyBlock, passphrase: string | null): KeyObject | null {
  const head = headers === "" ? "" : `${headers}\n\n`;
  const body = der.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  const pem = `-----BEGIN ${label}-----\n${head}${body}\n-----END ${label}-----\n`;
  try {
    const key = createPrivateKey({ key: pem, format: "pem", ...(passphrase === null ? {} : { passphrase }) });
    // What cannot be written again cannot be stored.
    key.export({ type: "pkcs8", format: "der" });
    return key;
  } catch {
    return null;
  }
}
