import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LanguageChoice } from "@/features/account/language-choice";
import { Passkeys } from "@/features/sign-in/passkeys";
import { PasswordForm } from "@/features/sign-in/password-form";
import { SecondFactorSetup } from "@/features/sign-in/second-factor-setup";
import { Sessions } from "@/features/sign-in/sessions";
import { readSystem, signedIn } from "@/trpc/server";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("account"))("title") };
}

export default async function Page() {
  const t = await getTranslations("account");
  const { offersPasskeys } = await readSystem();
  const provider = await getTranslations("provider");
  const { person } = await signedIn();
  return (
    <>
      <h1 className="pt-3 text-page font-semibold">{t("title")}</h1>
      <p className="pb-3 text-ink-2 [overflow-wrap:anywhere]">
        {person.name}, {person.email}
      </p>
      <div className="grid max-w-[440px] gap-3">
        {person.provider === null ? (
          <>
            <PasswordForm />
            <SecondFactorSetup />
            <Passkeys isOffered={offersPasskeys} />
          </>
        ) : (
          <p className="text-ink-2">{provider("account", { name: person.provider })}</p>
        )}
        <LanguageChoice />
        <Sessions />
      </div>
    </>
  );
}
