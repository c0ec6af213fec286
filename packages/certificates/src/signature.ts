import type { X509Certificate } from "node:crypto";
import type { CertificatePart } from "./parts.ts";

/** What was found for certificates that are still around: those of CAs are, for they come again and again. */
const checked = new WeakMap<X509Certificate, WeakMap<X509Certificate, boolean>>();

/** Whether the issuer's key made the signature. A key that cannot verify anything, or takes its time for it, has signed nothing. */
export function isSignedBy(
  certificate: X509Certificate,
  issuer: Pick<CertificatePart, "x509" | "publicKey">,
): boolean {
  const known = checked.get(certificate) ?? new WeakMap<X509Certificate, boolean>();
  const isSigned = known.get(issuer.x509) ?? isVerified(certificate, issuer);
  checked.set(certificate, known.set(issuer.x509, isSigned));
  return isSigned;
}

function isVerified(
  certificate: X509Certificate,
  { x509, publicKey }: Pick<CertificatePart, "x509" | "publicKey">,
): boolean {
  try {
    return publicKey.isQuick && certificate.verify(x509.publicKey);
  } catch {
    return false;
  }
}
