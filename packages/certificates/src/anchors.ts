import { rootCertificates } from "node:tls";
import { type CertificateIndex, dersOf, indexOf, joined, partOf } from "./certificate-index.ts";
import type { CertificatePart } from "./parts.ts";

/** What the chain may end in. */
export interface Anchors {
  /** The anchors that bear the name of this certificate's issuer. */
  named(certificate: CertificatePart): readonly CertificatePart[];
  has(certificate: CertificatePart): boolean;
}

let builtIn: CertificateIndex | null = null;

/**
 * Node's own root list and, beside it, what the operator trusts (or the sandbox's root, in the sandbox only). Each text
 * may hold several certificates. Throws when one of them holds none, or one that cannot be read.
 */
export function createAnchors(extraPem: readonly string[]): Anchors {
  for (const text of extraPem) refuseUnreadable(text);
  const own = indexOf(extraPem.flatMap(dersOf), "library");
  builtIn ??= indexOf(rootCertificates.flatMap(dersOf), "given");
  const known = joined(own, builtIn);
  return {
    named: ({ fields }) => known.bearing(fields.issuer.bytes),
    has: ({ fields, facts }) =>
      known
        .bearing(fields.subject.bytes)
        .some((anchor) => anchor.facts.fingerprintSha256 === facts.fingerprintSha256),
  };
}

function refuseUnreadable(text: string): void {
  const ders = dersOf(text);
  if (ders.length === 0 || ders.some((der) => partOf(der, "given") === null))
    throw new Error("a trusted certificate cannot be read");
}
