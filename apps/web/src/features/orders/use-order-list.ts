"use client";

import type { RouterOutputs } from "@sealpost/api/client";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTRPC } from "@/trpc/client";
import type { useOrderQuery } from "./order-query";

export type Initial = {
  readonly page: RouterOutputs["orders"]["list"];
  readonly counts: RouterOutputs["orders"]["counts"];
  readonly accounts: RouterOutputs["accounts"]["list"];
  readonly arrivals: RouterOutputs["mails"]["arrivals"];
  /** Null: this person does not want to see them. */
  readonly firstSteps: RouterOutputs["orders"]["firstSteps"] | null;
  /** The search of the URL the page was made for; another one starts empty. */
  readonly search: string;
};

/** Changes are told; this is for a page that was cut off. */
const quietMs = 60_000;

/** What the page asks the server for, beginning with what came along with the page. */
export function useOrderList(initial: Initial, query: ReturnType<typeof useOrderQuery>) {
  const trpc = useTRPC();
  const isInitial = query.params.toString() === initial.search;
  const accounts = useQuery(
    trpc.accounts.list.queryOptions(undefined, { initialData: initial.accounts, refetchInterval: quietMs }),
  );
  const counts = useQuery(
    trpc.orders.counts.queryOptions(undefined, { initialData: initial.counts, refetchInterval: quietMs }),
  );
  const list = useInfiniteQuery(
    trpc.orders.list.infiniteQueryOptions(query.input, {
      getNextPageParam: (page) => page.nextCursor,
      initialCursor: null,
      placeholderData: keepPreviousData,
      ...(isInitial ? { initialData: { pages: [initial.page], pageParams: [null] } } : {}),
      refetchInterval: quietMs,
    }),
  );
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.rows) ?? [], [list.data]);
  return {
    accounts: accounts.data,
    counts: counts.data,
    list: {
      shown: {
        rows,
        pages: list.data?.pages.length ?? 0,
        question: list.isPlaceholderData ? null : JSON.stringify(query.input),
      },
      hiddenCount: list.data?.pages[0]?.hiddenCount ?? 0,
      isPending: list.isPending,
      error: list.error,
      retry: () => void list.refetch(),
      more: list.hasNextPage
        ? { load: () => void list.fetchNextPage(), isLoading: list.isFetchingNextPage }
        : null,
    },
  };
}

/** Whether somebody is at the rows: a pointer over them, the focus in them, some chosen, or scrolled down to them. */
export function isInHand(table: HTMLTableElement | null): boolean {
  if (!table) return false;
  const isChosen = table.querySelector("tbody input:checked") !== null;
  return isChosen || table.matches(":hover, :focus-within") || table.getBoundingClientRect().top < 0;
}
