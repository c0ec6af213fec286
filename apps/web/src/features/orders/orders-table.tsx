"use client";

import type { AccountView, OrderRowView } from "@sealpost/api/client";
import type { Attention, OrderColumn, ResendPolicy } from "@sealpost/domain";
import { useTranslations } from "next-intl";
import { Fragment, memo, type Ref, useMemo } from "react";
import { HostName } from "@/components/host-name";
import { Moment, useExact } from "@/components/moment";
import { useNow } from "@/components/use-time";
import { useCaCatalog } from "@/features/accounts/ca-catalog";
import { Link } from "@/i18n/navigation";
import { EmailCell } from "./email-cell";
import { ExpiresCell } from "./expires-cell";
import { choosableColumns, defaultColumns } from "./order-columns";
import { OrderLink } from "./order-link";
import { StatusMark } from "./status-mark";
import type { Selection } from "./use-selection";

interface TableProps {
  readonly rows: readonly OrderRowView[];
  readonly accounts: readonly AccountView[];
  readonly columns: readonly OrderColumn[];
  readonly policy: ResendPolicy;
  /** Headings of the needs-action-first order: which group each row stands in, and how many there are of each. */
  readonly groups: {
    readonly of: ReadonlyMap<string, Attention>;
    readonly counts: Readonly<Record<Attention, number>>;
  } | null;
  readonly selection: Selection;
  /** Somebody comes near a *Send*. */
  readonly onNear: () => void;
  readonly onSend: (order: OrderRowView) => void;
  readonly ref?: Ref<HTMLTableElement>;
}

const head = "h-9 px-2 text-left text-meta font-medium text-ink-3 last:pr-4";
const cell = "px-2 last:pr-4 max-md:px-4";
// From which width of the window on: below, the names would have no room.
const wide = "max-[1399px]:hidden";
const middle = "max-lg:hidden";
const narrow = "max-[959px]:hidden";
/** Of the columns one may leave out: how wide, and from which width of the window on. */
const columnClass: Record<OrderColumn, string> = {
  type: `${wide} w-[96px]`,
  ca: `${narrow} w-[108px]`,
  orderNumber: `${wide} w-[112px]`,
  status: "w-[166px]",
  domainAdministrator: `${middle} w-[150px]`,
  ordered: `${wide} w-[84px]`,
  imported: "w-[94px]",
  asOf: `${wide} w-[92px]`,
};

/** With more columns than fit, the table scrolls sideways by itself, so that the names keep their room. */
const roomFor: Readonly<Record<number, string>> = {
  1: "min-[1400px]:min-w-[1300px]",
  2: "min-[1400px]:min-w-[1400px]",
};

