"use client";

import { useFormatter } from "next-intl";
import { zoneOf } from "./days";
import { useIsMounted, useNow, useTimeZone } from "./use-time";

const dayMs = 24 * 60 * 60 * 1000;

interface MomentProps {
  readonly at: string;
  /** `age`: "2 h ago" under 24 hours, then the day. `clock`: time of day, with the day when it is another one. `day`: the day. */
  readonly as: "age" | "clock" | "day" | "full";
  /** Stands in a row whose own tip tells the exact moment: one row, few stops for the Tab key. */
  readonly isInRow?: boolean;
  readonly className?: string;
}

/** A moment as people read it; where that leaves something out, the exact one with its zone on hover and on focus. */
export function Moment({ at, as, isInRow = false, className = "" }: MomentProps) {
  const format = useFormatter();
  const ownZone = useTimeZone();
  const timeZone = as === "day" ? zoneOf(at, ownZone) : ownZone;
  const now = useNow(30_000);
  const isMounted = useIsMounted();
  const date = new Date(at);
  const exact = useExact()(at);
  const year = isSameYear(date, now) ? {} : ({ year: "numeric" } as const);
  const day = { day: "numeric", month: "short", timeZone, ...year } as const;
  const clock = { hour: "2-digit", minute: "2-digit", timeZone } as const;
  const isToday = isMounted && Math.abs(now.getTime() - date.getTime()) < dayMs;
  const text = () => {
    if (as === "full") return format.dateTime(date, { dateStyle: "medium", timeStyle: "medium", timeZone });
    if (as === "day" || !isToday) return format.dateTime(date, day);
    return as === "clock" ? format.dateTime(date, clock) : format.relativeTime(date, now < date ? date : now);
  };
  return (
    <time
      dateTime={at}
      data-tip={exact}
      tabIndex={isInRow || as === "full" ? undefined : 0}
      className={`rounded-mark ${className}`}
      suppressHydrationWarning
    >
      {text()}
    </time>
  );
}

/** The whole moment with its zone, as it stands in tips. */
export function useExact(): (at: string) => string {
  const format = useFormatter();
  const ownZone = useTimeZone();
  return (at) =>
    format.dateTime(new Date(at), { dateStyle: "long", timeStyle: "long", timeZone: zoneOf(at, ownZone) });
}

function isSameYear(date: Date, now: Date): boolean {
  return date.getFullYear() === now.getFullYear();
}
