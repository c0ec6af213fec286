import type { Metadata } from "next";
import { cookies } from "next/headers";
import { getTranslations } from "next-intl/server";
import { readTheme, themeCookie } from "@/features/shell/theme";
import { Entrance } from "@/features/sign-in/entrance";
import { LinkForm } from "@/features/sign-in/link-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("link.invite"))("title") };
}

export default async function Page() {
  const t = await getTranslations("link.invite");
  const theme = readTheme((await cookies()).get(themeCookie)?.value);
  return (
    <Entrance title={t("title")} text={t("text")} theme={theme}>
      <LinkForm purpose="invite" />
    </Entrance>
  );
}
