"use client";

import type { AppRouter } from "@sealpost/api/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink, httpLink, isNonJsonSerializable, splitLink } from "@trpc/client";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { type ReactNode, useState } from "react";
import { fetchSignedIn } from "@/features/sign-in/step-up";
import { isSignedOut } from "./refusal";

const context = createTRPCContext<AppRouter>();
export const { useTRPC, useTRPCClient } = context;

type LinkRequest = Omit<RequestInit, "signal"> & { readonly signal?: AbortSignal | null | undefined };

function fetchByLink(
  url: RequestInfo | URL | string,
  { signal = null, ...init }: LinkRequest = {},
): Promise<Response> {
  return fetchSignedIn(url, { ...init, signal });
}

/** Server state lives in the query cache and nowhere else. */
export function ApiProvider({ children }: { readonly children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const [client] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [
        splitLink({
          // Acts travel alone: one that wants a recent sign-in is sent once more, and nothing else with it.
          condition: ({ type, input }) => type === "mutation" || isNonJsonSerializable(input),
          true: httpLink({
            url: "/api/trpc",
            fetch: fetchByLink,
          }),
          false: httpBatchLink({ url: "/api/trpc", maxURLLength: 4000, maxItems: 20, fetch: fetchByLink }),
        }),
      ],
    }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <context.TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </context.TRPCProvider>
    </QueryClientProvider>
  );
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        retry: (count, error) => !isSignedOut(error) && count < 2,
      },
      // What was pressed without a network fails at once: kept back, it would be sent by itself when nobody looks.
      mutations: { networkMode: "always" },
    },
  });
}
