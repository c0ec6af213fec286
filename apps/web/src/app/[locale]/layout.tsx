import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import { notFound } from "next/navigation";
import { hasLocale } from "next-intl";
import type { ReactNode } from "react";
import { preload } from "react-dom";
import { EarlyInput } from "@/features/shell/early-input";
import { EarlyTheme } from "@/features/shell/early-theme";
import { readTheme, themeCookie } from "@/features/shell/theme";
import { messageFile } from "@/i18n/message-file";
import { Messages } from "@/i18n/messages";
import { routing } from "@/i18n/routing";
import "../globals.css";

// Every page carries a nonce of its own, so none can be made beforehand.
export const dynamic = "force-dynamic";
export const metadata: Metadata = {
  title: { default: "Sealpost", template: "%s · Sealpost" },
  icons: { icon: "/favicon.svg" },
};
export const viewport: Viewport = { width: "device-width", initialScale: 1 };

export default async function LocaleLayout({
  children,
  params,
}: {
  children: ReactNode;
  params: Promise<{ locale: string }>;
}) {
  const { locale } = await params;
  if (!hasLocale(routing.locales, locale)) notFound();
  const theme = readTheme((await cookies()).get(themeCookie)?.value);
  const url = `/messages/${locale}/${(await messageFile(locale)).version}`;
  preload(url, { as: "fetch", crossOrigin: "anonymous" });
  return (
    <html lang={locale} data-theme={theme === "dark" ? "dark" : "light"} suppressHydrationWarning>
      <body>
        {theme === "system" && <EarlyTheme />}
        <EarlyInput />
        <Messages locale={locale} url={url}>
          {children}
        </Messages>
      </body>
    </html>
  );
}
