"use client";

import type { ImportPlanView } from "@sealpost/api/client";
import { ChevronRight } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { fetchPart } from "@/trpc/reachability";

const loadTexts = async () => (await import("@sealpost/domain/finding-more")).findingMore;
type Texts = Awaited<ReturnType<typeof loadTexts>>;

/** What a finding means and what to do, for whoever opens it. The texts come when the first one is opened. */
export function FindingMore({
  id,
  describedBy,
}: {
  readonly id: ImportPlanView["findings"][number]["id"];
  /** The element that says the finding in a sentence. */
  readonly describedBy: string;
}) {
  const t = useTranslations("import");
  const locale = useLocale();
  const [texts, setTexts] = useState<Texts | "failed" | null>(null);
  const open = () =>
    void fetchPart(loadTexts).then(
      (loaded) => setTexts(loaded),
      () => setTexts("failed"),
    );
  return (
    <details
      className="group mt-0.5"
      onToggle={(event) => {
        if (event.currentTarget.open && (texts === null || texts === "failed")) open();
      }}
    >
      <summary
        aria-describedby={describedBy}
        className="inline-flex cursor-pointer list-none items-center gap-1 rounded-mark text-meta text-ink-2 underline-offset-2 hover:underline max-md:min-h-8 [&::-webkit-details-marker]:hidden"
      >
        <ChevronRight aria-hidden className="size-3.5 group-open:rotate-90" />
        {t("more.title")}
      </summary>
      {texts === "failed" && <p className="mt-1 text-ink-2">{t("more.failed")}</p>}
      {texts !== null && texts !== "failed" && (
        <div className="mt-1 grid max-w-[75ch] gap-1.5 pb-1 text-ink-2">
          {texts[id][locale].map((text) => (
            <p key={text}>{text}</p>
          ))}
        </div>
      )}
    </details>
  );
}
