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
        timer = setTimeout(() => {
          close = open();
        }, pauseMs);
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      };
      source.onmessage = ({ data }: MessageEvent<string>) => {
        const changed: unknown = JSON.parse(data);
        for (const [topic, key] of keys) if (Array.isArray(changed) && changed.includes(topic)) refresh(key);
      };
      return () => source.close();
    };
    let close: () => void = open();
    // A line that was refused for want of a session need not wait any longer.
    const stop = listenForSignIn(() => {
      clearTimeout(timer);
      close();
      close = open();
    });
    return () => {
      stop();
      clearTimeout(timer);
      close();
      setLive(false);
    };
  }, [trpc, queryClient]);
  return <span hidden data-live={isLive ? "" : undefined} />;
}
