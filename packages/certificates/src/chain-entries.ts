import type { ChainEntry } from "@sealpost/domain";
import type { CertificatePart } from "./parts.ts";

/** The diff between what came and what will be stored: what is stored in its order, then what is left out. */
export function entriesOf(
  stored: readonly CertificatePart[],
  all: readonly CertificatePart[],
  root: CertificatePart | null,
): ChainEntry[] {
  const inOrder = asReceived(
    stored.filter((part) => !isAdded(part)),
    all,
  );
  const kept = stored.map(
    (part, index): ChainEntry =>
      isAdded(part)
        ? {
            certificate: part.facts,
            mark: "added",
            origin: part.origin ?? "given",
            receivedAt: null,
            reason: null,
          }
        : {
            certificate: part.facts,
            mark: inOrder[index] === fingerprint(part) ? "kept" : "moved",
            origin: "given",
            receivedAt: all.findIndex((other) => fingerprint(other) === fingerprint(part)) + 1,
            reason: null,
          },
  );
  const seen = new Set<string>();
  const leftOut = all.flatMap((part, index): ChainEntry[] => {
    const isDuplicate = seen.has(fingerprint(part));
    seen.add(fingerprint(part));
    if (!isDuplicate && stored.some((other) => fingerprint(other) === fingerprint(part))) return [];
    const reason = isDuplicate ? "duplicate" : reasonOf(part, stored, root);
    return [{ certificate: part.facts, mark: "left-out", origin: "given", receivedAt: index + 1, reason }];
  });
  return [...kept, ...leftOut];
}

/**
 * The stored ones in the order they came in. Files have no order among themselves (a CA packs the bundle before the
 * certificate): whichever holds the lower end of the chain counts as first.
 */
function asReceived(stored: readonly CertificatePart[], all: readonly CertificatePart[]): readonly string[] {
  const place = new Map(stored.map((part, index) => [fingerprint(part), index]));
  const came = all.filter(
    (part, index) =>
      place.has(fingerprint(part)) &&
      all.findIndex((other) => fingerprint(other) === fingerprint(part)) === index,
  );
  const files = Map.groupBy(came, (part) => part.facts.source.path.join("\n"));
  const lowest = (parts: readonly CertificatePart[]) =>
    Math.min(...parts.map((part) => place.get(fingerprint(part)) ?? stored.length));
  return [...files.values()]
    .toSorted((a, b) => lowest(a) - lowest(b))
    .flat()
    .map(fingerprint);
}

/** Another certificate of a CA that is in the chain already (RFC 5280 section 3.2: cross-certificates) is one more way up. */
function reasonOf(
  { facts, fields }: CertificatePart,
  stored: readonly CertificatePart[],
  root: CertificatePart | null,
): ChainEntry["reason"] {
  const isRoot = facts.isSelfSigned && (facts.isCa || facts.dnsNames.length === 0);
  if (isRoot) return "root";
  if (!facts.isCa) return "other-leaf";
  const isSameCa = (part: CertificatePart) =>
    part.facts.spkiSha256 === facts.spkiSha256 && part.fields.subject.bytes.equals(fields.subject.bytes);
  return [...stored, ...(root ? [root] : [])].some(isSameCa) ? "alternative" : "unrelated";
}

function isAdded({ origin = "given" }: CertificatePart): boolean {
  return origin !== "given";
}

function fingerprint({ facts }: CertificatePart): string {
  return facts.fingerprintSha256;
}
