"use client";

import type { AccountView } from "@sealpost/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleAlert, RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Button } from "@/components/button";
import { Moment } from "@/components/moment";
import { saysRefusal } from "@/components/refusals";
import { Link } from "@/i18n/navigation";
import { useTRPC } from "@/trpc/client";

/** "As of", Sync now, and while it runs how far it is. One account failing does not hold up the others. */
export function SyncState({ accounts }: { readonly accounts: readonly AccountView[] }) {
  const t = useTranslations("sync");
  const { start, stop } = useSync();
  const running = accounts.filter((account) => account.sync.runningSince !== null);
  const failed = accounts.filter((account) => account.sync.fault !== null);
  useAnnouncedEnd(running.length > 0, failed.length > 0);
  const completed = accounts.flatMap((account) => account.sync.completedAt ?? []).sort();
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-meta text-ink-3">
      {failed.length > 0 && (
        <Link
          href="/ca-accounts"
          className="inline-flex items-center gap-1.5 font-medium text-bad underline-offset-2 hover:underline"
        >
          <CircleAlert aria-hidden className="size-3.5" />
          {failed.length === 1
            ? t("failed", { name: failed[0]?.label ?? "" })
            : t("failedMany", { count: failed.length })}
        </Link>
      )}
      {running.length > 0 ? (
        <>
          <Progress running={running} />
          <Button
            look="quiet"
            onClick={() => {
              for (const { caAccountId } of running) stop.mutate({ caAccountId });
            }}
          >
            {t("stop")}
          </Button>
        </>
      ) : (
        <>
          {completed[0] && (
            <span>
              {t("asOf")} <Moment at={completed[0]} as="clock" />
            </span>
          )}
          <Button
            data-key="r"
            icon={<RefreshCw aria-hidden className="size-3.5" />}
            onClick={() => start.mutate({})}
            isOff={accounts.length === 0}
          >
            {t("now")}
          </Button>
        </>
      )}
    </div>
  );
}

export function useSync() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.accounts.list.queryKey() });
  return {
    start: useMutation(trpc.accounts.syncNow.mutationOptions({ ...saysRefusal, onSettled: refresh })),
    stop: useMutation(trpc.accounts.stopSync.mutationOptions({ ...saysRefusal, onSettled: refresh })),
  };
}

/** How far the readings are, all together; a bar only where every CA tells how many there are. */
function Progress({ running }: { readonly running: readonly AccountView[] }) {
  const t = useTranslations("sync");
  const count = running.reduce((sum, { sync }) => sum + sync.ordersSeen, 0);
  const totals = running.map(({ sync }) => sync.ordersInAll);
  const total = totals.reduce<number | null>(
    (sum, one) => (sum === null || one === null ? null : sum + one),
    0,
  );
  const about = { accounts: running.length, name: running[0]?.label ?? "", count };
  const isOne = running.length === 1;
  const words =
    total === null
      ? t(isOne ? "running" : "runningMany", about)
      : t(isOne ? "runningOf" : "runningManyOf", { ...about, total });
  const quarter = total ? Math.floor((4 * count) / total) : 0;
  const [told, setTold] = useState({ quarter, words });
  if (told.quarter !== quarter) setTold({ quarter, words });
  return (
    <span className="grid gap-1">
      <span aria-hidden>{words}</span>
      {/* Read out once for each quarter, not for each order. */}
      <span role="status" className="sr-only">
        {told.words}
      </span>
      {total !== null && total > 0 && (
        <progress
          aria-label={words}
          className="h-1 w-full accent-(--bar)"
          value={Math.min(count, total)}
          max={total}
        />
      )}
    </span>
  );
}

function useAnnouncedEnd(isRunning: boolean, hasFailed: boolean): void {
  const t = useTranslations("sync");
  const { announce } = useAnnouncer();
  const wasRunning = useRef(isRunning);
  useEffect(() => {
    if (wasRunning.current && !isRunning && !hasFailed) announce(t("done"));
    wasRunning.current = isRunning;
  }, [isRunning, hasFailed, announce, t]);
}
