import { anyExtendedKeyUsage, type Extensions, extensionOid, keyUsageBit, serverAuth } from "./extensions.ts";
import { limits } from "./limits.ts";
import { constrainedNames, satisfies } from "./name-constraints.ts";
import type { CertificatePart } from "./parts.ts";
import { isAcceptedBySignatories } from "./public-key.ts";

/** Why a way up does not hold. `at`: the certificate in which the fault lies. */
export interface PathProblem {
  readonly id:
    | "invalid-chain"
    | "expired-intermediate"
    | "unknown-critical-extension"
    | "weak-signature"
    | "resource-limit";
  readonly reason: string;
  readonly at: CertificatePart;
}

/** What the certificate at the bottom is for, by the OID its extended key usage must name. */
export type Purpose = string;

const extension = extensionOid;
const processed: ReadonlySet<string> = new Set([
  extension.subjectAltName,
  extension.issuerAltName,
  extension.basicConstraints,
  extension.keyUsage,
  extension.extendedKeyUsage,
  extension.nameConstraints,
  extension.certificatePolicies,
  extension.policyMappings,
  extension.policyConstraints,
  extension.inhibitAnyPolicy,
  extension.crlDistributionPoints,
  extension.tlsFeature,
]);
/** Section 4.2.1.1, 4.2.1.2 and 4.2.2.1: must not be critical. */
const neverCritical: readonly string[] = [
  extension.authorityKeyId,
  extension.subjectKeyId,
  extension.authorityInformation,
];
const weakSignatures: ReadonlySet<string> = new Set([
  "1.2.840.113549.1.1.2",
  "1.2.840.113549.1.1.4",
  "1.2.840.113549.1.1.5",
  "1.2.840.10045.4.1",
  "1.2.840.10040.4.3",
]);

/**
 * The first fault on a way up (RFC 5280 section 6.1), or null. `path`: the certificate first, then each one's issuer,
 * the root last where there is one. Signatures have been checked; dates of the first and names asked for are the judge's.
 */
export function pathProblem(
  path: readonly CertificatePart[],
  root: CertificatePart | null,
  now: Date,
  purpose: Purpose = serverAuth,
): PathProblem | null {
  const all = root === null ? path : [...path, root];
  const issuers = all.slice(1);
  // Where the certificate itself is out of its dates that is enough said.
  const isJudgedToday = path[0] !== undefined && datesFault(path[0], now) === null;
  for (const [index, at] of all.entries()) {
    const problem = (id: PathProblem["id"], reason: string): PathProblem => ({ id, reason, at });
    const isRoot = at === root;
    const unknown = unknownCritical(at.fields.extensions);
    if (unknown) return problem("unknown-critical-extension", unknown);
    const profile = profileFault(at, isRoot) ?? identifierFault(at, all[index - 1], isRoot);
    if (profile) return problem("invalid-chain", profile);
    if (!isRoot && weakSignatures.has(at.fields.signatureOid))
      return problem("weak-signature", at.facts.signatureAlgorithm);
    if (index === 0) continue;
    const dates = isJudgedToday ? datesFault(at, now) : null;
    if (dates) return problem(dates === "not-yet-valid" ? "invalid-chain" : "expired-intermediate", dates);
    const issuing = issuerFault(at, purpose, isRoot);
    if (issuing) return problem("invalid-chain", issuing);
    const below = issuers.slice(0, index - 1).filter((part) => !isSelfIssued(part)).length;
    if (below > (at.fields.extensions.basicConstraints?.pathLength ?? Number.POSITIVE_INFINITY))
      return problem("invalid-chain", "path-length");
    const names = namesFault(at, all.slice(0, index));
    if (names) return problem(names === "nameChecks" ? "resource-limit" : "invalid-chain", names);
  }
  return null;
}

/** The moment it expired, or that it is not valid yet; the last second belongs to the validity. */
function datesFault({ facts }: CertificatePart, now: Date): string | null {
  if (now.getTime() >= facts.validTo.getTime() + 1000) return facts.validTo.toISOString();
  return now < facts.validFrom ? "not-yet-valid" : null;
}

function unknownCritical({ critical }: Extensions): string | undefined {
  return [...critical].find(
    (oid) => !processed.has(oid) && !neverCritical.includes(oid) && oid !== extension.precertificatePoison,
  );
}

