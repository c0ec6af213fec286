import type { Metadata } from "next";
import { cookies } from "next/headers";
import { getTranslations } from "next-intl/server";
import { readTheme, themeCookie } from "@/features/shell/theme";
import { Entrance } from "@/features/sign-in/entrance";
import { SignInForm } from "@/features/sign-in/sign-in-form";
import { readSystem } from "@/trpc/server";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("signIn"))("title") };
}

export default async function Page({
  searchParams,
  params,
}: {
  searchParams: Promise<{ next?: string }>;
  params: Promise<{ locale: string }>;
}) {
  const t = await getTranslations("signIn");
  const { next } = await searchParams;
  const { locale } = await params;
  const theme = readTheme((await cookies()).get(themeCookie)?.value);
  const { needsSetup } = await readSystem();
  const home = locale === "en" ? "/security/ssl/orders" : `/${locale}/security/ssl/orders`;
  return (
    <Entrance title={t("title")} text={needsSetup ? t("needsSetup") : undefined} theme={theme}>
      {!needsSetup && <SignInForm next={isOwnPath(next) ? next : home} />}
    </Entrance>
  );
}

/** Only a path of this console; anything else would be an open redirect. */
function isOwnPath(path: string | undefined): path is string {
  return path !== undefined && /^\/(?![/\\])/.test(path);
}
