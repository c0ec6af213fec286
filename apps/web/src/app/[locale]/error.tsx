"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/button";

/** What failed on the server is asked for anew: drawing again what it sent would fail again. */
export default function ErrorPage({ retry }: { error: Error; retry: () => void }) {
  const t = useTranslations("failure");
  return (
    <main role="alert" className="mx-auto max-w-[60ch] px-4 py-16">
      <h1 className="text-page font-semibold">{t("title")}</h1>
      <p className="mt-1 mb-4 text-ink-2">{t("nothingChanged")}</p>
      <Button onClick={retry}>{t("retry")}</Button>
    </main>
  );
}
