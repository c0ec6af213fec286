import type { Right } from "../actor.ts";
import { type FindingId, type FindingRule, findingRules, type Severity } from "./findings-table.ts";
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

/** The right with which one may import in spite of it; null: nobody may. */
export function overrideRight({ id }: Pick<Finding, "id">): Right | null {
  const { override }: FindingRule = findingRules[id];
  return override ?? null;
}

export function isBlocked(findings: readonly Finding[]): boolean {
  return findings.some((f) => f.severity === "blocked");
}
