"use client";

import { CloudOff, RotateCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Button } from "@/components/button";
import { Moment } from "@/components/moment";
import { listenForSilence, readOutdated, readSilence } from "@/trpc/reachability";

/**
 * While nothing is heard of the server: what still works, and as of when the page is. Goes away by itself. Where the server
 * was upgraded under the page: that it wants to be loaded again.
 */
export function OfflineNotice() {
  const t = useTranslations("offline");
  const { announce } = useAnnouncer();
  const silence = useSyncExternalStore(listenForSilence, readSilence, () => null);
  const isOutdated = useSyncExternalStore(listenForSilence, readOutdated, () => false);
  const wasSilent = useRef(false);
  const reason = silence && t(silence.isOffline ? "offline" : "silent");
  useEffect(() => {
    if (reason) announce(`${reason} ${t("still")}`);
    else if (wasSilent.current) announce(t("back"));
    wasSilent.current = reason !== null;
  }, [reason, announce, t]);
  useEffect(() => {
    if (isOutdated) announce(`${t("updated")} ${t("loadAgain")}`);
  }, [isOutdated, announce, t]);
  if (silence)
    return (
      <Strip label={t("label")} icon={<CloudOff aria-hidden className="size-4 shrink-0 text-warn" />}>
        <p>
          <b className="font-semibold">{reason}</b>{" "}
          {t.rich("asOf", { time: () => <Moment at={silence.since.toISOString()} as="clock" /> })}{" "}
          {t("still")}
        </p>
      </Strip>
    );
  if (isOutdated)
    return (
      <Strip label={t("updated")} icon={<RotateCw aria-hidden className="size-4 shrink-0 text-warn" />}>
        <p>
          <b className="font-semibold">{t("updated")}</b> {t("loadAgain")}
        </p>
        <Button onClick={() => window.location.reload()}>{t("load")}</Button>
      </Strip>
    );
  return null;
}

function Strip({
  label,
  icon,
  children,
}: {
  readonly label: string;
  readonly icon: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <aside
      aria-label={label}
      className="order-last -mx-4 flex basis-[calc(100%+2rem)] items-center gap-2 border-t bg-warn-soft px-4 py-1 text-meta max-md:-mx-2 max-md:basis-[calc(100%+1rem)]"
    >
      {icon}
      {children}
    </aside>
  );
}
