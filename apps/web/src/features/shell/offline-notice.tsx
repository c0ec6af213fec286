"use client";

import { CloudOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Moment } from "@/components/moment";
import { listenForSilence, readSilence } from "@/trpc/reachability";

/** While nothing is heard of the server: what still works, and as of when the page is. Goes away by itself. */
export function OfflineNotice() {
  const t = useTranslations("offline");
  const { announce } = useAnnouncer();
  const silence = useSyncExternalStore(listenForSilence, readSilence, () => null);
  const wasSilent = useRef(false);
  const reason = silence && t(silence.isOffline ? "offline" : "silent");
  useEffect(() => {
    if (reason) announce(`${reason} ${t("still")}`);
    else if (wasSilent.current) announce(t("back"));
    wasSilent.current = reason !== null;
  }, [reason, announce, t]);
  if (!silence) return null;
  return (
    <aside
      aria-label={t("label")}
      className="order-last -mx-4 flex basis-[calc(100%+2rem)] items-start gap-2 border-t bg-warn-soft px-4 py-1 text-meta max-md:-mx-2 max-md:basis-[calc(100%+1rem)]"
    >
      <CloudOff aria-hidden className="size-4 shrink-0 text-warn" />
      <p>
        <b className="font-semibold">{reason}</b>{" "}
        {t.rich("asOf", { time: () => <Moment at={silence.since.toISOString()} as="clock" /> })} {t("still")}
      </p>
    </aside>
  );
}
