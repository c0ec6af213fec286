import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";

/** Trust anchors by subject. */
export interface Anchors {
  issuerOf(certificate: X509Certificate): X509Certificate | null;
  has(certificate: X509Certificate): boolean;
}

/** Node's own root list and, beside it, what the operator trusts (or the sandbox's root, in the sandbox only). */
export function createAnchors(extraPem: readonly string[]): Anchors {
  const all = [...rootCertificates, ...extraPem].map((pem) => new X509Certificate(pem));
  const bySubject = Map.groupBy(all, (anchor) => anchor.subject);
  const fingerprints = new Set(all.map((anchor) => anchor.fingerprint256));
  return {
    has: (certificate) => fingerprints.has(certificate.fingerprint256),
    issuerOf(certificate) {
      const candidates = bySubject.get(certificate.issuer) ?? [];
      return candidates.find((anchor) => isIssuedBy(certificate, anchor)) ?? null;
    },
  };
}

/** By name and key identifier first, which is cheap, then by signature. */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
