import dynamic from "next/dynamic";
import type { ComponentType } from "react";
import { fetchPart } from "@/trpc/reachability";

const tryAgainMs = 2000;

/**
 * A part no page shows at first: fetched when somebody comes near what opens it (`preload`, on its pointer and focus), at
 * the latest when it is drawn. What cannot be fetched then is asked for until it can; meanwhile the page stays, and says
 * that the server does not answer, or that it has been upgraded.
 */
export function onDemand<Props>(load: () => Promise<ComponentType<Props>>): {
  readonly Part: ComponentType<Props>;
  readonly preload: () => void;
} {
  // With a boundary of its own: the page around it would be hidden while it comes, and lose the focus.
  const Part = dynamic(() => untilThere(load), { loading: () => null });
  return { Part, preload: () => void load().catch(() => {}) };
}

async function untilThere<Part>(load: () => Promise<Part>): Promise<Part> {
  for (;;) {
    try {
      return await fetchPart(load);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, tryAgainMs));
    }
  }
}
