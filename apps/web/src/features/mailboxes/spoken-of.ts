import type { UnmatchedMailView } from "@sealpost/api/client";
import { readableName } from "@/components/host-name";

/** Numbers and names by which its order would have been found. */
export function spokenOf({ orderNumbers, names }: Pick<UnmatchedMailView, "orderNumbers" | "names">): string {
  return [...orderNumbers, ...names.map(readableName)].slice(0, 6).join(", ");
}
