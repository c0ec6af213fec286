import type { X509Certificate } from "node:crypto";
import type { ChainEntry, ChainState } from "@sealpost/domain";
import { type Anchors, isIssuedBy } from "./anchors.ts";
import type { CertificatePart } from "./parts.ts";

export interface Chain {
  /** The certificate first, then each one's issuer; a root is not among them. */
  readonly stored: readonly CertificatePart[];
  readonly entries: readonly ChainEntry[];
  readonly state: ChainState;
  /** What a client must trust for this chain: the root that was found, if any. */
  readonly root: X509Certificate | null;
  readonly missingIssuer: string | null;
}

const longestChain = 10;

/** Puts the certificates in the order servers send them: by signature, from the certificate up to a trust anchor. */
export function buildChain(leaf: CertificatePart, all: readonly CertificatePart[], anchors: Anchors): Chain {
  const unique = all.filter((part, index) => all.findIndex((other) => sameAs(part, other)) === index);
  const stored = [leaf];
  let root: X509Certificate | null = leaf.facts.isSelfSigned ? leaf.x509 : null;
  while (root === null && stored.length < longestChain) {
    const last = stored.at(-1) ?? leaf;
    const anchor = anchors.issuerOf(last.x509);
    const issuer = unique.find((part) => !stored.includes(part) && isIssuedBy(last.x509, part.x509));
    if (issuer && !issuer.facts.isSelfSigned && !anchor) stored.push(issuer);
    else {
      root = anchor ?? issuer?.x509 ?? null;
      break;
    }
  }
  const last = stored.at(-1) ?? leaf;
  return {
    stored,
    root,
    state: stateOf(leaf, root, anchors),
    missingIssuer: root === null ? (last.facts.issuerCommonName ?? last.facts.issuer) : null,
    entries: entriesOf(stored, all, unique),
  };
}

function stateOf(leaf: CertificatePart, root: X509Certificate | null, anchors: Anchors): ChainState {
  if (root === null) return "incomplete";
  if (anchors.has(root)) return "complete";
  return leaf.facts.isSelfSigned ? "self-signed" : "untrusted";
}

/** The diff between what came and what will be stored. */
function entriesOf(
  stored: readonly CertificatePart[],
  all: readonly CertificatePart[],
  unique: readonly CertificatePart[],
): ChainEntry[] {
  const received = unique.filter((part) => stored.some((other) => sameAs(part, other)));
  const kept = stored.map((part, index): ChainEntry => {
    const isInPlace = received.findIndex((other) => sameAs(part, other)) === index;
    return {
      certificate: part.facts,
      mark: isInPlace ? "kept" : "moved",
      receivedAt: position(part, all),
      reason: null,
    };
  });
  const leftOut = unique
    .filter((part) => !stored.some((other) => sameAs(part, other)))
    .map((part): ChainEntry => {
      const reason =
        part.facts.isSelfSigned && part.facts.isCa ? "root" : part.facts.isCa ? "unrelated" : "other-leaf";
      return { certificate: part.facts, mark: "left-out", receivedAt: position(part, all), reason };
    });
  return [...kept, ...leftOut];
}

function position(part: CertificatePart, all: readonly CertificatePart[]): number {
  return all.findIndex((other) => sameAs(part, other)) + 1;
}

export function sameAs(one: CertificatePart, other: CertificatePart): boolean {
  return one.facts.fingerprintSha256 === other.facts.fingerprintSha256;
}
