import { cookies, headers } from "next/headers";
import { getLocale } from "next-intl/server";
import type { ReactNode } from "react";
import { Shell } from "@/features/shell/shell";
import { readTheme, themeCookie } from "@/features/shell/theme";
import { redirect } from "@/i18n/navigation";
import { readSystem, serverApi } from "@/trpc/server";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const [api, system, locale] = [await serverApi(), await readSystem(), await getLocale()];
  const person = await api.session.me.query();
  if (!person) {
    const next = (await headers()).get("x-sealpost-path") ?? "";
    return redirect({ href: { pathname: "/sign-in", query: next === "" ? {} : { next } }, locale });
  }
  const theme = readTheme((await cookies()).get(themeCookie)?.value);
  return (
    <Shell person={person} sandbox={system.sandbox} theme={theme}>
      {children}
    </Shell>
  );
}
