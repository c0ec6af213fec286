"use client";

import type { OrderRowView, RouterOutputs } from "@sealpost/api/client";
import { defaultResendPolicy } from "@sealpost/domain/policy";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button, buttonClass } from "@/components/button";
import { Sheet } from "@/components/sheet";
import { Bars, Empty, Failure } from "@/components/states";
import { Link } from "@/i18n/navigation";
import { useTRPC } from "@/trpc/client";
import { useOrderQuery } from "./order-query";
import { OrdersTable } from "./orders-table";
import { OrdersToolbar } from "./orders-toolbar";
import { ResendDialog } from "./resend-dialog";
import { SyncState } from "./sync-state";

type Initial = {
  readonly page: RouterOutputs["orders"]["list"];
  readonly counts: RouterOutputs["orders"]["counts"];
  readonly accounts: RouterOutputs["accounts"]["list"];
  /** The search of the URL the page was made for; another one starts empty. */
  readonly search: string;
};

/** Changes are told; this is for a page that was cut off. */
const quietMs = 60_000;

export function OrdersPage({ initial }: { readonly initial: Initial }) {
  const t = useTranslations("orders");
  const trpc = useTRPC();
  const query = useOrderQuery();
  const [sending, setSending] = useState<OrderRowView | null>(null);
  const isInitial = query.params.toString() === initial.search;
  const accounts = useQuery(
    trpc.accounts.list.queryOptions(undefined, {
      initialData: initial.accounts,
      refetchInterval: quietMs,
    }),
  );
  const list = useInfiniteQuery(
    trpc.orders.list.infiniteQueryOptions(query.input, {
      getNextPageParam: (page) => page.nextCursor,
      initialCursor: null,
      placeholderData: keepPreviousData,
      ...(isInitial ? { initialData: { pages: [initial.page], pageParams: [null] } } : {}),
      refetchInterval: quietMs,
    }),
  );
  const counts = useQuery(
    trpc.orders.counts.queryOptions(undefined, { initialData: initial.counts, refetchInterval: quietMs }),
  );
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  const isGrouped = query.input.sort === "needs-action-first";
  const hasFilter = [...query.params.keys()].some((name) => name !== "sort");
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
        <h1 className="text-page font-semibold">
          {t("title")}{" "}
          <span className="ml-1 text-name font-normal text-ink-3" data-numbers>
            {t("total", { count: counts.data.total })}
          </span>
        </h1>
        <div className="flex flex-wrap items-center gap-3 md:ml-auto">
          <SyncState accounts={accounts.data} />
          <Link href="/security/ssl/certificates/import" className={buttonClass("primary")}>
            <Upload aria-hidden className="size-4" />
            {t("importSslCertificate")}
          </Link>
        </div>
      </div>
      <Sheet className="overflow-hidden">
        <OrdersToolbar
          query={query}
          accounts={accounts.data}
          hiddenCount={list.data?.pages[0]?.hiddenCount ?? 0}
        />
        {rows.length > 0 && (
          <OrdersTable
            rows={rows}
            accounts={accounts.data}
            policy={defaultResendPolicy}
            groupCounts={isGrouped ? (hasFilter ? countsOf(rows) : counts.data.byAttention) : null}
            onSend={setSending}
          />
        )}
        {list.isError && <Failure error={list.error} onRetry={() => void list.refetch()} />}
        {list.isPending && <Bars rows={12} widths={[22, 8, 14, 16, 14, 8]} />}
        {!list.isPending && !list.isError && rows.length === 0 && (
          <NoRows hasAccounts={accounts.data.length > 0} hasFilter={hasFilter} onClear={query.clear} />
        )}
        {list.hasNextPage && (
          <div className="border-t px-4 py-3">
            <Button onClick={() => void list.fetchNextPage()} isOff={list.isFetchingNextPage}>
              {list.isFetchingNextPage ? t("loadingMore") : t("loadMore")}
            </Button>
          </div>
        )}
      </Sheet>
      {sending && (
        <ResendDialog
          orderId={sending.orderId}
          commonName={sending.commonName}
          kind="fulfillment"
          onClose={() => setSending(null)}
        />
      )}
    </>
  );
}

/** Under a filter the groups count what is shown. */
function countsOf(rows: readonly OrderRowView[]) {
  const of = (attention: OrderRowView["attention"]) =>
    rows.filter((row) => row.attention === attention).length;
  return {
    "needs-action": of("needs-action"),
    "with-the-ca": of("with-the-ca"),
    "nothing-to-do": of("nothing-to-do"),
  };
}

function NoRows({
  hasAccounts,
  hasFilter,
  onClear,
}: {
  hasAccounts: boolean;
  hasFilter: boolean;
  onClear: () => void;
}) {
  const t = useTranslations("orders.empty");
  if (!hasAccounts) {
    const action = (
      <Link href="/ca-accounts" className={buttonClass("primary")}>
        {t("connect")}
      </Link>
    );
    return <Empty title={t("noAccountTitle")} text={t("noAccountText")} action={action} />;
  }
  if (hasFilter)
    return (
      <Empty
        title={t("noMatchTitle")}
        text={t("noMatchText")}
        action={<Button onClick={onClear}>{t("clear")}</Button>}
      />
    );
  return <Empty title={t("noOrdersTitle")} text={t("noOrdersText")} />;
}
