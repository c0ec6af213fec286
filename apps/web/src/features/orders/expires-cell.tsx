"use client";

import { TriangleAlert } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { daysUntil, zoneOf } from "@/components/days";
import { useExact } from "@/components/moment";
import { useNow, useTimeZone } from "@/components/use-time";

/** The date that hurts: relative within 30 days, with a triangle within 7, the plain date otherwise and once it is over. */
export function ExpiresCell({ at, isQuiet }: { readonly at: string | null; readonly isQuiet: boolean }) {
  const t = useTranslations("orders");
  const format = useFormatter();
  const timeZone = useTimeZone();
  const now = useNow(60_000);
  const exact = useExact();
  if (at === null) return <span className="text-ink-3">–</span>;
  const date = new Date(at);
  const days = daysUntil(at, now, timeZone);
  const isSoon = date > now && days < 30 && !isQuiet;
  return (
    <time
      dateTime={at}
      data-tip={exact(at)}
      suppressHydrationWarning
      className={`inline-flex items-center gap-1.5 whitespace-nowrap ${isSoon ? "font-medium" : "text-ink-2"}`}
    >
      {isSoon && days < 7 && <TriangleAlert aria-hidden className="size-3.5 text-bad" />}
      {isSoon
        ? t("inDays", { days })
        : format.dateTime(date, {
            day: "numeric",
            month: "short",
            year: "numeric",
            timeZone: zoneOf(at, timeZone),
          })}
    </time>
  );
}
