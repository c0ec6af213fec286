import type { ChainEntry, ChainState } from "@sealpost/domain";
import type { Anchors } from "./anchors.ts";
import { entriesOf } from "./chain-entries.ts";
import { nameKey } from "./general-names.ts";
import type { Library } from "./library.ts";
import { limits } from "./limits.ts";
import type { CertificatePart } from "./parts.ts";
import { type PathProblem, type Purpose, pathProblem } from "./path-rules.ts";
import { isSignedBy } from "./signature.ts";

export interface Chain {
  /** The certificate first, then each one's issuer; a root is not among them. */
  readonly stored: readonly CertificatePart[];
  readonly entries: readonly ChainEntry[];
  readonly state: ChainState;
  /** What a client must trust for this chain: the root that was found, if any. */
  readonly root: CertificatePart | null;
  readonly missingIssuer: string | null;
  readonly missingIssuerUrls: readonly string[];
  /** What bears the missing issuer's name, but did not sign: one of the two was altered, or is from another time. */
  readonly falseIssuer: CertificatePart | null;
  /** Why clients will not accept this way up; of several ways one without a problem is taken. */
  readonly problem: PathProblem | null;
}

/** What chains are built from, beside what was given. */
export interface ChainBuilding {
  readonly anchors: Anchors;
  readonly library: Library;
  readonly now: Date;
  readonly purpose?: Purpose;
}

interface Way {
  readonly stored: readonly CertificatePart[];
  readonly root: CertificatePart | null;
  readonly isTrusted: boolean;
  readonly problem: PathProblem | null;
}

/** No public chain has more than four certificates; a company's rarely more than five. */
const longestChain = 10;

/**
 * Puts the certificates in the order servers send them: by signature, from the certificate up to a trust anchor (RFC
 * 5280 section 6.1; building as in RFC 4158). Where several ways lead up (cross-signed CAs) the first that holds and
 * ends in a trusted root is taken, else a trusted one that does not hold, else one to any root, else the longest.
 */
export function buildChain(
  leaf: CertificatePart,
  all: readonly CertificatePart[],
  building: ChainBuilding,
): Chain {
  const pool = [...Map.groupBy(all, ({ facts }) => facts.fingerprintSha256).values()].flatMap(
    ([first]) => first ?? [],
  );
  const search: Search = { ...building, pool, checksLeft: limits.signatureChecks };
  const { stored, root, isTrusted, problem } = climb([leaf], search);
  const last = stored.at(-1) ?? leaf;
  const isExhausted = search.checksLeft <= 0 && !isTrusted;
  return {
    stored,
    root,
    state: stateOf(leaf, root, isTrusted),
    missingIssuer: root === null ? (last.facts.issuerCommonName ?? last.facts.issuer) : null,
    missingIssuerUrls: root === null ? last.fields.extensions.issuerUrls : [],
    falseIssuer: root === null ? falseIssuer(last, [...pool, ...building.anchors.named(last)]) : null,
    problem: isExhausted ? { id: "resource-limit", reason: "signatureChecks", at: leaf } : problem,
    entries: entriesOf(stored, all, root),
  };
}

interface Search extends ChainBuilding {
  readonly pool: readonly CertificatePart[];
  /** Certificates made for it offer more ways up than there is time; each signature checked counts. */
  checksLeft: number;
}

function climb(path: readonly CertificatePart[], search: Search): Way {
  const last = path.at(-1);
  if (!last) return wayOf(path, null, search);
  if (search.anchors.has(last)) return wayOf(path, last, search);
  if (last.facts.isSelfSigned) return wayOf(path, last, search);
  let best = wayOf(path, null, search);
  if (path.length > longestChain) return best;
  // A trusted CA below a root is stored like the rest: clients know roots, and not what is trusted here beside them.
  const [roots, trustedBelow] = partition(search.anchors.named(last));
  for (const root of signersOf(last, roots, search)) {
    const way = wayOf(path, root, search);
    if (isFlawless(way)) return way;
    if (rank(way) > rank(best)) best = way;
  }
  for (const issuer of signersOf(last, candidates(last, path, trustedBelow, search), search)) {
    const way = issuer.facts.isSelfSigned ? wayOf(path, issuer, search) : climb([...path, issuer], search);
    if (isFlawless(way)) return way;
    if (rank(way) > rank(best)) best = way;
  }
  return best;
}

