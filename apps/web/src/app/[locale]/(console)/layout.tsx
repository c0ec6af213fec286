import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Shell } from "@/features/shell/shell";
import { readTheme, themeCookie } from "@/features/shell/theme";
import { readSystem, signedIn } from "@/trpc/server";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const [{ person, api }, system] = await Promise.all([signedIn(), readSystem()]);
  const catalog = await api.accounts.catalog.query();
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
