import type { Metadata } from "next";
import { cookies } from "next/headers";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { readTheme, themeCookie } from "@/features/shell/theme";
import { Entrance } from "@/features/sign-in/entrance";
import { admissionProblemOf } from "@/features/sign-in/provider";
import { ProviderAgain } from "@/features/sign-in/provider-again";
import { readSystem } from "@/trpc/server";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("provider.again"))("title") };
}

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ done?: string; problem?: string }>;
}) {
  const t = await getTranslations("provider.again");
  const { done, problem } = await searchParams;
  const theme = readTheme((await cookies()).get(themeCookie)?.value);
  const { provider } = await readSystem();
  if (!provider) notFound();
  return (
    <Entrance title={t("title")} theme={theme}>
      <ProviderAgain name={provider.name} isDone={done !== undefined} problem={admissionProblemOf(problem)} />
    </Entrance>
  );
}
