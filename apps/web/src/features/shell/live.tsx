"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTRPC } from "@/trpc/client";

/**
 * Hears from the server what has changed and asks for it again: what others do, and what the console does by itself,
 * shows without anybody looking twice. `data-live` on the page says whether it is listening.
 */
export function Live() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  useEffect(() => {
    const keys = new Map([
      ["orders", trpc.orders.pathKey()],
      ["accounts", trpc.accounts.pathKey()],
      ["certificates", trpc.certificates.pathKey()],
    ]);
    const say = (isLive: boolean) => document.documentElement.toggleAttribute("data-live", isLive);
    const refresh = (queryKey: readonly unknown[]) => void queryClient.invalidateQueries({ queryKey });
    const source = new EventSource("/api/events");
    source.onopen = () => {
      say(true);
      // Whatever has changed while nobody listened: before the page stood, or while the line was down.
      for (const key of keys.values()) refresh(key);
    };
    source.onerror = () => say(false);
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const changed: unknown = JSON.parse(data);
      for (const [topic, key] of keys) if (Array.isArray(changed) && changed.includes(topic)) refresh(key);
    };
    return () => {
      source.close();
      say(false);
    };
  }, [trpc, queryClient]);
  return null;
}
