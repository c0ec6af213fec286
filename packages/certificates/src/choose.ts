import { limits } from "./limits.ts";
import type { CertificatePart, KeyPart, Parts } from "./parts.ts";
import { isSignedBy } from "./signature.ts";

/**
 * The certificate meant: the one a person has chosen, else the one the key fits, else the one the request fits, else the one that issued none of the
 * others; of several the one valid longest. A CA's own certificate is never it, unless somebody made a server's
 * certificate by himself and let it be a CA too, as OpenSSL does when not told otherwise.
 */
export function chooseLeaf(
  { certificates, keys, requests }: Parts,
  chosen: string | null = null,
): CertificatePart | null {
  const candidates = certificates.filter(
    ({ facts }) => !facts.isCa || (facts.isSelfSigned && facts.dnsNames.length > 0),
  );
  const fitting = (others: ReadonlyArray<{ readonly spkiSha256: string }>) =>
    candidates.filter(({ facts }) => others.some(({ spkiSha256 }) => spkiSha256 === facts.spkiSha256));
  const budget = { left: limits.signatureChecks };
  const choices = [
    () => candidates.filter(({ facts }) => facts.fingerprintSha256 === chosen),
    () => fitting(keys.map(({ facts }) => facts)),
    () => fitting(requests),
    () => candidates.filter((candidate) => !hasIssued(candidate, candidates, budget)),
    () => candidates,
  ];
  for (const choice of choices) {
    const [best] = choice().toSorted((a, b) => b.facts.validTo.getTime() - a.facts.validTo.getTime());
    if (best) return best;
  }
  return null;
}

function hasIssued(
  candidate: CertificatePart,
  others: readonly CertificatePart[],
  budget: { left: number },
): boolean {
  return others.some(
    (other) =>
      other.facts.fingerprintSha256 !== candidate.facts.fingerprintSha256 &&
      other.fields.issuer.bytes.equals(candidate.fields.subject.bytes) &&
      budget.left-- > 0 &&
      isSignedBy(other.x509, candidate),
  );
}

/** The key that is the certificate's, else the first, so that it can be said whose it is not. */
export function chooseKey({ keys }: Parts, leaf: CertificatePart | null): KeyPart | null {
  return keys.find(({ facts }) => facts.spkiSha256 === leaf?.facts.spkiSha256) ?? keys[0] ?? null;
}
