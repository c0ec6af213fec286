import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { BrandSeal } from "@/components/seal";
import { LanguageMenu } from "@/features/shell/language-menu";
import type { Theme } from "@/features/shell/theme";
import { ThemeMenu } from "@/features/shell/theme-menu";

/** The pages before one is in: one card, nothing else. */
export function Entrance({
  title,
  text,
  notice,
  theme,
  children,
}: {
  title: ReactNode;
  text?: ReactNode;
  notice?: ReactNode;
  theme: Theme;
  children: ReactNode;
}) {
  const t = useTranslations("shell");
  return (
    <div className="flex min-h-dvh flex-col">
      {notice}
      <header className="flex items-center justify-end gap-1 px-4 py-2">
        <LanguageMenu />
        <ThemeMenu initial={theme} />
      </header>
      <main className="mx-auto w-full max-w-[400px] px-4 pt-[8vh] pb-16">
        <p className="mb-4 flex items-center gap-2 text-head font-semibold">
          <BrandSeal />
          Sealpost <span className="sr-only">{t("product")}</span>
        </p>
        <div className="rounded-sheet border bg-surface p-6 shadow-sheet">
          <h1 className="text-page font-semibold">{title}</h1>
          {text && <p className="mt-1 text-ink-2">{text}</p>}
          {children}
        </div>
      </main>
    </div>
  );
}
