"use client";

import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Download, ShieldCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Button } from "@/components/button";
import { RefusalText } from "@/components/refusal-text";
import { Sheet } from "@/components/sheet";
import { Bars, Empty, Failure } from "@/components/states";
import { useIsMounted } from "@/components/use-time";
import { download } from "@/features/shell/download";
import { useMay, usePerson } from "@/features/shell/session";
import { useTRPC } from "@/trpc/client";
import { useAuditFilters } from "./audit-filters";
import { AuditTable } from "./audit-table";
import { AuditToolbar } from "./audit-toolbar";
import { Verification } from "./verification";

/** Who did what, when, and how it ended; to be searched, taken away and verified. */
export function AuditPage() {
  const t = useTranslations("audit");
  const people = useTranslations("people");
  const maySee = useMay("audit:see");
  const { role } = usePerson();
  const [isVerifying, setVerifying] = useState(false);
  const { toast } = useAnnouncer();
  const exported = useMutation({
    mutationFn: () => download("/api/audit/export", "sealpost-audit.jsonl"),
    onSuccess: () => toast(t("exported")),
  });
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2 py-3">
        <h1 className="text-page font-semibold">{t("title")}</h1>
        {maySee && (
          <div className="flex flex-wrap gap-2">
            <Button isOff={isVerifying} onClick={() => setVerifying(true)}>
              <ShieldCheck aria-hidden className="size-4" />
              {t("verify.do")}
            </Button>
            <Button isOff={exported.isPending} onClick={() => exported.mutate()}>
              <Download aria-hidden className="size-4" />
              {exported.isPending ? t("exporting") : t("export")}
            </Button>
          </div>
        )}
      </div>
      {exported.isError && (
        <p role="alert" className="mb-3 text-bad">
          <RefusalText error={exported.error} />
        </p>
      )}
      {isVerifying && <Verification onClose={() => setVerifying(false)} />}
      <Sheet className="overflow-hidden">
        {maySee ? (
          <Log />
        ) : (
          <p className="px-4 py-6 text-ink-2">{t("mayNot", { role: people(`role.${role}`) })}</p>
        )}
      </Sheet>
    </>
  );
}

function Log() {
  const t = useTranslations("audit");
  const trpc = useTRPC();
  const filters = useAuditFilters();
  // A day begins when the person's clock says so, which the server that draws the page first does not know.
  const isMounted = useIsMounted();
  const actors = useQuery(trpc.audit.actors.queryOptions());
  const list = useInfiniteQuery(
    trpc.audit.list.infiniteQueryOptions(filters.input, {
      enabled: isMounted,
      getNextPageParam: (page) => page.nextCursor,
      initialCursor: null,
      placeholderData: keepPreviousData,
    }),
  );
  const entries = list.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <>
      <AuditToolbar filters={filters} actors={actors.data ?? []} />
      {entries.length > 0 && <AuditTable entries={entries} />}
      {list.isError && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Bars rows={8} widths={[14, 16, 22, 20]} />}
      {list.isSuccess && entries.length === 0 && (
        <Empty
          title={t("emptyTitle")}
          text={filters.isFiltered ? t("emptyText") : t("emptyAtAll")}
          action={filters.isFiltered && <Button onClick={filters.clear}>{t("clear")}</Button>}
        />
      )}
      {list.hasNextPage && (
        <div className="border-t px-4 py-3">
          <Button isOff={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t("loadMore")}
          </Button>
        </div>
      )}
    </>
  );
}
