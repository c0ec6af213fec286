import { type FindingId, findingRules, type Severity } from "./findings-table.ts";
import type { MaterialSource } from "./material-facts.ts";

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
  return { id, severity: findingRules[id].severity, params, source };
}

export function isBlocked(findings: readonly Finding[]): boolean {
  return findings.some((f) => f.severity === "blocked");
}
