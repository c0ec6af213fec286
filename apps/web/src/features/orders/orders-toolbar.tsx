"use client";

import type { AccountView } from "@sealpost/api/client";
import { ChevronDown, Download } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { buttonClass } from "@/components/button";
import { Menu, MenuChoice } from "@/components/menu";
import { useCaCatalog } from "@/features/accounts/ca-catalog";
import { getPathname } from "@/i18n/navigation";
import { ColumnsMenu } from "./columns-menu";
import { expiryChoices, orderStatusGroups, typeChoices } from "./order-filters";
import type { useOrderQuery } from "./order-query";

interface ToolbarProps {
  readonly query: ReturnType<typeof useOrderQuery>;
  readonly accounts: readonly AccountView[];
  readonly hiddenCount: number;
}

export function OrdersToolbar({ query, accounts, hiddenCount }: ToolbarProps) {
  const t = useTranslations("orders");
  const { params, set } = query;
  const groups = Object.keys(orderStatusGroups).map(
    (group) => [group, t(`filter.${group as "pending"}`)] as const,
  );
  const connected = new Set(accounts.map(({ adapter }) => adapter));
  const cas = useCaCatalog().filter(({ id }) => connected.has(id));
  const isShown = params.get("expired") === "show";
  return (
    <div className="flex min-h-12 items-center gap-2 px-4 py-2 max-md:overflow-x-auto md:flex-wrap">
      <Filter name="status" label={t("columns.status")} choices={groups} query={query} />
      {cas.length > 1 && (
        <Filter name="ca" label={t("columns.ca")} choices={cas.map((ca) => [ca.id, ca.name])} query={query} />
      )}
      <Filter
        name="account"
        label={t("filter.account")}
        choices={accounts.map((a) => [a.caAccountId, a.label] as const)}
        query={query}
      />
      <Filter
        name="type"
        label={t("columns.type")}
        choices={typeChoices.map((type) => [type, type.toUpperCase()] as const)}
        query={query}
      />
      <Filter
        name="expires"
        label={t("columns.expires")}
        choices={expiryChoices.map((days) => [String(days), t("filter.within", { days })] as const)}
        query={query}
        isSingle
      />
      {(hiddenCount > 0 || isShown) && (
        <p className="text-meta whitespace-nowrap text-ink-3">
          {isShown ? t("longExpiredShown") : t("longExpiredHidden", { count: hiddenCount })}{" "}
          <button
            type="button"
            className="text-ink-2 underline underline-offset-2"
            onClick={() => set("expired", isShown ? null : "show")}
          >
            {isShown ? t("hide") : t("show")}
          </button>
        </p>
      )}
      <ExportLink search={params.toString()} />
      <ColumnsMenu />
      <SortSwitch
        isByExpiry={query.input.sort === "expires-oldest-first"}
        onChange={(isByExpiry) => set("sort", isByExpiry ? "expires" : null)}
      />
    </div>
  );
}

/** A plain link: the browser saves the file while the server still writes it. */
function ExportLink({ search }: { readonly search: string }) {
  const t = useTranslations("orders.csv");
  const locale = useLocale();
  const href = getPathname({ href: "/security/ssl/orders/export", locale });
  return (
    <a
      href={search === "" ? href : `${href}?${search}`}
      download
      data-tip={t("help")}
      className={`${buttonClass("quiet")} ml-auto`}
    >
      <Download aria-hidden className="size-4" />
      {t("export")}
    </a>
  );
}

interface FilterProps {
  readonly name: string;
  readonly label: string;
  readonly choices: readonly (readonly [value: string, label: string])[];
  readonly query: ToolbarProps["query"];
  readonly isSingle?: boolean;
}

function Filter({ name, label, choices, query, isSingle = false }: FilterProps) {
  const chosen = query.params.getAll(name);
  const change = (value: string, isChosen: boolean) => {
    const others = isSingle ? [] : chosen.filter((one) => one !== value);
    query.set(name, isChosen ? [...others, value] : others);
  };
  const trigger = (
    <button type="button" className={buttonClass("secondary")}>
      {label}
      {chosen.length > 0 && (
        <span className="rounded-mark bg-bar px-1 text-code font-semibold text-on-bar">{chosen.length}</span>
      )}
      <ChevronDown aria-hidden className="size-3.5 text-ink-3" />
    </button>
  );
  return (
    <Menu trigger={trigger}>
      {choices.map(([value, words]) => (
        <MenuChoice
          key={value}
          isChosen={chosen.includes(value)}
          onChange={(isChosen) => change(value, isChosen)}
        >
          {words}
        </MenuChoice>
      ))}
    </Menu>
  );
}

function SortSwitch({
  isByExpiry,
  onChange,
}: {
  readonly isByExpiry: boolean;
  readonly onChange: (isByExpiry: boolean) => void;
}) {
  const t = useTranslations("orders");
  const segment = (isOn: boolean) =>
    `h-7 rounded-mark px-2.5 whitespace-nowrap max-md:h-9 ${isOn ? "bg-surface font-medium text-ink shadow-sheet" : "text-ink-2"}`;
  return (
    <div role="group" aria-label={t("sort.label")} className="flex rounded-control border bg-sunken p-0.5">
      <button
        type="button"
        aria-pressed={!isByExpiry}
        className={segment(!isByExpiry)}
        onClick={() => onChange(false)}
      >
        {t("sort.needsAction")}
      </button>
      <button
        type="button"
        aria-pressed={isByExpiry}
        className={segment(isByExpiry)}
        onClick={() => onChange(true)}
      >
        {t("sort.expires")}
      </button>
    </div>
  );
}