/** Rules of sections 4.1 and 4.2 that a certificate follows or is none. */
export function profileFault({ fields, facts }: CertificatePart, isRoot: boolean): string | null {
  const { extensions: found, version } = fields;
  if (version < 3 && found.all.length > 0) return "profile";
  if (!fields.isSignatureConsistent || !fields.areTimesConforming) return "profile";
  if (neverCritical.some((oid) => found.critical.has(oid))) return "critical-extension";
  if (found.malformed.includes(extension.nameConstraints)) return "malformed-name-constraints";
  if (found.malformed.some((oid) => oid !== extension.authorityInformation)) return "profile";
  const hasSubject = facts.subject !== "";
  if (facts.issuer === "" || (facts.isCa && !hasSubject)) return "profile";
  if (!hasSubject && !found.critical.has(extension.subjectAltName)) return "profile";
  if (!facts.isCa && found.nameConstraints) return "profile";
  if (!facts.isCa && (found.keyUsage ?? 0) & keyUsageBit.keyCertSign && found.basicConstraints)
    return "profile";
  if (found.all.includes(extension.policyConstraints) && !found.critical.has(extension.policyConstraints))
    return "profile";
  return !isRoot && isOddSerial(fields.serial.content) ? "profile" : null;
}

/** Section 4.1.2.2: positive, at most 20 octets. */
function isOddSerial(content: Buffer): boolean {
  return content.length > 20 || (content[0] ?? 0x80) >= 0x80 || content.every((byte) => byte === 0);
}

/**
 * Sections 4.2.1.1 and 4.2.1.2 want key identifiers everywhere. A company's own CA often has none at all, and every
 * client accepts that; one that uses them by half is refused by strict clients.
 */
function identifierFault(
  { fields, facts }: CertificatePart,
  issued: CertificatePart | undefined,
  isRoot: boolean,
): string | null {
  const { subjectKeyId, authorityKeyId } = fields.extensions;
  if (!isRoot && !facts.isSelfSigned && subjectKeyId !== null && !authorityKeyId) return "key-identifier";
  const isNamed = (issued?.fields.extensions.authorityKeyId?.keyId ?? null) !== null;
  return issued && isNamed && subjectKeyId === null ? "key-identifier" : null;
}

function issuerFault(
  { fields, publicKey }: CertificatePart,
  purpose: Purpose,
  isRoot: boolean,
): string | null {
  const { basicConstraints, keyUsage, extendedKeyUsage } = fields.extensions;
  // Roots of version 1 still are in use inside companies; they are CAs because somebody trusts them.
  if (!basicConstraints?.isCa && !(isRoot && fields.version === 1)) return "not-a-ca";
  if (basicConstraints && !fields.extensions.critical.has(extension.basicConstraints)) return "profile";
  if (keyUsage !== null && !(keyUsage & keyUsageBit.keyCertSign)) return "key-usage";
  const uses = extendedKeyUsage ?? [purpose];
  if (!isRoot && !uses.includes(purpose) && !uses.includes(anyExtendedKeyUsage)) return "extended-key-usage";
  return isAcceptedBySignatories(publicKey) ? null : "weak-key";
}

function namesFault(
  issuer: CertificatePart,
  below: readonly CertificatePart[],
): "name-constraints" | "nameChecks" | null {
  if (!issuer.fields.extensions.nameConstraints) return null;
  for (const [index, part] of below.entries()) {
    if (index > 0 && isSelfIssued(part)) continue;
    const areWithin = namesVerdict(issuer, part, below[0] ?? part);
    if (areWithin === null) return "nameChecks";
    if (!areWithin) return "name-constraints";
  }
  return null;
}

/** Whether an issuer allows a certificate's names. The same two meet on many ways up, and are compared once. */
const verdicts = new WeakMap<CertificatePart, WeakMap<CertificatePart, boolean>>();
/** Names compared so far, by the certificate whose chain is looked for. */
const nameChecks = new WeakMap<CertificatePart, number>();

/** Null when it would take too many comparisons. */
function namesVerdict(issuer: CertificatePart, part: CertificatePart, leaf: CertificatePart): boolean | null {
  const constraints = issuer.fields.extensions.nameConstraints;
  if (!constraints) return true;
  const ofIssuer = verdicts.get(issuer) ?? new WeakMap<CertificatePart, boolean>();
  verdicts.set(issuer, ofIssuer);
  const known = ofIssuer.get(part);
  if (known !== undefined) return known;
  const names = constrainedNames(part.fields.subject.bytes, part.fields.extensions.names ?? []);
  const bases = constraints.permitted.length + constraints.excluded.length;
  const count = (nameChecks.get(leaf) ?? 0) + names.length * bases;
  nameChecks.set(leaf, count);
  if (count > limits.nameChecks) return null;
  const verdict = satisfies(constraints, names);
  ofIssuer.set(part, verdict);
  return verdict;
}

function isSelfIssued({ fields }: CertificatePart): boolean {
  return fields.subject.bytes.equals(fields.issuer.bytes);
}
