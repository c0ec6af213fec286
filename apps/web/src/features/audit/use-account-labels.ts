"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/trpc/client";

/** What each CA account is called, by its id. */
export function useAccountLabels(): Readonly<Record<string, string>> {
  const trpc = useTRPC();
  const { data = [] } = useQuery(trpc.accounts.list.queryOptions());
  return Object.fromEntries(data.map(({ caAccountId, label }) => [caAccountId, label]));
}
