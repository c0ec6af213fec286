"use client";

import type { CaManifest } from "@sealpost/domain";
import { createContext, type ReactNode, useContext } from "react";

const Context = createContext<readonly CaManifest[]>([]);

export function CaCatalogProvider({
  catalog,
  children,
}: {
  readonly catalog: readonly CaManifest[];
  readonly children: ReactNode;
}) {
  return <Context value={catalog}>{children}</Context>;
}

/** Every CA an account can be connected at, with its form and its words. */
export function useCaCatalog(): readonly CaManifest[] {
  return useContext(Context);
}
