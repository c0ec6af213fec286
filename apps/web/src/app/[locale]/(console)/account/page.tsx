import type { Metadata } from "next";
import { useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { PasswordForm } from "@/features/sign-in/password-form";
import { SecondFactorSetup } from "@/features/sign-in/second-factor-setup";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("password"))("title") };
}

export default function Page() {
  const t = useTranslations("password");
  return (
    <>
      <h1 className="py-3 text-page font-semibold">{t("title")}</h1>
      <PasswordForm />
      <SecondFactorSetup />
    </>
  );
}
