import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import type { KeyFacts, MaterialSource } from "@sealpost/domain";
import { type DerElement, derAt, derChildren, derTag, sequenceOf, smallInteger } from "../der.ts";
import { limits } from "../limits.ts";
import { type CertificatePart, isShort, mayStill, note, noteLimit, type Parts } from "../parts.ts";
import {
  curveType,
  isWeak,
  keyTypeOf,
  type PublicKeyFacts,
  readPublicKey,
  shortestRsaBits,
} from "../public-key.ts";
import { dekScheme, passwordScheme } from "./pbe.ts";

const keyFormats = {
  "PRIVATE KEY": "PKCS#8",
  "ENCRYPTED PRIVATE KEY": "PKCS#8",
  "RSA PRIVATE KEY": "PKCS#1",
  "EC PRIVATE KEY": "SEC 1",
} as const;

/** Parameters in an ECPrivateKey (RFC 5915 section 3). */
const curveTag = 0xa0;

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
  if (isEncrypted) return readEncryptedKey(parts, block, source);
  const from = keyFormats[block.label];
  if (!keepKey(parts, block.der, { from, encrypted: false }, source))
    note(parts, "malformed-key", {}, source);
}

function readEncryptedKey(parts: Parts, { der, headers }: KeyBlock, source: MaterialSource): void {
  const [algorithm, sealed] = headers === "" ? sequenceOf(derAt(der)) : [];
  const info = /^DEK-Info:\s*(.+)$/m.exec(headers)?.[1] ?? "";
  const scheme = headers === "" ? passwordScheme(algorithm) : dekScheme(info);
  if (scheme === null) {
    const format = `encrypted key ${info.split(",")[0]}`.trim();
    return note(parts, "unsupported-key-format", { format }, source);
  }
  const about = { what: "key", scheme: scheme.name };
  if (parts.passphrase === null) return note(parts, "passphrase-required", about, source);
  const text = sealed?.content ?? der;
  if (!mayStill(parts, "keyRounds", scheme.rounds(parts.passphrase, text), source)) return;
  const from = headers === "" ? "PKCS#8" : "PKCS#1";
  for (const plain of scheme.decrypt(parts.passphrase, text))
    if (keepKey(parts, plain, { from, encrypted: true }, source)) return;
  note(parts, "wrong-passphrase", about, source);
}

/** How a key came: the name of its container, and whether behind a passphrase. */
interface KeyOrigin {
  readonly from: string;
  readonly encrypted: boolean;
}

/** Takes a plain key in DER, told by its shape, or says why it is of no use. False when it is no private key. */
export function keepKey(
  parts: Parts,
  der: Buffer,
  { from, encrypted }: KeyOrigin,
  source: MaterialSource,
): boolean {
  const children = sequenceOf(derAt(der));
  const label = keyLabel(children);
  if (label === null) return false;
  if (!mayStill(parts, "keys", 1, source) || !isShort(parts, "keyBytes", der, source)) return true;
  const keyType = typeOf(label, children);
  if (keyType !== "" && tlsAlgorithm(keyType) === null) {
    note(parts, "unsupported-key", { keyType }, source);
    return true;
  }
  if (rsaNumbers(label, children).some(({ content }) => content.length > limits.rsaBits / 8 + 1)) {
    noteLimit(parts, "rsaBits", source);
    return true;
  }
  const opened = openKey(der, label, parts.certificates);
  if (opened) takeKey(parts, opened, { from, encrypted }, source);
  return opened !== null;
}

/**
 * The kind of key by its bytes, empty where they do not say: to open one of DSA can take hours, since OpenSSL works out
 * its public half, of numbers of any length.
 */
function typeOf(label: KeyLabel, children: readonly DerElement[]): string {
  if (label === "PRIVATE KEY") return keyTypeOf(children[1]);
  // Version, p, q, g and both halves (the DSA form of OpenSSL): six numbers where RSA has nine.
  if (label === "RSA PRIVATE KEY") return children.length === 6 ? "DSA" : "RSA";
  const parameters = children.find(({ tag }) => tag === curveTag);
  return parameters ? curveType(derChildren(parameters)[0]) : "";
}

/** The numbers of an RSA key (RFC 8017 appendix A.1.2): any of them too long makes a signature take seconds. */
function rsaNumbers(label: KeyLabel, children: readonly DerElement[]): readonly DerElement[] {
  if (label === "RSA PRIVATE KEY") return children;
  const inner = label === "PRIVATE KEY" && keyTypeOf(children[1]) === "RSA" ? children[2] : undefined;
  return inner ? sequenceOf(derAt(inner.content)) : [];
}

function takeKey(
  parts: Parts,
  { publicKey, pkcs8Pem }: OpenKey,
  { from, encrypted }: KeyOrigin,
  source: MaterialSource,
): void {
  const { spkiSha256, keyType } = publicKey;
  const algorithm = tlsAlgorithm(keyType);
  if (algorithm === null) return note(parts, "unsupported-key", { keyType }, source);
  parts.keys.push({ pkcs8Pem, facts: { spkiSha256, keyType, algorithm, encrypted, source } });
  if (encrypted || from !== "PKCS#8")
    note(parts, "key-converted", { from, encrypted: encrypted ? "yes" : "no" }, source);
  if (isWeak(publicKey)) note(parts, "weak-key", { keyType, shortest: shortestRsaBits }, source);
}

/** The kind of key, where a TLS server can use it (RFC 8446 section 4.2.3); null for any other. */
function tlsAlgorithm(keyType: string): KeyFacts["algorithm"] | null {
  if (keyType.startsWith("RSA")) return "rsa";
  if (/^EC P-(256|384|521)$/.test(keyType)) return "ec";
  return keyType === "Ed25519" ? "ed25519" : keyType === "Ed448" ? "ed448" : null;
}

interface OpenKey {
  readonly publicKey: PublicKeyFacts;
  readonly pkcs8Pem: string;
}

/** Opens a key and writes it as it will be stored. Null when it does not open, or cannot be written. */
function openKey(der: Buffer, label: KeyLabel, certificates: readonly CertificatePart[]): OpenKey | null {
  try {
    // As text: Node takes twice as long to find out that bytes are no key of its own.
    const key = createPrivateKey(
      `-----BEGIN ${label}-----\n${der.toString("base64")}\n-----END ${label}-----\n`,
    );
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
