import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Shell } from "@/features/shell/shell";
import { readTheme, themeCookie } from "@/features/shell/theme";
import { readFirst, readSystem, signedIn } from "@/trpc/server";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const [catalog, { person }, system] = await Promise.all([
    readFirst((api) => api.accounts.catalog.query()),
    signedIn(),
    readSystem(),
  ]);
  const theme = readTheme((await cookies()).get(themeCookie)?.value);
  return (
    <Shell
      person={person}
      sandbox={system.sandbox}
      isReadOnly={system.isReadOnly}
      catalog={catalog}
      theme={theme}
    >
      {children}
    </Shell>
  );
}
