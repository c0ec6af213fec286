"use client";

import { useCallback, useEffect, useRef } from "react";

type Ask = (go: () => void) => void;

/** What asks before the page that stands is left. Null: nothing would be lost. */
let ask: Ask | null = null;

/** Goes to another page; where this one would lose what was entered, when the person has said so. */
export function leave(go: () => void): void {
  if (ask) ask(go);
  else go();
}

/**
 * While something is unsaved, whatever leads away asks first: links, the router (`i18n/navigation.ts`), Back and Forward;
 * and the browser, where the tab is closed. `onAsk` is given the way on. Returns how to ask no more: it was saved.
 */
export function useAsksBeforeLeaving(isUnsaved: boolean, onAsk: Ask): () => void {
  const latest = useRef(onAsk);
  latest.current = onAsk;
  const stop = useRef(() => {});
  useEffect(() => {
    if (!isUnsaved) return;
    stop.current = askBeforeLeaving((go) =>
      latest.current(() => {
        stop.current();
        go();
      }),
    );
    return () => stop.current();
  }, [isUnsaved]);
  return useCallback(() => stop.current(), []);
}

function askBeforeLeaving(by: Ask): () => void {
  const close = (event: BeforeUnloadEvent) => event.preventDefault();
  const click = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || !leadsAway(link, event)) return;
    event.preventDefault();
    event.stopPropagation();
    by(() => link.click());
  };
  // Told before it happens. A browser lets itself be held back once for each time somebody has done something in the page.
  const travel = (event: NavigateEvent) => {
    if (event.navigationType !== "traverse" || !event.cancelable) return;
    if (placeOf(new URL(event.destination.url)) === placeOf(window.location)) return;
    event.preventDefault();
    const { key } = event.destination;
    by(() => void window.navigation.traverseTo(key));
  };
  // Browsers before 2026 may lack it, and go back unasked.
  const travels = "navigation" in window ? window.navigation : null;
  ask = by;
  window.addEventListener("beforeunload", close);
  window.addEventListener("click", click, true);
  travels?.addEventListener("navigate", travel);
  return () => {
    if (ask === by) ask = null;
    window.removeEventListener("beforeunload", close);
    window.removeEventListener("click", click, true);
    travels?.removeEventListener("navigate", travel);
  };
}

function placeOf({ pathname, search }: Pick<Location | URL, "pathname" | "search">): string {
  return `${pathname}${search}`;
}

/** Whether this page is left by it. One to another site is the browser's to ask about. */
function leadsAway(link: HTMLAnchorElement, event: MouseEvent): boolean {
  const isOwn = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  const isInPlace = link.href !== "" && link.target === "" && !link.hasAttribute("download");
  return (
    isOwn && isInPlace && link.origin === window.location.origin && placeOf(link) !== placeOf(window.location)
  );
}
