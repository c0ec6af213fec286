import type { MaterialSource } from "./material-facts.ts";

/** `fixed`: done for the person, and shown. `warning`: import allowed, noted. `blocked`: nothing is stored. */
export type Severity = "fixed" | "warning" | "blocked";

/** Every finding there is. One stable id in words; its severity is a fact of the id, not of the place that found it. */
export const findingSeverities = {
  "empty-input": "blocked",
  "not-a-certificate": "blocked",
  "missing-certificate": "blocked",
  "missing-key": "blocked",
  "key-mismatch": "blocked",
  "malformed-pem": "blocked",
  "malformed-certificate": "blocked",
  "malformed-key": "blocked",
  "malformed-zip": "blocked",
  "encrypted-zip": "blocked",
  "unsupported-format": "blocked",
  "passphrase-required": "blocked",
  "wrong-passphrase": "blocked",
  "csr-given": "blocked",
  "public-key-given": "blocked",
  "ca-certificate-as-leaf": "blocked",
  "invalid-chain": "blocked",
  "handshake-failed": "blocked",
  expired: "blocked",
  "not-yet-valid": "blocked",
  "other-order": "blocked",
  "hostname-mismatch": "blocked",
  "weak-key": "blocked",
  "resource-limit": "blocked",
  "missing-intermediate": "warning",
  "untrusted-root": "warning",
  "self-signed": "warning",
  "unrelated-certificates": "warning",
  "file-left-out": "warning",
  "several-certificates": "warning",
  "several-keys": "warning",
  "expires-soon": "warning",
  "private-key-in-email": "warning",
  "chain-reordered": "fixed",
  "root-left-out": "fixed",
  "duplicates-left-out": "fixed",
  "text-repaired": "fixed",
  "key-converted": "fixed",
} as const satisfies Record<string, Severity>;

export type FindingId = keyof typeof findingSeverities;

/** One thing seen, with the facts its sentence needs. Never key material, never a passphrase. */
export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  readonly params: Readonly<Record<string, string | number>>;
  readonly source: MaterialSource | null;
}

export function finding(
  id: FindingId,
  params: Readonly<Record<string, string | number>> = {},
  source: MaterialSource | null = null,
): Finding {
  return { id, severity: findingSeverities[id], params, source };
}

export function isBlocked(findings: readonly Finding[]): boolean {
  return findings.some((f) => f.severity === "blocked");
}
