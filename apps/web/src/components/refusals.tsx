"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useAnnouncer } from "./announcer";
import { RefusalText } from "./refusal-text";

/** Among the options of a mutation: nothing beside its button says why it failed, so the page does. */
export const saysRefusal = { meta: { saysRefusal: true } };

/** Says why such an act was not done, until one is tried again. */
export function Refusals() {
  const queryClient = useQueryClient();
  const { refuse } = useAnnouncer();
  useEffect(
    () =>
      queryClient.getMutationCache().subscribe((event) => {
        if (event.type !== "updated" || !event.mutation.meta?.saysRefusal) return;
        if (event.action.type === "pending") refuse(null);
        if (event.action.type === "error") refuse(<RefusalText error={event.action.error} />);
      }),
    [queryClient, refuse],
  );
  return null;
}
