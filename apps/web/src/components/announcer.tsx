"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from "react";

interface Announcing {
  readonly announce: (text: string) => void;
  readonly toast: (text: string) => void;
  /** Shows why something was not done, until it is closed or something else is shown. Null: that no longer holds. */
  readonly refuse: (why: ReactNode) => void;
}

const Context = createContext<Announcing>({ announce: () => {}, toast: () => {}, refuse: () => {} });

interface Shown {
  readonly words: ReactNode;
  readonly isRefusal: boolean;
}

const toastMs = 8000;

/** One polite live region for results, and one notice for those whose place on the page is gone; a refusal does not pass. */
export function Announcer({ children }: { readonly children: ReactNode }) {
  const t = useTranslations("shell");
  const [said, setSaid] = useState({ text: "", count: 0 });
  const [shown, setShown] = useState<Shown | null>(null);
  const [isHeld, setHeld] = useState(false);
  const announce = useCallback((text: string) => setSaid(({ count }) => ({ text, count: count + 1 })), []);
  const toast = useCallback(
    (text: string) => {
      setShown({ words: text, isRefusal: false });
      announce(text);
    },
    [announce],
  );
  const refuse = useCallback(
    (why: ReactNode) =>
      setShown((now) => (why ? { words: why, isRefusal: true } : now?.isRefusal ? null : now)),
    [],
  );
  useEffect(() => {
    if (shown === null || shown.isRefusal || isHeld) return;
    const timer = setTimeout(() => setShown(null), toastMs);
    return () => clearTimeout(timer);
  }, [shown, isHeld]);
  return (
    <Context value={{ announce, toast, refuse }}>
      {children}
      <div aria-live="polite" className="sr-only">
        {/* The same words again are a new result, and are only read out when they stand in a new element. */}
        <p key={said.count}>{said.text}</p>
      </div>
      {shown !== null && (
        <aside
          aria-label={t("result")}
          onMouseEnter={() => setHeld(true)}
          onMouseLeave={() => setHeld(false)}
          className={`fixed right-4 bottom-4 left-4 z-50 flex max-w-md items-start gap-2 rounded-sheet px-4 py-3 font-medium shadow-dialog md:left-auto ${shown.isRefusal ? "bg-bad-soft text-bad" : "bg-bar text-on-bar"}`}
        >
          {shown.isRefusal ? (
            <>
              <p role="alert">{shown.words}</p>
              <button
                type="button"
                aria-label={t("closeResult")}
                onClick={() => setShown(null)}
                className="-my-1 -mr-2 grid size-7 shrink-0 place-items-center rounded-control hover:bg-surface max-md:size-10"
              >
                <X aria-hidden className="size-4" />
              </button>
            </>
          ) : (
            shown.words
          )}
        </aside>
      )}
    </Context>
  );
}

/** Says a result to those who do not see it, or shows it where its place is gone. */
export function useAnnouncer() {
  return useContext(Context);
}
