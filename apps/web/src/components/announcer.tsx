"use client";

import { useTranslations } from "next-intl";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from "react";

const Context = createContext<{ announce: (text: string) => void; toast: (text: string) => void }>({
  announce: () => {},
  toast: () => {},
});

const toastMs = 8000;

/** One polite live region for results, and one toast for those whose place on the page is gone. */
export function Announcer({ children }: { readonly children: ReactNode }) {
  const t = useTranslations("shell");
  const [said, setSaid] = useState({ text: "", count: 0 });
  const [shown, setShown] = useState<string | null>(null);
  const [isHeld, setHeld] = useState(false);
  const announce = useCallback((text: string) => setSaid(({ count }) => ({ text, count: count + 1 })), []);
  const toast = useCallback(
    (text: string) => {
      setShown(text);
      announce(text);
    },
    [announce],
  );
  useEffect(() => {
    if (shown === null || isHeld) return;
    const timer = setTimeout(() => setShown(null), toastMs);
    return () => clearTimeout(timer);
  }, [shown, isHeld]);
  return (
    <Context value={{ announce, toast }}>
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
          className="fixed right-4 bottom-4 left-4 z-50 max-w-md rounded-sheet bg-bar px-4 py-3 font-medium text-on-bar shadow-dialog md:left-auto"
        >
          {shown}
        </aside>
      )}
    </Context>
  );
}

/** Says a result to those who do not see it, or shows it where its place is gone. */
export function useAnnouncer() {
  return useContext(Context);
}
