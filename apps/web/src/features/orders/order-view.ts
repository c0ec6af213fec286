import { isMaterial } from "@/features/shell/is-material";

/** What of an address makes a view. */
const kept = ["q", "attention", "status", "ca", "account", "type", "expires", "expired", "sort"];

/** The view that an address shows, always written the same way, so that two can be compared. */
export function viewQuery(params: URLSearchParams): string {
  const entries = kept.flatMap((name) =>
    [...new Set(params.getAll(name))]
      .filter((value) => value !== "" && !(name === "q" && isMaterial(value)))
      .sort()
      .map((value) => [name, value]),
  );
  return new URLSearchParams(entries).toString();
}

/** Lists that everybody comes back to. */
export const builtInViews = [
  { key: "all", query: "" },
  { key: "needsAction", query: "attention=needs-action" },
  { key: "withTheCa", query: "attention=with-the-ca" },
  { key: "expiring", query: "expires=30&sort=expires" },
] as const;
