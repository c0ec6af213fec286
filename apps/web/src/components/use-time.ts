"use client";

import { useEffect, useState, useSyncExternalStore } from "react";

const never = () => () => {};

let zone: string | undefined;

/** Asked of the browser once: every moment on a page wants it, and the format it is read from is dear to make. */
function ownZone(): string {
  zone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone;
}

/** The person's zone; UTC while the server's page is being taken over, so that both say the same. */
export function useTimeZone(): string {
  return useSyncExternalStore(never, ownZone, () => "UTC");
}

/** The moment, renewed so often; for relative times and countdowns. */
export function useNow(everyMs: number): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    setNow(new Date());
    const timer = setInterval(() => setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** False on the server and while its page is taken over: what depends on the person's clock waits for it. */
export function useIsMounted(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
