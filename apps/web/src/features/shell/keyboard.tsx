"use client";

import { useCallback, useEffect, useState } from "react";
import { onDemand } from "@/components/on-demand";
import { usePreferences } from "./session";

const { Part: CommandPalette, preload: preloadPalette } = onDemand(
  async () => (await import("./command-palette")).CommandPalette,
);
const { Part: KeyboardHelp } = onDemand(async () => (await import("./keyboard-help")).KeyboardHelp);

/** Keys that press what carries them as `data-key`: in the row that has the focus, or else on the page beside the rows. */
const pressing = ["s", "i", "r", "x"];

/**
 * The keyboard map of the console. Pages take part by marks alone: `data-row` on a row, `data-row-name` on the link in it
 * that takes the focus, `data-key` on what a key presses, `data-more` on what loads more rows. Single keys are off while
 * one types, while a dialog or a menu is open, and for whoever has switched them off (WCAG 2.2, 2.1.4).
 */
export function Keyboard() {
  const { preferences } = usePreferences();
  const { hasSingleKeys } = preferences;
  const [open, setOpen] = useState<"palette" | "help" | null>(null);
  /** What was typed for the palette before it stood. */
  const [typed, setTyped] = useState("");
  const close = useCallback(() => setOpen(null), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isOverlaid()) return;
      if (event.key === "Control" || event.key === "Meta") return preloadPalette();
      if (open !== null) {
        if (event.key === "Escape") return close();
        if (open === "palette" && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
          event.preventDefault();
          setTyped((before) => before + event.key);
        }
        return;
      }
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setTyped("");
        return setOpen("palette");
      }
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (moveInList(event)) return event.preventDefault();
      if (!hasSingleKeys || isTyping(event.target)) return;
      if (event.key === "?") setOpen("help");
      else if (!pressSingle(event)) return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [hasSingleKeys, open, close]);
  return (
    <>
      {open === "palette" && (
        <CommandPalette initialText={typed} onClose={close} onHelp={() => setOpen("help")} />
      )}
      {open === "help" && <KeyboardHelp onClose={close} />}
    </>
  );
}

function isOverlaid(): boolean {
  return document.querySelector("[role=dialog], [role=menu]") !== null;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")
  );
}

/** Arrows go from row to row while the focus is on one, and from the search down to the first; elsewhere they scroll. */
function moveInList(event: KeyboardEvent): boolean {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0 || event.shiftKey) return false;
  const from = step === 1 ? "[data-row], search" : "[data-row]";
  return Boolean(document.activeElement?.closest(from)) && moveRow(step);
}

/** Puts the focus on the next row or the one before; from elsewhere on the first. False where there is none. */
function moveRow(step: 1 | -1): boolean {
  const rows = [...document.querySelectorAll("main [data-row]")];
  const from = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[from === -1 ? 0 : Math.max(0, from + step)];
  const target = row?.querySelector("[data-row-name]") ?? document.querySelector("main [data-more]");
  if (rows.length === 0 || !(target instanceof HTMLElement)) return false;
  target.focus();
  return true;
}

function pressSingle(event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  if (key === "/") return focusSearch();
  if (key === "j") return moveRow(1);
  if (key === "k") return moveRow(-1);
  return pressing.includes(key) && press(key, event.shiftKey);
}

function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>("search input");
  field?.focus();
  return field !== null;
}

function press(key: string, shiftKey: boolean): boolean {
  const row = document.activeElement?.closest("[data-row]");
  const found = [...document.querySelectorAll<HTMLElement>(`main [data-key="${key}"]`)];
  const target =
    found.find((one) => row?.contains(one)) ?? found.find((one) => !one.closest("[data-row], thead"));
  // A click by script carries no Shift key of its own.
  target?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey }));
  return target !== undefined;
}
