import type { ImportedCertificate, ImportMode } from "../certificate/imported-certificate.ts";
import type { MaterialFacts } from "./material-facts.ts";

/** What an import of the same certificate adds to the one that is there. */
export const completions = ["certificate", "chain", "private-key"] as const;
export type Completion = (typeof completions)[number];

/** What importing `facts` in this mode would add to the same certificate, imported before; none: nothing. */
export function completionsOf(
  known: Pick<ImportedCertificate, "certificateRef" | "keyRef" | "isChainComplete">,
  facts: Pick<MaterialFacts, "chainState" | "keyFits">,
  mode: ImportMode,
): readonly Completion[] {
  const adds: Record<Completion, boolean> = {
    certificate: known.certificateRef === null && mode !== "metadata-only",
    chain: !known.isChainComplete && isComplete(facts.chainState),
    "private-key": known.keyRef === null && mode === "certificate-and-key" && facts.keyFits === true,
  };
  return completions.filter((completion) => adds[completion]);
}

/** Whether every certificate up to a root is there, trusted or not. */
export function isComplete(chainState: MaterialFacts["chainState"]): boolean {
  return chainState === "complete" || chainState === "untrusted";
}
