import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import type { KeyFacts, MaterialSource } from "@sealpost/domain";
import { type DerElement, derAt, derTag, sequenceOf, smallInteger } from "../der.ts";
import { limits } from "../limits.ts";
import { type CertificatePart, note, noteLimit, type Parts } from "../parts.ts";
import { isWeak, type PublicKeyFacts, readPublicKey, shortestRsaBits } from "../public-key.ts";
import { keyRounds } from "./key-rounds.ts";

const keyFormats = {
  "PRIVATE KEY": { type: "pkcs8", name: "PKCS#8" },
  "ENCRYPTED PRIVATE KEY": { type: "pkcs8", name: "PKCS#8" },
  "RSA PRIVATE KEY": { type: "pkcs1", name: "PKCS#1" },
  "EC PRIVATE KEY": { type: "sec1", name: "SEC 1" },
} as const;

export type KeyLabel = keyof typeof keyFormats;

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
  return Object.hasOwn(keyFormats, label);
}

/** Reads one private key, with the passphrase when it has one. */
export function readKey(parts: Parts, block: KeyBlock, source: MaterialSource): void {
  const isEncrypted = block.label === "ENCRYPTED PRIVATE KEY" || block.headers !== "";
  if (parts.keys.length >= limits.keys) return noteLimit(parts, "keys", source);
  if (isEncrypted && parts.passphrase === null) return note(parts, "passphrase-required", {}, source);
  if (isEncrypted && !isAffordable(parts, block, source)) return;
  const opened = openKey(block, isEncrypted ? parts.passphrase : null, parts.certificates);
  if (opened === null) return note(parts, isEncrypted ? "wrong-passphrase" : "malformed-key", {}, source);
  const { publicKey, pkcs8Pem } = opened;
  const { spkiSha256, keyType } = publicKey;
  if (publicKey.rsaBits > limits.rsaBits) return noteLimit(parts, "rsaBits", source);
  const algorithm = tlsAlgorithm(publicKey);
  if (algorithm === null) return note(parts, "unsupported-key", { keyType }, source);
  parts.keys.push({ pkcs8Pem, facts: { spkiSha256, keyType, algorithm, encrypted: isEncrypted, source } });
  const { name } = keyFormats[block.label];
  if (isEncrypted || name !== "PKCS#8")
    note(parts, "key-converted", { from: name, encrypted: isEncrypted ? "yes" : "no" }, source);
  if (isWeak(publicKey)) note(parts, "weak-key", { keyType, shortest: shortestRsaBits }, source);
}

/** The kind of key, where a TLS server can use it (RFC 8446 section 4.2.3); null for any other. */
function tlsAlgorithm({ keyType, rsaBits }: PublicKeyFacts): KeyFacts["algorithm"] | null {
  if (rsaBits > 0) return "rsa";
  if (/^EC P-(256|384|521)$/.test(keyType)) return "ec";
  return keyType === "Ed25519" ? "ed25519" : keyType === "Ed448" ? "ed448" : null;
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

interface OpenKey {
  readonly publicKey: PublicKeyFacts;
  readonly pkcs8Pem: string;
}

/** Opens a key and writes it as it will be stored. Null when it does not open, or cannot be written. */
function openKey(
  block: KeyBlock,
  passphrase: string | null,
  certificates: readonly CertificatePart[],
): OpenKey | null {
  const { der, label, headers } = block;
  const secret = passphrase === null ? {} : { passphrase };
  try {
    const key =
      headers === ""
        ? createPrivateKey({ key: der, format: "der", type: keyFormats[label].type, ...secret })
        : createPrivateKey({ key: armoured(block), format: "pem", ...secret });
    const publicKey = publicKeyOf(key, certificates);
    return publicKey && { publicKey, pkcs8Pem: key.export({ type: "pkcs8", format: "pem" }).toString() };
  } catch {
    return null;
  }
}

/** Asks the certificates found so far first: to write a public key anew takes longer than to open the private one. */
function publicKeyOf(key: KeyObject, certificates: readonly CertificatePart[]): PublicKeyFacts | null {
  const known = certificates.find(({ x509 }) => x509.checkPrivateKey(key));
  if (known) return known.publicKey;
  const spki = derAt(createPublicKey(key).export({ type: "spki", format: "der" }));
  return spki && readPublicKey(spki);
}

/** The old encryption exists as text only. Written anew, so that nothing of the text around it reaches OpenSSL. */
function armoured({ der, label, headers }: KeyBlock): string {
  const body = der.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN ${label}-----\n${headers}\n\n${body}\n-----END ${label}-----\n`;
}