/** One line per order; on phones a card of three lines, in the same markup. */
export function OrdersTable({
  rows,
  accounts,
  columns,
  policy,
  groups,
  selection,
  onNear,
  onSend,
  ref,
}: TableProps) {
  const t = useTranslations("orders");
  const nameOf = useCaNames(accounts);
  const heads = useMemo(() => shownColumns(columns), [columns]);
  const selected = rows.filter(({ orderId }) => selection.ids.has(orderId)).length;
  return (
    <table
      ref={ref}
      className={`w-full table-fixed border-t max-md:block ${roomFor[columns.length - defaultColumns.length] ?? ""}`}
      aria-label={t("title")}
    >
      <thead className="max-md:sr-only">
        <tr>
          <th scope="col" className={`${head} w-9 pl-4`}>
            <Tick
              label={t("select.all")}
              isTicked={selected === rows.length}
              isMixed={selected > 0 && selected < rows.length}
              onToggle={selection.toggleAll}
            />
          </th>
          <th scope="col" className={head}>
            {t("columns.commonName")}
          </th>
          {heads.map((column) => (
            <th key={column} scope="col" className={`${head} ${widthOf(column)}`}>
              {t(`columns.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-md:block">
        {rows.map((order, index) => {
          const group = groups?.of.get(order.orderId);
          return (
            <Fragment key={order.orderId}>
              {groups && group && group !== groups.of.get(rows[index - 1]?.orderId ?? "") && (
                <GroupRow attention={group} count={groups.counts[group]} columns={heads} />
              )}
              <OrderRow
                order={order}
                account={accounts.find((account) => account.caAccountId === order.caAccountId)}
                caName={nameOf(order.caAccountId)}
                columns={heads}
                policy={policy}
                isSelected={selection.ids.has(order.orderId)}
                onSelect={selection.toggle}
                onNear={onNear}
                onSend={onSend}
              />
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

type Column = OrderColumn | "email" | "expires";

/** Those that always stand among those that were chosen, in the order of the table. */
function shownColumns(chosen: readonly OrderColumn[]): Column[] {
  const all: readonly Column[] = choosableColumns.flatMap((column): Column[] => {
    if (column === "ordered") return ["email", column];
    return column === "imported" ? ["expires", column] : [column];
  });
  return all.filter((column) => column === "email" || column === "expires" || chosen.includes(column));
}

function widthOf(column: Column): string {
  if (column === "email") return "w-[190px] max-[959px]:w-[150px]";
  return column === "expires" ? "w-[108px]" : columnClass[column];
}

/** A checkbox that takes the Shift key for "all up to here"; `x` presses that of the row. */
function Tick({
  label,
  isTicked,
  isMixed = false,
  onToggle,
}: {
  readonly label: string;
  readonly isTicked: boolean;
  readonly isMixed?: boolean;
  readonly onToggle: (isRange: boolean) => void;
}) {
  return (
    <input
      type="checkbox"
      aria-label={label}
      data-key="x"
      ref={(box) => {
        if (box) box.indeterminate = isMixed;
      }}
      checked={isTicked}
      // The click knows about the Shift key; the change comes from it.
      onChange={() => {}}
      onClick={(event) => onToggle(event.shiftKey)}
      className="block size-4 accent-(--bar)"
    />
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

function GroupRow({
  attention,
  count,
  columns,
}: {
  readonly attention: Attention;
  readonly count: number;
  readonly columns: readonly Column[];
}) {
  const t = useTranslations("orders");
  return (
    <tr className="h-8 border-t bg-canvas max-md:block">
      <th
        scope="rowgroup"
        colSpan={2}
        className="px-4 text-left text-meta font-semibold whitespace-nowrap max-md:block max-md:py-2"
      >
        {t(`groups.${attention}`)}{" "}
        <span className="ml-1 font-normal text-ink-3" data-numbers>
          {count}
        </span>
        {attention === "needs-action" && (
          <span className="ml-2 font-normal text-ink-3 max-md:hidden">{t("groups.needsActionNote")}</span>
        )}
      </th>
      {/* One for each column that is seen: a cell over more than these would make room for columns nobody sees. */}
      {columns.map((column) => (
        <td key={column} aria-hidden className={`${widthOf(column)} max-md:hidden`} />
      ))}
    </tr>
  );
}

interface RowProps {
  readonly order: OrderRowView;
  readonly account: AccountView | undefined;
  readonly caName: string;
  readonly columns: readonly Column[];
  readonly policy: ResendPolicy;
  readonly isSelected: boolean;
  readonly onSelect: Selection["toggle"];
  readonly onNear: TableProps["onNear"];
  readonly onSend: TableProps["onSend"];
}

/** Drawn anew when something of its own has changed: opening a dialog above the list draws none. */
const OrderRow = memo(function OrderRow(props: RowProps) {
  const { order, columns, isSelected } = props;
  const t = useTranslations("orders");
  const others = order.dnsNames.filter((name) => name !== order.commonName).length;
  const tip = useRowTip(order);
  return (
    <tr
      data-row={order.orderId}
      className={`group h-9 border-t max-md:relative max-md:grid max-md:h-auto max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-y-1 max-md:py-3 max-md:pl-8 ${isSelected ? "bg-sunken" : "hover:bg-hover"}`}
    >
      <td className="pl-4 group-focus-within:shadow-[inset_2px_0_0_var(--focus)] max-md:absolute max-md:inset-y-0 max-md:left-0 max-md:pt-3.5">
        <Tick
          label={t("select.one", { name: order.commonName || order.caOrderId })}
          isTicked={isSelected}
          onToggle={(isRange) => props.onSelect(order.orderId, isRange)}
        />
      </td>
      <td className={cell}>
        <span className="flex min-w-0 items-baseline gap-1.5">
          {/* The key for *Send* works from here. */}
          <OrderLink orderId={order.orderId} tip={tip} onFocus={props.onNear}>
            <HostName name={order.commonName} />
          </OrderLink>
          {others > 0 && (
            <span className="shrink-0 text-meta text-ink-3" data-tip={namesInTip(order.dnsNames).join("\n")}>
              +{others}
            </span>
          )}
        </span>
      </td>
      {columns.map((column) => (
        <Cell key={column} column={column} {...props} />
      ))}
    </tr>
  );
});

const mostNamesInTip = 12;

/** As many as a tip has room for, and how many more there are; all stand on the order's own page. */
function namesInTip(names: readonly string[]): string[] {
  const more = names.length - mostNamesInTip;
  return [...names.slice(0, mostNamesInTip), ...(more > 0 ? [`+${more}`] : [])];
}

/** What the row cuts short or tells by age: all of it on the focus of its name. */
function useRowTip(order: OrderRowView): string {
  const t = useTranslations("orders");
  const exact = useExact();
  const { fulfillment } = order.recipients;
  const addresses = fulfillment === "not-loaded" ? [] : fulfillment.map(({ address }) => String(address));
  const others = order.dnsNames.filter((name) => name !== order.commonName);
  const moments = [
    ["ordered", order.orderedAt],
    ["expires", order.expiresAt],
    ["imported", order.importedAt],
    ["asOf", order.syncedAt],
  ] as const;
  return [
    [order.commonName, ...namesInTip(others)].join(", "),
    [order.product, order.caOrderId, ...addresses].filter((text) => text !== "").join(" · "),
    moments.flatMap(([key, at]) => (at ? [`${t(`columns.${key}`)}: ${exact(at)}`] : [])).join(" · "),
  ].join("\n");
}

function Cell({
  column,
  order,
  account,
  caName,
  policy,
  onNear,
  onSend,
}: RowProps & { readonly column: Column }) {
  const t = useTranslations("orders");
  switch (column) {
    case "type":
      return (
        <td className={`${cell} ${wide} truncate text-ink-2 max-md:hidden`} data-tip={order.product}>
          {order.validationType === "unknown"
            ? order.product || "–"
            : `${order.validationType.toUpperCase()}${order.commonName.startsWith("*.") ? ` ${t("wildcard")}` : ""}`}
        </td>
      );
    case "ca":
      return (
        <td className={`${cell} truncate text-ink-2 ${narrow} max-md:hidden`} data-tip={account?.label}>
          {caName}
          {account && account.state !== "connected" && (
            <span className="text-meta text-ink-3"> · {t(`accountState.${account.state}`)}</span>
          )}
        </td>
      );
    case "orderNumber":
      return (
        <td className={`${cell} ${wide} truncate text-ink-2 max-md:hidden`} data-tip={order.caOrderId}>
          {order.caOrderId}
        </td>
      );
    case "status":
      return <StatusCell order={order} caName={caName} />;
    case "domainAdministrator":
      return <AdministratorCell order={order} />;
    case "email":
      return (
        <td className={`${cell} max-md:order-5 max-md:pr-0`}>
          <EmailCell
            order={order}
            account={account}
            policy={policy}
            onNear={onNear}
            onSend={() => onSend(order)}
          />
        </td>
      );
    case "ordered":
      return (
        <td className={`${cell} ${wide} whitespace-nowrap text-ink-2 max-md:hidden`}>
          {order.orderedAt ? <Moment at={order.orderedAt} as="day" isInRow /> : "–"}
        </td>
      );
    case "expires":
      return (
        <td className={`${cell} max-md:order-2 max-md:text-right`}>
          <ExpiresCell at={order.expiresAt} isQuiet={order.status !== "issued"} />
        </td>
      );
    case "imported":
      return (
        <td className={`${cell} max-md:order-6 max-md:pl-2 max-md:text-right`}>
          <ImportedCell order={order} />
        </td>
      );
    case "asOf":
      return (
        <td className={`${cell} ${wide} truncate text-ink-2 max-md:hidden`}>
          <Moment at={order.syncedAt} as="clock" isInRow />
        </td>
      );
  }
}

function StatusCell({ order, caName }: Pick<RowProps, "order" | "caName">) {
  const t = useTranslations("orders");
  const drift = useTranslations("order.drift.short");
  const now = useNow(60_000);
  return (
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
  );
}

function AdministratorCell({ order }: Pick<RowProps, "order">) {
  const t = useTranslations("orders");
  const administrator = order.recipients.fulfillment;
  const address = administrator === "not-loaded" ? t("notLoadedYet") : (administrator[0]?.address ?? "–");
  return (
    <td className={`${cell} ${middle} truncate text-ink-2 max-md:hidden`} data-tip={address}>
      {address}
    </td>
  );
}

function ImportedCell({ order }: { readonly order: OrderRowView }) {
  const t = useTranslations("orders");
  if (order.importedAt) return <Moment at={order.importedAt} as="day" isInRow className="text-ink-2" />;
  if (order.attention !== "needs-action") return <span className="text-ink-3 max-md:hidden">–</span>;
  return (
    <Link
      href={`/security/ssl/certificates/import?order=${order.orderId}`}
      prefetch={false}
      data-key="i"
      aria-label={t("importFor", { name: order.commonName })}
      className="-mx-1.5 inline-flex items-center rounded-control px-1.5 py-1 font-semibold text-wax-ink hover:bg-wax-soft max-md:mx-0 max-md:h-10 max-md:border max-md:border-line-strong max-md:px-4"
    >
      {t("import")}
    </Link>
  );
}
