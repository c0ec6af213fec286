"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { listenForSignIn } from "@/features/sign-in/step-up";
import { useTRPC } from "@/trpc/client";
import { noteSilence } from "@/trpc/reachability";

/** How long is waited before a line that was refused is opened again, in milliseconds; doubled up to the longest. */
const [firstPauseMs, longestPauseMs] = [1000, 30_000];

/**
 * Hears from the server what has changed and asks for it again: what others do, and what the console does by itself,
 * shows without anybody looking twice. `data-live` in the page says whether it is listening.
 */
export function Live() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [isLive, setLive] = useState(false);
  useEffect(() => {
    const keys = new Map([
      ["orders", trpc.orders.pathKey()],
      ["accounts", trpc.accounts.pathKey()],
      ["certificates", trpc.certificates.pathKey()],
      ["mailboxes", trpc.mailboxes.pathKey()],
      ["mails", trpc.mails.pathKey()],
      ["people", trpc.people.pathKey()],
    ]);
    const refresh = (queryKey: readonly unknown[]) => void queryClient.invalidateQueries({ queryKey });
    let pauseMs = firstPauseMs;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      const source = new EventSource("/api/events");
      source.onopen = () => {
        pauseMs = firstPauseMs;
        setLive(true);
        // Whatever has changed while nobody listened: before the page stood, or while the line was down.
        for (const key of keys.values()) refresh(key);
      };
      source.onerror = () => {
        setLive(false);
        noteSilence();
        // A line that broke is opened again by the browser; one that was refused never is (WHATWG HTML section 9.2.3).
        if (source.readyState !== EventSource.CLOSED) return;
        timer = setTimeout(listen, pauseMs);
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      };
      source.onmessage = ({ data }: MessageEvent<string>) => {
        const changed: unknown = JSON.parse(data);
        for (const [topic, key] of keys) if (Array.isArray(changed) && changed.includes(topic)) refresh(key);
      };
      return () => source.close();
    };
    let close = () => {};
    const stop = () => {
      clearTimeout(timer);
      close();
      setLive(false);
    };
    // Without HTTP/2 a browser has six connections for all its pages: those nobody sees leave theirs to the others.
    const listen = () => {
      stop();
      close = document.visibilityState === "visible" ? open() : () => {};
    };
    listen();
    document.addEventListener("visibilitychange", listen);
    // A line that was refused for want of a session need not wait any longer.
    const endSignIn = listenForSignIn(listen);
    return () => {
      document.removeEventListener("visibilitychange", listen);
      endSignIn();
      stop();
    };
  }, [trpc, queryClient]);
  return <span hidden data-live={isLive ? "" : undefined} />;
}
