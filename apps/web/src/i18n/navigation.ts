import { createNavigation } from "next-intl/navigation";
import { useMemo } from "react";
import { leave } from "@/components/leaving";
import { routing } from "./routing";

const navigation = createNavigation(routing);
export const { getPathname, Link, redirect, usePathname } = navigation;

type Router = ReturnType<typeof navigation.useRouter>;

/** The way to other pages; one that would lose something by it asks first. */
export function useRouter(): Router {
  const router = navigation.useRouter();
  return useMemo(
    () => ({
      ...router,
      push: (...to: Parameters<Router["push"]>) => leave(() => router.push(...to)),
      replace: (...to: Parameters<Router["replace"]>) => leave(() => router.replace(...to)),
    }),
    [router],
  );
}
