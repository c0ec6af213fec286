import type { X509Certificate } from "node:crypto";

/** Whether the issuer's key made the signature. A key that cannot verify anything has signed nothing. */
export function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}
