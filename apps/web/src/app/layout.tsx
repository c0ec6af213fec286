import type { ReactNode } from "react";

/** The document itself is made per language, one level below. */
export default function RootLayout({ children }: { children: ReactNode }) {
  return children;
}