/** What is trusted as it stands needs no issuer, and is judged as a root wherever it stands. */
function wayOf(path: readonly CertificatePart[], root: CertificatePart | null, search: Search): Way {
  const isAlone = path[0] === root;
  return {
    stored: path,
    root,
    isTrusted: root !== null && search.anchors.has(root),
    problem: pathProblem(
      isAlone ? path : path.filter((part) => part !== root),
      isAlone ? null : root,
      search.now,
      search.purpose,
    ),
  };
}

function isFlawless({ isTrusted, problem }: Way): boolean {
  return isTrusted && problem === null;
}

function rank({ isTrusted, root, problem, stored }: Way): number {
  const kind = isTrusted ? 4 : root ? 2 : 0;
  return (kind + (problem ? 0 : 1)) * 2 * longestChain + (root ? 0 : stored.length);
}

function partition(
  anchors: readonly CertificatePart[],
): readonly [readonly CertificatePart[], readonly CertificatePart[]] {
  return [
    anchors.filter(({ facts }) => facts.isSelfSigned),
    anchors.filter(({ facts }) => !facts.isSelfSigned),
  ];
}

function candidates(
  last: CertificatePart,
  path: readonly CertificatePart[],
  trustedBelow: readonly CertificatePart[],
  { pool, library }: Search,
): readonly CertificatePart[] {
  const name = nameKey(last.fields.issuer.bytes);
  const given = pool.filter(({ fields }) => nameKey(fields.subject.bytes) === name);
  const isOnPath = ({ facts, fields }: CertificatePart) =>
    path.some(
      (part) =>
        part.facts.spkiSha256 === facts.spkiSha256 && part.fields.subject.bytes.equals(fields.subject.bytes),
    );
  const byKeyId = (part: CertificatePart) => (isNamedBy(last, part) ? 0 : 1);
  return [...given, ...trustedBelow, ...library.bearing(last.fields.issuer.bytes)]
    .filter((part) => !isOnPath(part))
    .toSorted((a, b) => byKeyId(a) - byKeyId(b));
}

function* signersOf(
  { x509 }: CertificatePart,
  issuers: readonly CertificatePart[],
  search: Search,
): Generator<CertificatePart> {
  for (const issuer of issuers) {
    if (search.checksLeft <= 0) return;
    search.checksLeft -= 1;
    if (isSignedBy(x509, issuer)) yield issuer;
  }
}

/** The right name, and yet another key made the signature. */
function falseIssuer(last: CertificatePart, pool: readonly CertificatePart[]): CertificatePart | null {
  const name = nameKey(last.fields.issuer.bytes);
  const isFalse = (part: CertificatePart) =>
    part !== last && nameKey(part.fields.subject.bytes) === name && !isSignedBy(last.x509, part);
  return pool.find(isFalse) ?? null;
}

/** Whether the key identifiers agree; null when one of them has none. */
function isNamedBy(certificate: CertificatePart, issuer: CertificatePart): boolean | null {
  const wanted = certificate.fields.extensions.authorityKeyId?.keyId ?? null;
  const own = issuer.fields.extensions.subjectKeyId;
  return wanted === null || own === null ? null : wanted === own;
}

function stateOf(leaf: CertificatePart, root: CertificatePart | null, isTrusted: boolean): ChainState {
  if (root === null) return "incomplete";
  if (isTrusted) return "complete";
  return leaf.facts.isSelfSigned ? "self-signed" : "untrusted";
}
