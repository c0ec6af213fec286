import type { AuditEntry } from "./audit-entry.ts";

// The form in which entries are hashed; docs/decisions/0005-audit-chain.md holds it for other programs. It never changes:
// a later form gets a name of its own.

/** What the first entry of all follows. */
export const chainStart = "0".repeat(64);

/** A place in the chain: an entry's number and its hash in lower-case hex. */
export interface ChainPlace {
  readonly sequence: number;
  readonly hash: string;
}

/** An entry as it is stored. `hash` and `mac` are empty for entries from before the chain. */
export interface ChainedEntry {
  readonly sequence: number;
  readonly entry: AuditEntry;
  /** SHA-256 over the canonical form, in which the hash of the entry before stands. */
  readonly hash: string;
  /** HMAC-SHA256 over the hash under a key that only the vault holds. */
  readonly mac: string;
}

/** The newest place, signed whenever it moves. */
export interface AuditHead extends ChainPlace {
  readonly signedAt: Date;
  /** Ed25519, SubjectPublicKeyInfo in base64. */
  readonly publicKey: string;
  /** The first 16 hex digits of the SHA-256 over `publicKey`: short enough to be noted beside the hash. */
  readonly keyId: string;
  /** Ed25519 over the canonical head, in base64. */
  readonly signature: string;
}

/** One line of text: an array, so that no order of fields has to be agreed on; details are sorted by name. */
export function canonicalEntry(previousHash: string, sequence: number, entry: AuditEntry): string {
  const { actor, subject } = entry;
  return JSON.stringify([
    "sealpost-audit-entry-1",
    sequence,
    previousHash,
    entry.auditId,
    entry.at.toISOString(),
    [actor.kind, actor.actorId, actor.name],
    entry.act,
    [subject.kind, subject.id, subject.label],
    entry.outcome,
    entry.code,
    Object.entries(entry.details).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}

export function canonicalHead({
  sequence,
  hash,
  signedAt,
}: Pick<AuditHead, keyof ChainPlace | "signedAt">): string {
  return JSON.stringify(["sealpost-audit-head-1", sequence, hash, signedAt.toISOString()]);
}

/**
 * `changed`: the content is not what was hashed, or the entry before is another one. `missing`: numbers were left out.
 * `misplaced`: an entry stands before or twice where it belongs. `forged`: hashed anew without the vault's key.
 * `unsigned`: the head was not signed by the key. `cut-off`: the chain ends before its head, or before one noted earlier.
 * `another-history`: a head noted earlier is not in this chain. `another-key`: signed by another console's key.
 */
export type ChainProblem =
  | "changed"
  | "missing"
  | "misplaced"
  | "forged"
  | "unsigned"
  | "cut-off"
  | "another-history"
  | "another-key";

export interface ChainFault {
  readonly problem: ChainProblem;
  /** The number of the entry where it shows. */
  readonly sequence: number;
}

/** What a follower computes with: the domain has no cryptography of its own. */
export interface ChainHashes {
  readonly sha256: (text: string) => string;
  /** Null where the vault's key is not at hand: then hashes alone are compared. */
  readonly mac: ((hash: string) => string) | null;
}

/** Goes along entries from a place that is already known to hold, and stops at the first fault. */
export function followChain(
  from: ChainPlace,
  entries: Iterable<ChainedEntry>,
  { sha256, mac }: ChainHashes,
): { readonly reached: ChainPlace; readonly fault: ChainFault | null } {
  let reached = from;
  for (const chained of entries) {
    const { sequence } = chained;
    if (sequence <= reached.sequence) return { reached, fault: { problem: "misplaced", sequence } };
    if (sequence !== reached.sequence + 1) {
      return { reached, fault: { problem: "missing", sequence: reached.sequence + 1 } };
    }
    const hash = hashOf(reached.hash, chained, sha256);
    const isFromBefore = chained.hash === "";
    if (hash === null || (!isFromBefore && chained.hash !== hash))
      return { reached, fault: { problem: "changed", sequence } };
    if (!isFromBefore && mac && chained.mac !== mac(hash)) {
      return { reached, fault: { problem: "forged", sequence } };
    }
    reached = { sequence, hash };
  }
  return { reached, fault: null };
}

/** Null for what no entry of ours can be: a moment outside all time, say. */
function hashOf(previous: string, { sequence, entry }: ChainedEntry, sha256: ChainHashes["sha256"]) {
  try {
    return sha256(canonicalEntry(previous, sequence, entry));
  } catch {
    return null;
  }
}

/** Holds the end of a chain against its head. `isSigned` looks at the signature alone. */
export function headFault(
  reached: ChainPlace,
  head: AuditHead,
  isSigned: (head: AuditHead) => boolean,
): ChainFault | null {
  if (!isSigned(head)) return { problem: "unsigned", sequence: head.sequence };
  if (reached.sequence < head.sequence) return { problem: "cut-off", sequence: reached.sequence + 1 };
  if (reached.sequence > head.sequence || reached.hash !== head.hash) {
    return { problem: "changed", sequence: head.sequence };
  }
  return null;
}
