"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useCallback, useState } from "react";
import { useTRPCClient } from "@/trpc/client";
import { fetchPart } from "@/trpc/reachability";
import { isMaterial } from "./is-material";
import type { Pasted, PastedClue } from "./pasted";

export interface PastedSearch {
  /** True where the text is no search but material: it is read here, in the browser, and must be shown nowhere. */
  readonly take: (text: string) => boolean;
  /** What came of the last one, in words. */
  readonly note: { readonly tone: "said" | "refused"; readonly words: ReactNode } | null;
  readonly forget: () => void;
}

/**
 * Looks a pasted certificate or request up by its fingerprint, its key, its names, in this order. What was pasted stays
 * in the browser; a private key is refused. `onFound` gets the search that found something.
 */
export function usePastedSearch(
  where: "orders" | "certificates",
  onFound: (search: string) => void,
): PastedSearch {
  const t = useTranslations("shell.pasted");
  const client = useTRPCClient();
  const [note, setNote] = useState<PastedSearch["note"]>(null);
  const hasAny = async (search: string) =>
    where === "orders"
      ? (await client.orders.list.query({ search, showLongExpired: true, limit: 1 })).rows.length > 0
      : (await client.certificates.list.query({ search, limit: 1 })).certificates.length > 0;
  const firstFound = async (clues: readonly PastedClue[]) => {
    for (const clue of clues) if (await hasAny(clue.text)) return clue;
    return null;
  };
  const look = async (pasted: Pasted) => {
    if (pasted.is !== "readable") return setNote({ tone: "refused", words: t(pasted.is) });
    const { name } = pasted;
    const clue = await firstFound(pasted.clues);
    if (!clue) return setNote({ tone: "said", words: t(`nothing.${where}`, { name }) });
    onFound(clue.text);
    setNote({ tone: "said", words: t(`found.${clue.by}`, { name }) });
  };
  const take = (text: string) => {
    if (!isMaterial(text)) return false;
    setNote({ tone: "said", words: t("reading") });
    fetchPart(() => import("./pasted"))
      .then(({ readPasted }) => readPasted(text))
      .then(look)
      .catch(() => setNote({ tone: "refused", words: t("failed") }));
    return true;
  };
  return { take, note, forget: useCallback(() => setNote(null), []) };
}

/** Right below the field that was pasted into. */
export function PastedNote({ note }: Pick<PastedSearch, "note">) {
  return (
    <div aria-live="polite">
      {note && (
        <p
          className={`absolute inset-x-0 top-full z-30 mt-1 rounded-control px-3 py-2 text-meta shadow-menu ${note.tone === "refused" ? "bg-bad-soft text-bad" : "bg-surface text-ink-2"}`}
        >
          {note.words}
        </p>
      )}
    </div>
  );
}
