"use client";

import type { AccountView } from "@sealpost/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleAlert, RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/button";
import { Moment } from "@/components/moment";
import { Link } from "@/i18n/navigation";
import { useTRPC } from "@/trpc/client";

/** "As of", Sync now, and while it runs how far it is. One account failing does not hold up the others. */
export function SyncState({ accounts }: { readonly accounts: readonly AccountView[] }) {
  const t = useTranslations("sync");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.accounts.list.queryKey() });
  const start = useMutation(trpc.accounts.syncNow.mutationOptions({ onSettled: refresh }));
  const stop = useMutation(trpc.accounts.stopSync.mutationOptions({ onSettled: refresh }));
  const running = accounts.find((account) => account.sync.runningSince !== null);
  const failed = accounts.filter((account) => account.sync.fault !== null);
  const completed = accounts.flatMap((account) => account.sync.completedAt ?? []).sort();
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-meta text-ink-3">
      {failed.length > 0 && (
        <Link
          href="/ca-accounts"
          className="inline-flex items-center gap-1.5 font-medium text-bad underline-offset-2 hover:underline"
        >
          <CircleAlert aria-hidden className="size-3.5" />
          {t("failed", { name: failed[0]?.label ?? "" })}
        </Link>
      )}
      {running ? (
        <>
          <span role="status">
            {running.sync.ordersInAll === null
              ? t("running", { name: running.label, count: running.sync.ordersSeen })
              : t("runningOf", {
                  name: running.label,
                  count: running.sync.ordersSeen,
                  total: running.sync.ordersInAll,
                })}
          </span>
          <Button look="quiet" onClick={() => stop.mutate({ caAccountId: running.caAccountId })}>
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
