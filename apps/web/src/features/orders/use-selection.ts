"use client";

import { useCallback, useEffect, useRef, useState } from "react";

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** `isRange`: all from the last one touched to this one become as this one. */
  readonly toggle: (id: string, isRange: boolean) => void;
  readonly toggleAll: () => void;
  readonly clear: () => void;
}

/**
 * Which rows are chosen, among those that are shown; rows no longer shown are not chosen either. `toggle` stays the same
 * function, so that one row is drawn anew and not all.
 */
export function useSelection(shown: readonly string[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string | null>(null);
  const listed = useRef(shown);
  useEffect(() => {
    listed.current = shown;
  });
  const ids = chosenOf(chosen, shown);
  const toggle = useCallback((id: string, isRange: boolean) => {
    const rows = listed.current;
    const from = isRange && last.current !== null ? rows.indexOf(last.current) : -1;
    const to = rows.indexOf(id);
    const range = from === -1 ? [id] : rows.slice(Math.min(from, to), Math.max(from, to) + 1);
    last.current = id;
    setChosen((before) => {
      const now = chosenOf(before, rows);
      return now.has(id)
        ? new Set([...now].filter((one) => !range.includes(one)))
        : new Set([...now, ...range]);
    });
  }, []);
  return {
    ids,
    toggle,
    toggleAll: () => setChosen(ids.size === shown.length ? new Set() : new Set(shown)),
    clear: () => setChosen(new Set()),
  };
}

function chosenOf(chosen: ReadonlySet<string>, shown: readonly string[]): Set<string> {
  return new Set(shown.filter((id) => chosen.has(id)));
}
