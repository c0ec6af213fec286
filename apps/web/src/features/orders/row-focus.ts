"use client";

import { useEffect } from "react";

/** Notes in the history which row one leaves by, so that the way back ends on it. */
export function rememberRow(orderId: string): void {
  window.history.replaceState({ ...window.history.state, leftBy: orderId }, "");
}

/** Puts the focus on the row that one had left by, when one comes back and all rows are drawn. */
export function useReturnToRow(isDrawn: boolean): void {
  useEffect(() => {
    if (!isDrawn) return;
    const { leftBy }: { leftBy?: unknown } = window.history.state ?? {};
    if (typeof leftBy !== "string") return;
    const row = document.querySelector(`[data-row="${CSS.escape(leftBy)}"]`);
    const name = row?.querySelector<HTMLElement>("[data-row-name]");
    // The browser has put the page back where it was; only a row that is not to be seen then is brought into view.
    name?.focus({ preventScroll: true });
    name?.scrollIntoView({ block: "nearest" });
  }, [isDrawn]);
}
