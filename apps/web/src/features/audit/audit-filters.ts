"use client";

import { useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { readFilters } from "./audit-filter-input";

export const filterNames = ["person", "act", "outcome", "from", "to", "subject"] as const;
export type FilterName = (typeof filterNames)[number];

/** The filters live in the URL, so that a link shows what one saw. */
export function useAuditFilters() {
  const params = useSearchParams();
  const input = useMemo(() => readFilters(new URLSearchParams(params.toString())), [params]);
  const set = useCallback((name: FilterName, value: string) => {
    const next = new URLSearchParams(window.location.search);
    if (value === "") next.delete(name);
    else next.set(name, value);
    const query = next.toString();
    window.history.replaceState(null, "", query === "" ? window.location.pathname : `?${query}`);
  }, []);
  const clear = useCallback(() => window.history.replaceState(null, "", window.location.pathname), []);
  const isFiltered = filterNames.some((name) => params.has(name));
  return { input, params, set, clear, isFiltered };
}
