import type { MaterialSource } from "@sealpost/domain";
import { note, type Parts } from "../parts.ts";
import type { ArmouredBlock } from "./armour.ts";
import { foreignKeyFormat, isPassedOver, isPrivateKeyLabel } from "./pem-labels.ts";

/**
 * Names blocks that hold nothing for TLS: keys of other programs, settings without their key, OpenPGP. Null for all
 * others.
 */
export function readForeignBlock(
  parts: Parts,
  { label }: ArmouredBlock,
  labels: readonly string[],
  source: MaterialSource,
): "passed" | "refused" | null {
  if (isPassedOver(label)) return "passed";
  if (label.endsWith("PARAMETERS")) return readParameters(parts, label, labels, source);
  const format = foreignKeyFormat(label);
  if (format) note(parts, "unsupported-key-format", { format }, source);
  else if (label === "PGP MESSAGE") note(parts, "encrypted-email", {}, source);
  else if (label.startsWith("PGP ")) note(parts, "unsupported-format", { format: "PGP key" }, source);
  else return null;
  return "refused";
}

/** Settings stand before a key and repeat what is in it; a server's file may hold a group for Diffie-Hellman besides. */
function readParameters(
  parts: Parts,
  label: string,
  labels: readonly string[],
  source: MaterialSource,
): "passed" | "refused" {
  const isBeside = labels.some(
    (other) => isPrivateKeyLabel(other) || (label.endsWith("DH PARAMETERS") && other.endsWith("CERTIFICATE")),
  );
  if (isBeside) return "passed";
  note(parts, "unsupported-key-format", { format: label }, source);
  return "refused";
}

const foreignStarts: readonly (readonly [string, RegExp])[] = [
  ["PuTTY key", /^[ \t]{0,20}PuTTY-User-Key-File-\d/m],
  [
    "OpenSSH public key",
    /^[ \t]{0,20}(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d{3}|sk-\S{1,40}) AAAA[A-Za-z0-9+/]/m,
  ],
  ["JWK", /"kty"\s{0,4}:\s{0,4}"(?:RSA|EC|OKP)"/],
];

/** The name of a key's format that is told by how its text begins; null for anything else. */
export function foreignTextFormat(text: string): string | null {
  return foreignStarts.find(([, start]) => start.test(text))?.[0] ?? null;
}
