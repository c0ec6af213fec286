import type { X509Certificate } from "node:crypto";
import type { ChainEntry, ChainState } from "@sealpost/domain";
import { type Anchors, isIssuedBy, isSignedBy } from "./anchors.ts";
import { entriesOf } from "./chain-entries.ts";
import { limits } from "./limits.ts";
import type { CertificatePart } from "./parts.ts";

export interface Chain {
  /** The certificate first, then each one's issuer; a root is not among them. */
  readonly stored: readonly CertificatePart[];
  readonly entries: readonly ChainEntry[];
  readonly state: ChainState;
  /** What a client must trust for this chain: the root that was found, if any. */
  readonly root: X509Certificate | null;
  readonly missingIssuer: string | null;
  /** What bears the missing issuer's name, but did not sign: one of the two was altered, or is from another time. */
  readonly falseIssuer: CertificatePart | null;
}

type Path = Pick<Chain, "stored" | "root">;

const longestChain = 10;

/**
 * Puts the certificates in the order servers send them: by signature, from the certificate up to a trust anchor. Where
 * several ways lead up (cross-signed CAs) the first to a trusted root is taken, else to any root, else the longest.
 * Judges no dates and no constraints.
 */
export function buildChain(leaf: CertificatePart, all: readonly CertificatePart[], anchors: Anchors): Chain {
  const unique = [...new Map(all.toReversed().map((part) => [part.facts.fingerprintSha256, part])).values()];
  const pool = unique.reverse();
  const { stored, root } = climb([leaf], { pool, anchors, checksLeft: limits.signatureChecks });
  const { facts, x509 } = stored.at(-1) ?? leaf;
  const isFalse = (part: CertificatePart) => x509.checkIssued(part.x509) && !isSignedBy(x509, part.x509);
  return {
    stored,
    root,
    state: stateOf(leaf, root, anchors),
    missingIssuer: root === null ? (facts.issuerCommonName ?? facts.issuer) : null,
    falseIssuer: root === null ? (pool.find(isFalse) ?? null) : null,
    entries: entriesOf(stored, all, root),
  };
}

interface Search {
  readonly pool: readonly CertificatePart[];
  readonly anchors: Anchors;
  /** Certificates made for it offer more ways up than there is time; each signature checked counts. */
  checksLeft: number;
}

function climb(path: readonly CertificatePart[], search: Search): Path {
  const last = path.at(-1);
  if (!last || path.length > longestChain) return { stored: path, root: null };
  if (last.facts.isSelfSigned) return { stored: path, root: last.x509 };
  const anchor = search.anchors.issuerOf(last.x509, last.facts.issuer);
  if (anchor) return { stored: path, root: anchor };
  let best: Path = { stored: path, root: null };
  for (const issuer of issuersOf(last, path, search)) {
    const found = issuer.facts.isSelfSigned
      ? { stored: path, root: issuer.x509 }
      : climb([...path, issuer], search);
    if (found.root && search.anchors.has(found.root)) return found;
    if (isBetter(found, best)) best = found;
  }
  return best;
}

function* issuersOf(
  { x509 }: CertificatePart,
  path: readonly CertificatePart[],
  search: Search,
): Generator<CertificatePart> {
  for (const issuer of search.pool) {
    const isOnPath = path.some((part) => part.facts.spkiSha256 === issuer.facts.spkiSha256);
    if (isOnPath || search.checksLeft <= 0 || !x509.checkIssued(issuer.x509)) continue;
    search.checksLeft -= 1;
    if (isIssuedBy(x509, issuer.x509)) yield issuer;
  }
}

function isBetter(one: Path, other: Path): boolean {
  if ((one.root === null) !== (other.root === null)) return one.root !== null;
  return one.root === null && one.stored.length > other.stored.length;
}

function stateOf(leaf: CertificatePart, root: X509Certificate | null, anchors: Anchors): ChainState {
  if (root === null) return "incomplete";
  if (anchors.has(root)) return "complete";
  return leaf.facts.isSelfSigned ? "self-signed" : "untrusted";
}
