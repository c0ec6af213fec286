import type { X509Certificate } from "node:crypto";
import type { CertificatePart } from "./parts.ts";

/** Whether the issuer's key made the signature. A key that cannot verify anything, or takes its time for it, has signed nothing. */
export function isSignedBy(
  certificate: X509Certificate,
  { x509, publicKey }: Pick<CertificatePart, "x509" | "publicKey">,
): boolean {
  try {
    return publicKey.isQuick && certificate.verify(x509.publicKey);
  } catch {
    return false;
  }
}
