"use client";

import { useRef, useState } from "react";

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** `isRange`: all from the last one touched to this one become as this one. */
  readonly toggle: (id: string, isRange: boolean) => void;
  readonly toggleAll: () => void;
  readonly clear: () => void;
}

/** Which rows are chosen, among those that are shown; rows no longer shown are not chosen either. */
export function useSelection(shown: readonly string[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string | null>(null);
  const ids = new Set(shown.filter((id) => chosen.has(id)));
  const toggle = (id: string, isRange: boolean) => {
    const isOn = !ids.has(id);
    const from = isRange && last.current !== null ? shown.indexOf(last.current) : -1;
    const to = shown.indexOf(id);
    const range = from === -1 ? [id] : shown.slice(Math.min(from, to), Math.max(from, to) + 1);
    last.current = id;
    setChosen(isOn ? new Set([...ids, ...range]) : new Set([...ids].filter((one) => !range.includes(one))));
  };
  return {
    ids,
    toggle,
    toggleAll: () => setChosen(ids.size === shown.length ? new Set() : new Set(shown)),
    clear: () => setChosen(new Set()),
  };
}
