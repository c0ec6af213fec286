"use client";

import { Search } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useRef, useState } from "react";
import { usePathname, useRouter } from "@/i18n/navigation";
import { PastedNote, usePastedSearch } from "./use-pasted-search";

const orders = "/security/ssl/orders";
const certificates = "/security/ssl/certificates";
const settleMs = 200;

/**
 * Looks through orders, or through certificates while they are shown. `/` goes here from anywhere. A certificate may be
 * pasted: what is searched for, and stands in the address, is what identifies it.
 */
export function SearchField() {
  const t = useTranslations("shell");
  const pathname = usePathname();
  const router = useRouter();
  const params = useSearchParams();
  const [text, setText] = useState(params.get("q") ?? "");
  const isList = pathname === orders || pathname === certificates;
  const inUrl = params.get("q") ?? "";
  /** What the address was given from here. It comes back late, when more has been typed: only others' words are taken over. */
  const written = useRef(inUrl);
  const write = useCallback((search: string, showsLongExpired = false) => {
    written.current = search.trim();
    replaceQuery(search, showsLongExpired);
  }, []);
  const pasted = usePastedSearch(pathname === certificates ? "certificates" : "orders", (found) => {
    setText(found);
    if (!isList) return router.push(`${orders}?q=${encodeURIComponent(found)}&expired=show`);
    write(found, pathname === orders);
  });
  useEffect(() => {
    if (inUrl === written.current) return;
    written.current = inUrl;
    setText(inUrl);
  }, [inUrl]);
  useEffect(() => {
    if (!isList || text.trim() === (new URLSearchParams(window.location.search).get("q") ?? "")) return;
    const timer = setTimeout(() => write(text), settleMs);
    return () => clearTimeout(timer);
  }, [text, isList, write]);
  return (
    <search className="max-md:order-last max-md:w-full max-md:pb-2 md:w-[440px] md:shrink">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isList) write(text);
          else router.push(`${orders}?q=${encodeURIComponent(text)}`);
        }}
        className="relative"
      >
        <Search aria-hidden className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-ink-3" />
        <input
          type="search"
          value={text}
          onPaste={(event) => {
            if (pasted.take(event.clipboardData.getData("text"))) event.preventDefault();
          }}
          onChange={({ target: { value } }) => {
            if (pasted.take(value)) return;
            pasted.forget();
            setText(value);
          }}
          onBlur={pasted.forget}
          aria-label={t("search")}
          placeholder={t("search")}
          aria-keyshortcuts="/"
          className="h-9 w-full rounded-control border border-control bg-surface pr-9 pl-9 max-md:h-10"
        />
        <kbd
          aria-hidden
          className="absolute top-1/2 right-2 -translate-y-1/2 rounded-mark border bg-canvas px-1.5 font-sans text-code text-ink-3 max-md:hidden"
        >
          /
        </kbd>
        <PastedNote note={pasted.note} />
      </form>
    </search>
  );
}

function replaceQuery(text: string, showsLongExpired = false): void {
  const params = new URLSearchParams(window.location.search);
  if (showsLongExpired) params.set("expired", "show");
  if (text.trim() === "") params.delete("q");
  else params.set("q", text.trim());
  const query = params.toString();
  window.history.replaceState(null, "", query === "" ? window.location.pathname : `?${query}`);
}
