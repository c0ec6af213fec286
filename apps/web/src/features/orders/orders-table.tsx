"use client";

import type { AccountView, OrderRowView } from "@sealpost/api/client";
import type { Attention, ResendPolicy } from "@sealpost/domain";
import { useTranslations } from "next-intl";
import { Fragment } from "react";
import { HostName } from "@/components/host-name";
import { Moment } from "@/components/moment";
import { useNow } from "@/components/use-time";
import { useCaCatalog } from "@/features/accounts/ca-catalog";
import { Link } from "@/i18n/navigation";
import { EmailCell } from "./email-cell";
import { ExpiresCell } from "./expires-cell";
import { StatusMark } from "./status-mark";

interface TableProps {
  readonly rows: readonly OrderRowView[];
  readonly accounts: readonly AccountView[];
  readonly policy: ResendPolicy;
  /** Headings of the needs-action-first order, with how many there are of each. */
  readonly groupCounts: Readonly<Record<Attention, number>> | null;
  readonly onSend: (order: OrderRowView) => void;
}

const head = "h-9 px-2 text-left text-meta font-medium text-ink-3 first:pl-4 last:pr-4";
const cell = "px-2 first:pl-4 last:pr-4 max-md:px-4 max-md:first:pl-4";
const wide = "max-xl:hidden";
const middle = "max-lg:hidden";

