import { type CertificateIndex, dersOf, indexOf, partOf } from "./certificate-index.ts";

/** Public intermediate certificates known beforehand, from which a chain is completed without asking any network. */
export type Library = CertificateIndex;

/** Each text holds PEM certificates; one that cannot be read is passed over, since a library is only an offer. */
export function createLibrary(texts: readonly string[]): Library {
  return indexOf(texts.flatMap(dersOf), "library");
}

/**
 * A certificate that may complete chains, as PEM: that of a CA which another has signed. Null for roots, for servers'
 * certificates, and for what cannot be read.
 */
export function intermediateOf(der: Buffer): string | null {
  const part = partOf(der, "library");
  return part?.facts.isCa && !part.facts.isSelfSigned ? pemOf(der) : null;
}

/** RFC 7468: 64 columns, LF. */
export function pemOf(der: Buffer): string {
  const base64 = der.toString("base64");
  let lines = "";
  for (let at = 0; at < base64.length; at += 64) lines += `${base64.slice(at, at + 64)}\n`;
  return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`;
}
