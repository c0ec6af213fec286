"use client";

import { useLocale, useTranslations } from "next-intl";
import { SelectField } from "@/components/select-field";
import { Sheet, SheetHead } from "@/components/sheet";
import { useKeepLanguage } from "@/features/shell/use-language";
import { usePathname, useRouter } from "@/i18n/navigation";
import { routing } from "@/i18n/routing";

/** The language this person has, in whichever browser they sign in. */
export function LanguageChoice() {
  const t = useTranslations("account.language");
  const names = useTranslations("shell.language");
  const locale = useLocale();
  const router = useRouter();
  const pathname = usePathname();
  const keep = useKeepLanguage();
  return (
    <Sheet>
      <SheetHead title={t("title")} />
      <div className="p-4">
        <SelectField
          label={t("label")}
          help={t("help")}
          value={locale}
          choices={routing.locales}
          onChoose={(next) =>
            void keep(next).then((isKept) => isKept && router.replace(pathname, { locale: next }))
          }
        >
          {(one) => names(one)}
        </SelectField>
      </div>
    </Sheet>
  );
}
