import type { Finding } from "./findings.ts";
import { findingRules } from "./findings-table.ts";
import { formatWords, limitWords, reasonWords } from "./words.ts";

export type FindingLanguage = "en" | "de";

/** How a finding is told: what we saw, and the one thing to do. */
export interface FindingWords {
  readonly what: string;
  readonly todo: string;
}

type Told = Pick<Finding, "id" | "params">;

/** The sentences of a finding. `sayDate` writes a moment (ISO text) the way the reader is used to. */
export function findingWords(
  found: Told,
  language: FindingLanguage,
  sayDate: (iso: string) => string = (iso) => iso.slice(0, 10),
): FindingWords {
  const [what, todo] = findingRules[found.id][language];
  const say = (name: string): string => {
    const value = String(found.params[name] ?? "");
    if (name === "at") return sayDate(value);
    if (name === "limit") return limitWords[language][value] ?? value;
    if (name === "format") return formatWords[language][value] ?? value;
    return name === "reason" ? (reasonWords[language][value] ?? value) : value;
  };
  const filled = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => say(name));
  return { what: filled(what) + ownerWords(found, language), todo: filled(todo) };
}

/** Whose key it is instead, where we know. */
function ownerWords({ id, params }: Told, language: FindingLanguage): string {
  if (id !== "key-mismatch" || params.owner === undefined) return "";
  const order = `${params.ownerOrder} (${params.owner})`;
  return language === "de" ? ` Er passt zu Bestellung ${order}.` : ` It fits order ${order}.`;
}
