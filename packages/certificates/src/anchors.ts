import { rootCertificates } from "node:tls";
import { readCertificate } from "./certificate-facts.ts";
import { derAt } from "./der.ts";
import { nameKey } from "./general-names.ts";
import type { CertificatePart } from "./parts.ts";

/** What the chain may end in. */
export interface Anchors {
  /** The anchors that bear the name of this certificate's issuer. */
  named(certificate: CertificatePart): readonly CertificatePart[];
  has(certificate: CertificatePart): boolean;
}

const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
let builtIn: ReadonlyMap<string, readonly CertificatePart[]> | null = null;

/**
 * Node's own root list and, beside it, what the operator trusts (or the sandbox's root, in the sandbox only). Each text
 * may hold several certificates. Throws when one of them holds none, or one that cannot be read.
 */
export function createAnchors(extraPem: readonly string[]): Anchors {
  builtIn ??= bySubject(rootCertificates.map(certificateOf));
  const own = bySubject(certificatesIn(extraPem));
  const known = [own, builtIn];
  return {
    named: ({ fields }) => known.flatMap((map) => map.get(nameKey(fields.issuer.bytes)) ?? []),
    has: ({ fields, facts }) =>
      known.some((map) =>
        map
          .get(nameKey(fields.subject.bytes))
          ?.some((anchor) => anchor.facts.fingerprintSha256 === facts.fingerprintSha256),
      ),
  };
}

/** Every certificate in these texts. Throws as `createAnchors` does. */
export function certificatesIn(texts: readonly string[]): readonly CertificatePart[] {
  return texts.flatMap((text) => text.match(block) ?? [text]).map(certificateOf);
}

function bySubject(parts: readonly CertificatePart[]): ReadonlyMap<string, readonly CertificatePart[]> {
  return Map.groupBy(parts, ({ fields }) => nameKey(fields.subject.bytes));
}

function certificateOf(pem: string): CertificatePart {
  const der = Buffer.from(pem.replace(/-----[^-]*-----/g, ""), "base64");
  const part = derAt(der) && readCertificate(der, { path: ["trusted"] });
  if (!part) throw new Error("a trusted certificate cannot be read");
  return part;
}