/** One line per order; on phones a card of three lines, in the same markup. */
export function OrdersTable({ rows, accounts, policy, groupCounts, onSend }: TableProps) {
  const t = useTranslations("orders");
  const nameOf = useCaNames(accounts);
  return (
    <table className="w-full table-fixed border-t max-md:block" aria-label={t("title")}>
      <thead className="max-md:sr-only">
        <tr>
          <th scope="col" className={head}>
            {t("columns.commonName")}
          </th>
          <th scope="col" className={`${head} ${wide} w-[112px]`}>
            {t("columns.type")}
          </th>
          <th scope="col" className={`${head} w-[132px]`}>
            {t("columns.ca")}
          </th>
          <th scope="col" className={`${head} w-[166px]`}>
            {t("columns.status")}
          </th>
          <th scope="col" className={`${head} ${middle} w-[160px]`}>
            {t("columns.domainAdministrator")}
          </th>
          <th scope="col" className={`${head} w-[182px]`}>
            {t("columns.email")}
          </th>
          <th scope="col" className={`${head} ${wide} w-[92px]`}>
            {t("columns.ordered")}
          </th>
          <th scope="col" className={`${head} w-[108px]`}>
            {t("columns.expires")}
          </th>
          <th scope="col" className={`${head} w-[84px]`}>
            {t("columns.imported")}
          </th>
        </tr>
      </thead>
      <tbody className="max-md:block">
        {rows.map((order, index) => (
          <Fragment key={order.orderId}>
            {groupCounts && order.attention !== rows[index - 1]?.attention && (
              <GroupRow attention={order.attention} count={groupCounts[order.attention]} />
            )}
            <OrderRow
              order={order}
              account={accounts.find((account) => account.caAccountId === order.caAccountId)}
              caName={nameOf(order.caAccountId)}
              policy={policy}
              onSend={onSend}
            />
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

/** The CA's name, and the account's too as soon as there are two at one CA. */
function useCaNames(accounts: readonly AccountView[]): (caAccountId: string) => string {
  const catalog = useCaCatalog();
  return (caAccountId) => {
    const account = accounts.find((one) => one.caAccountId === caAccountId);
    if (!account) return "";
    const name = catalog.find(({ id }) => id === account.adapter)?.name ?? account.label;
    const isOnly = accounts.filter(({ adapter }) => adapter === account.adapter).length === 1;
    return isOnly ? name : `${account.label} · ${name}`;
  };
}

function GroupRow({ attention, count }: { readonly attention: Attention; readonly count: number }) {
  const t = useTranslations("orders");
  return (
    <tr className="h-8 border-t bg-canvas max-md:block">
      <th
        scope="rowgroup"
        colSpan={9}
        className="px-4 text-left text-meta font-semibold max-md:block max-md:py-2"
      >
        {t(`groups.${attention}`)}{" "}
        <span className="ml-1 font-normal text-ink-3" data-numbers>
          {count}
        </span>
        {attention === "needs-action" && (
          <span className="ml-2 font-normal text-ink-3 max-md:hidden">{t("groups.needsActionNote")}</span>
        )}
      </th>
    </tr>
  );
}

function OrderRow({
  order,
  account,
  caName,
  policy,
  onSend,
}: {
  order: OrderRowView;
  account: AccountView | undefined;
  caName: string;
  policy: ResendPolicy;
  onSend: TableProps["onSend"];
}) {
  const t = useTranslations("orders");
  const drift = useTranslations("order.drift.short");
  const now = useNow(60_000);
  const others = order.dnsNames.filter((name) => name !== order.commonName).length;
  const administrator = order.recipients.fulfillment;
  const address = administrator === "not-loaded" ? t("notLoadedYet") : (administrator[0]?.address ?? "–");
  const isWildcard = order.commonName.startsWith("*.");
  return (
    <tr className="group h-9 border-t hover:bg-hover max-md:grid max-md:h-auto max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-y-1 max-md:py-3">
      <td className={cell}>
        <span className="flex min-w-0 items-baseline gap-1.5">
          <Link
            href={`/security/ssl/orders/${order.orderId}`}
            prefetch={false}
            title={order.commonName}
            className="truncate font-medium hover:underline"
          >
            <HostName name={order.commonName} />
          </Link>
          {others > 0 && (
            <span className="shrink-0 text-meta text-ink-3" title={order.dnsNames.join("\n")}>
              +{others}
            </span>
          )}
        </span>
      </td>
      <td className={`${cell} ${wide} truncate text-ink-2 max-md:hidden`} title={order.product}>
        {order.validationType === "unknown"
          ? order.product || "–"
          : `${order.validationType.toUpperCase()}${isWildcard ? ` ${t("wildcard")}` : ""}`}
      </td>
      <td className={`${cell} truncate text-ink-2 max-md:order-4 max-md:hidden`} title={account?.label}>
        {caName}
        {account && account.state !== "connected" && (
          <span className="text-meta text-ink-3"> · {t(`accountState.${account.state}`)}</span>
        )}
      </td>
      <td className={`${cell} max-md:order-3 max-md:col-span-2`}>
        <span className="flex min-w-0 items-center gap-1.5">
          <span className="min-w-0 max-md:shrink-0">
            <StatusMark order={order} now={now} />
          </span>
          <span className="truncate text-ink-3 md:hidden">· {caName}</span>
          {order.drift && order.drift !== "newer" ? (
            <span className="truncate text-meta text-warn">{drift(order.drift)}</span>
          ) : (
            order.isGone && <span className="truncate text-meta text-ink-3">{t("gone")}</span>
          )}
        </span>
      </td>
      <td className={`${cell} ${middle} truncate text-ink-2 max-md:hidden`} title={address}>
        {address}
      </td>
      <td className={`${cell} max-md:order-5`}>
        <EmailCell order={order} account={account} policy={policy} onSend={() => onSend(order)} />
      </td>
      <td className={`${cell} ${wide} whitespace-nowrap text-ink-2 max-md:hidden`}>
        {order.orderedAt ? <Moment at={order.orderedAt} as="day" /> : "–"}
      </td>
      <td className={`${cell} max-md:order-2 max-md:text-right`}>
        <ExpiresCell at={order.expiresAt} isQuiet={order.status !== "issued"} />
      </td>
      <td className={`${cell} max-md:order-6 max-md:text-right`}>
        <ImportedCell order={order} />
      </td>
    </tr>
  );
}

function ImportedCell({ order }: { readonly order: OrderRowView }) {
  const t = useTranslations("orders");
  if (order.importedAt) return <Moment at={order.importedAt} as="day" className="text-ink-2" />;
  if (order.attention !== "needs-action") return <span className="text-ink-3 max-md:hidden">–</span>;
  return (
    <Link
      href={`/security/ssl/certificates/import?order=${order.orderId}`}
      prefetch={false}
      aria-label={t("importFor", { name: order.commonName })}
      className="-mx-1.5 inline-flex items-center rounded-control px-1.5 py-1 font-semibold text-wax-ink hover:bg-wax-soft max-md:mx-0 max-md:h-10 max-md:border max-md:border-line-strong max-md:px-4"
    >
      {t("import")}
    </Link>
  );
}
