import { isOwnPath } from "@sealpost/domain/policy";
import type { Metadata } from "next";
import { cookies } from "next/headers";
import { getTranslations } from "next-intl/server";
import { ReadOnlyNotice } from "@/features/shell/read-only-notice";
import { readTheme, themeCookie } from "@/features/shell/theme";
import { Entrance } from "@/features/sign-in/entrance";
import { admissionProblemOf } from "@/features/sign-in/provider";
import { ProviderSignIn } from "@/features/sign-in/provider-sign-in";
import { SignInForm } from "@/features/sign-in/sign-in-form";
import { readSystem } from "@/trpc/server";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("signIn"))("title") };
}

export default async function Page({
  searchParams,
  params,
}: {
  searchParams: Promise<{ next?: string; problem?: string }>;
  params: Promise<{ locale: string }>;
}) {
  const t = await getTranslations("signIn");
  const { next, problem } = await searchParams;
  const { locale } = await params;
  const theme = readTheme((await cookies()).get(themeCookie)?.value);
  const { needsSetup, isReadOnly, offersPasskeys, provider } = await readSystem();
  const home = locale === "en" ? "/security/ssl/orders" : `/${locale}/security/ssl/orders`;
  const wanted = next !== undefined && isOwnPath(next) ? next : home;
  return (
    <Entrance
      title={t("title")}
      text={needsSetup ? t("needsSetup") : undefined}
      notice={isReadOnly && <ReadOnlyNotice isSignedIn={false} />}
      theme={theme}
    >
      {!needsSetup && <SignInForm next={wanted} offersPasskeys={offersPasskeys} />}
      {!needsSetup && provider && (
        <ProviderSignIn name={provider.name} next={wanted} problem={admissionProblemOf(problem)} />
      )}
    </Entrance>
  );
}
