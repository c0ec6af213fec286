"use client";

import { useEffect, useState } from "react";

interface Tip {
  readonly text: string;
  readonly left: number;
  readonly top: number;
}

const id = "tip";
const gap = 6;
const widest = 520;

/**
 * What an element says in full where it shows less: `data-tip`, on hover and on focus by keyboard, and as its description
 * for screen readers while it has the focus. Goes with Escape, and stays while the pointer is on it (WCAG 2.2, 1.4.13).
 */
export function Tips() {
  const [tip, setTip] = useState<Tip | null>(null);
  useEffect(() => {
    let focused: Element | null = null;
    const hide = () => {
      if (focused?.getAttribute("aria-describedby") === id) focused.removeAttribute("aria-describedby");
      focused = null;
      setTip(null);
    };
    const show = (target: Element) => {
      const text = target.getAttribute("data-tip");
      const { left, bottom } = target.getBoundingClientRect();
      const farthest = document.documentElement.clientWidth - widest - gap;
      if (text) setTip({ text, left: Math.max(gap, Math.min(left, farthest)), top: bottom + gap });
    };
    const over = ({ target }: Event) => {
      if (!(target instanceof Element) || target.id === id) return;
      const told = target.closest("[data-tip]");
      if (told) show(told);
      else if (!focused) hide();
    };
    const focus = ({ target }: Event) => {
      hide();
      if (!(target instanceof Element) || !target.matches("[data-tip]:focus-visible")) return;
      focused = target;
      show(target);
      if (!target.hasAttribute("aria-describedby")) target.setAttribute("aria-describedby", id);
    };
    const follow = () => {
      if (focused) show(focused);
      else hide();
    };
    const key = ({ key }: KeyboardEvent) => key === "Escape" && hide();
    document.addEventListener("pointerover", over);
    document.addEventListener("focusin", focus);
    document.addEventListener("focusout", hide);
    document.addEventListener("keydown", key);
    document.addEventListener("scroll", follow, { capture: true, passive: true });
    return () => {
      document.removeEventListener("pointerover", over);
      document.removeEventListener("focusin", focus);
      document.removeEventListener("focusout", hide);
      document.removeEventListener("keydown", key);
      document.removeEventListener("scroll", follow, { capture: true });
    };
  }, []);
  return (
    tip && (
      <div
        id={id}
        role="tooltip"
        style={{ left: tip.left, top: tip.top, maxWidth: widest }}
        className="fixed z-60 rounded-control bg-bar px-2.5 py-1.5 text-meta whitespace-pre-line text-on-bar shadow-menu [overflow-wrap:anywhere]"
      >
        {tip.text}
      </div>
    )
  );
}
