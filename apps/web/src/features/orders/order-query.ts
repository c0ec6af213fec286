"use client";

import { useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { readQuery } from "./order-query-input";

/** The list's filters live in the URL, so that a link shows what one saw and the back button returns to it. */
export function useOrderQuery() {
  const params = useSearchParams();
  const input = useMemo(() => readQuery(new URLSearchParams(params.toString())), [params]);
  const set = useCallback((name: string, value: string | readonly string[] | null) => {
    const next = new URLSearchParams(window.location.search);
    next.delete(name);
    for (const one of typeof value === "string" ? [value] : (value ?? []))
      if (one !== "") next.append(name, one);
    const query = next.toString();
    window.history.replaceState(null, "", query === "" ? window.location.pathname : `?${query}`);
  }, []);
  const clear = useCallback(() => window.history.replaceState(null, "", window.location.pathname), []);
  /** Another view of the list; the back button returns to the one before. */
  const go = useCallback((query: string) => {
    window.history.pushState(null, "", query === "" ? window.location.pathname : `?${query}`);
  }, []);
  return { input, params, set, clear, go };
}
