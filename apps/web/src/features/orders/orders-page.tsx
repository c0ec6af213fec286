"use client";

import type { OrderRowView } from "@sealpost/api/client";
import { defaultResendPolicy } from "@sealpost/domain/policy";
import { Upload } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { Button, buttonClass } from "@/components/button";
import { onDemand } from "@/components/on-demand";
import { Sheet } from "@/components/sheet";
import { Bars, Empty, Failure } from "@/components/states";
import { useIsMounted } from "@/components/use-time";
import { FirstSteps } from "@/features/first-steps/first-steps";
import { usePreferences } from "@/features/shell/session";
import { Link } from "@/i18n/navigation";
import { Arrivals } from "./arrivals";
import { defaultColumns } from "./order-columns";
import { useOrderQuery } from "./order-query";
import { OrderViews } from "./order-views";
import { OrdersTable } from "./orders-table";
import { OrdersToolbar } from "./orders-toolbar";
import { useReturnToRow } from "./row-focus";
import { SelectionBar } from "./selection-bar";
import { useSteadyRows } from "./steady-rows";
import { SyncState, useSync } from "./sync-state";
import { type Initial, isInHand, useOrderList } from "./use-order-list";
import { useSelection } from "./use-selection";

const { Part: ResendDialog, preload: preloadResendDialog } = onDemand(
  async () => (await import("./resend-dialog")).ResendDialog,
);
const { Part: ResendSeveralDialog, preload: preloadSeveralDialog } = onDemand(
  async () => (await import("./resend-several-dialog")).ResendSeveralDialog,
);

const firstDrawn = 30;
/** In percent, for the bars that stand where rows will. */
const columnWidths = [22, 8, 14, 16, 14, 8];

export function OrdersPage({ initial }: { readonly initial: Initial }) {
  const t = useTranslations("orders");
  const query = useOrderQuery();
  const { preferences } = usePreferences();
  const [sending, setSending] = useState<OrderRowView | null>(null);
  const [sendingSeveral, setSendingSeveral] = useState<readonly OrderRowView[] | null>(null);
  const { list, counts, accounts } = useOrderList(initial, query);
  const isMounted = useIsMounted();
  const table = useRef<HTMLTableElement>(null);
  const { rows, groups, waiting, takeNewOrder } = useSteadyRows(list.shown, () => isInHand(table.current));
  const selection = useSelection(rows.map(({ orderId }) => orderId));
  useReturnToRow(isMounted);
  // The first picture needs no more than a tall window shows; the rest is drawn as soon as the page is taken over.
  const drawn = isMounted ? rows : rows.slice(0, firstDrawn);
  const isGrouped = query.input.sort === "needs-action-first";
  const hasFilter = [...query.params.keys()].some((name) => name !== "sort");
  const groupCounts = hasFilter ? countsOf(rows) : counts.byAttention;
  const about = { accounts, policy: defaultResendPolicy };
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
        <h1 className="text-page font-semibold">
          {t("title")}{" "}
          <span className="ml-1 text-name font-normal text-ink-3" data-numbers>
            {t("total", { count: counts.total })}
          </span>
        </h1>
        <div className="flex flex-wrap items-center gap-3 md:ml-auto">
          <SyncState accounts={accounts} />
          <Link href="/security/ssl/certificates/import" data-key="i" className={buttonClass("primary")}>
            <Upload aria-hidden className="size-4" />
            {t("importSslCertificate")}
          </Link>
        </div>
      </div>
      {preferences.showsFirstSteps && (
        <FirstSteps initial={initial.firstSteps} isSandbox={accounts.some(({ isSandbox }) => isSandbox)} />
      )}
      <Arrivals initial={initial.arrivals} />
      <Sheet className="overflow-clip" isBusy={!isMounted}>
        <OrderViews query={query} />
        <OrdersToolbar query={query} accounts={accounts} hiddenCount={list.hiddenCount} />
        {waiting > 0 && <Waiting count={waiting} onShow={takeNewOrder} />}
        {rows.length > 0 && (
          <div className="overflow-x-auto">
            <OrdersTable
              rows={drawn}
              columns={preferences.columns ?? defaultColumns}
              groups={isGrouped ? { of: groups, counts: groupCounts } : null}
              selection={selection}
              onNear={preloadResendDialog}
              onSend={setSending}
              ref={table}
              {...about}
            />
          </div>
        )}
        {list.error !== null && <Failure error={list.error} onRetry={list.retry} />}
        {list.isPending && <Bars rows={12} widths={columnWidths} />}
        {!list.isPending && list.error === null && rows.length === 0 && (
          <NoRows hasAccounts={accounts.length > 0} hasFilter={hasFilter} onClear={query.clear} />
        )}
        {list.more && (
          <div className="border-t px-4 py-3">
            <Button data-more onClick={list.more.load} isOff={list.more.isLoading}>
              {list.more.isLoading ? t("loadingMore") : t("loadMore")}
            </Button>
          </div>
        )}
        {selection.ids.size > 0 && (
          <SelectionBar
            selected={rows.filter(({ orderId }) => selection.ids.has(orderId))}
            onNear={preloadSeveralDialog}
            onResend={() => setSendingSeveral(rows.filter(({ orderId }) => selection.ids.has(orderId)))}
            onClear={selection.clear}
            {...about}
          />
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
      {sendingSeveral && (
        <ResendSeveralDialog orders={sendingSeveral} onClose={() => setSendingSeveral(null)} {...about} />
      )}
    </>
  );
}

/** The list has come anew while somebody was at it: it waits until it is asked for. */
function Waiting({ count, onShow }: { readonly count: number; readonly onShow: () => void }) {
  const t = useTranslations("orders.waiting");
  return (
    <p role="status" className="flex flex-wrap items-center gap-2 border-t bg-info-soft px-4 py-1.5">
      {t("text", { count })}
      <button type="button" className="underline underline-offset-2" onClick={onShow}>
        {t("show")}
      </button>
    </p>
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
  const { start } = useSync();
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
        action={
          <>
            <Button onClick={onClear}>{t("clear")}</Button>
            <Button onClick={() => start.mutate({})}>{t("sync")}</Button>
          </>
        }
      />
    );
  return <Empty title={t("noOrdersTitle")} text={t("noOrdersText")} />;
}
