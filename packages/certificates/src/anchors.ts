import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { certificateFields } from "./certificate-fields.ts";

/** What the chain may end in. */
export interface Anchors {
  /** `issuerName`: as `readName` writes it. */
  issuerOf(certificate: X509Certificate, issuerName: string): X509Certificate | null;
  has(certificate: X509Certificate): boolean;
}

const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * Node's own root list and, beside it, what the operator trusts (or the sandbox's root, in the sandbox only). Each text
 * may hold several certificates. Throws when one of them holds none, or one that cannot be read.
 */
export function createAnchors(extraPem: readonly string[]): Anchors {
  const extra = extraPem.flatMap((text) => text.match(block) ?? [text]);
  const all = [...rootCertificates, ...extra].map((pem) => new X509Certificate(pem));
  const bySubject = Map.groupBy(all, (anchor) => nameKey(certificateFields(anchor.raw)?.subject.text ?? ""));
  const fingerprints = new Set(all.map((anchor) => anchor.fingerprint256));
  return {
    has: (certificate) => fingerprints.has(certificate.fingerprint256),
    issuerOf(certificate, issuerName) {
      const candidates = bySubject.get(nameKey(issuerName)) ?? [];
      return candidates.find((anchor) => isIssuedBy(certificate, anchor)) ?? null;
    },
  };
}

/** By names, key identifiers and key usage first, which is cheap, then by signature. */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && isSignedBy(certificate, issuer);
}

export function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    // A key that cannot verify anything has signed nothing.
    return false;
  }
}

/** Names are compared without regard to case (RFC 5280 section 7.1). */
function nameKey(name: string): string {
  return name.toLowerCase();
}
