import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { finding, type MaterialSource } from "@sealpost/domain";
import { sha256 } from "../certificate-facts.ts";
import { derAt, derTag, derWalk } from "../der.ts";
import { isWeak, keyType, shortestRsaBits } from "../key-type.ts";
import { limits } from "../limits.ts";
import type { Parts } from "../parts.ts";

export interface KeyBlock {
  readonly der: Buffer;
  /** The PEM label: `PRIVATE KEY`, `ENCRYPTED PRIVATE KEY`, `RSA PRIVATE KEY`, `EC PRIVATE KEY`. */
  readonly label: string;
  /** `Proc-Type` and `DEK-Info` of the old encryption (RFC 1421 section 4.6). */
  readonly headers: string;
}

const containers: Readonly<Record<string, string>> = {
  "PRIVATE KEY": "PKCS#8",
  "ENCRYPTED PRIVATE KEY": "PKCS#8",
  "RSA PRIVATE KEY": "PKCS#1",
  "EC PRIVATE KEY": "SEC 1",
};

/** Reads one private key, with the passphrase when it has one. */
export function readKey(parts: Parts, block: KeyBlock, source: MaterialSource): void {
  const add = (...args: Parameters<typeof finding>) => void parts.findings.push(finding(...args));
  const isEncrypted = block.label === "ENCRYPTED PRIVATE KEY" || /ENCRYPTED/.test(block.headers);
  const container = containers[block.label];
  if (!container) return add("unsupported-format", { format: block.label.toLowerCase() }, source);
  if (parts.keys.length >= limits.keys)
    return add("resource-limit", { limit: "keys", value: limits.keys }, source);
  if (isEncrypted && parts.passphrase === null) return add("passphrase-required", {}, source);
  parts.keyRounds -= isEncrypted ? rounds(block.der) : 0;
  if (parts.keyRounds < 0) return add("resource-limit", { limit: "rounds", value: limits.keyRounds }, source);
  const key = openKey(block, isEncrypted ? parts.passphrase : null);
  if (key === null) return add(isEncrypted ? "wrong-passphrase" : "malformed-key", {}, source);
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  parts.keys.push({
    key,
    facts: { spkiSha256: sha256(spki), keyType: keyType(key), source },
    container,
    wasEncrypted: isEncrypted,
  });
  if (isEncrypted || container !== "PKCS#8")
    add("key-converted", { from: container, encrypted: isEncrypted ? "yes" : "no" }, source);
  if (isWeak(key)) add("weak-key", { keyType: keyType(key), shortest: shortestRsaBits }, source);
}

/** Written anew from its bytes, so that nothing of the text around it reaches OpenSSL. Null when it does not open. */
function openKey({ der, label, headers }: KeyBlock, passphrase: string | null): KeyObject | null {
  const head = headers === "" ? "" : `${headers}\n\n`;
  const body = der.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  const pem = `-----BEGIN ${label}-----\n${head}${body}\n-----END ${label}-----\n`;
  try {
    return createPrivateKey({ key: pem, format: "pem", ...(passphrase === null ? {} : { passphrase }) });
  } catch {
    return null;
  }
}

/** The largest number in the parameters of an encrypted key: its key-derivation rounds (RFC 8018), or scrypt's cost. */
function rounds(der: Buffer): number {
  const outer = derAt(der);
  if (outer?.tag !== derTag.sequence) return 1;
  let most = 1;
  for (const element of derWalk(outer)) {
    if (element.tag !== derTag.integer) continue;
    most = Math.max(
      most,
      element.content.length > 6
        ? Number.MAX_SAFE_INTEGER
        : element.content.readUIntBE(0, element.content.length || 1),
    );
  }
  return most;
}
