"use client";

import { Check, Globe } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { leave } from "@/components/leaving";
import { Menu, MenuItem } from "@/components/menu";
import { usePathname, useRouter } from "@/i18n/navigation";
import { type Locale, routing } from "@/i18n/routing";

/** Each language in its own word. The place and its filters stay. */
export function LanguageMenu({
  keep,
}: {
  /** Keeps it with the person, once there is one. Resolves to whether that went well. */
  readonly keep?: (language: Locale) => Promise<boolean>;
}) {
  const t = useTranslations("shell.language");
  const locale = useLocale();
  const router = useRouter();
  const pathname = usePathname();
  const choose = async (next: Locale) => {
    if (keep && !(await keep(next))) return;
    router.replace(`${pathname}${window.location.search}${window.location.hash}`, { locale: next });
  };
  const trigger = (
    <button
      type="button"
      aria-label={t("label")}
      className="inline-flex h-8 items-center gap-1.5 rounded-control px-2 text-ink-2 hover:bg-hover max-md:h-10"
    >
      <Globe aria-hidden className="size-4" />
      <span className="max-md:sr-only">{t(locale)}</span>
    </button>
  );
  return (
    <Menu trigger={trigger} align="end">
      {routing.locales.map((one) => (
        <MenuItem key={one} onSelect={() => leave(() => void choose(one))}>
          <span lang={one}>{t(one)}</span>
          {one === locale && <Check aria-hidden className="ml-auto size-3.5" />}
        </MenuItem>
      ))}
    </Menu>
  );
}
