"use client";

import type { OrderColumn } from "@sealpost/domain";
import { Columns3 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useAnnouncer } from "@/components/announcer";
import { buttonClass } from "@/components/button";
import { Menu, MenuChoice, MenuItem, MenuRule } from "@/components/menu";
import { usePreferences } from "@/features/shell/session";
import { choosableColumns, defaultColumns } from "./order-columns";

/** Which columns this person sees, here and at every other computer. */
export function ColumnsMenu() {
  const t = useTranslations("orders");
  const failure = useTranslations("failure");
  const { announce } = useAnnouncer();
  const { preferences, change } = usePreferences();
  const shown = preferences.columns ?? defaultColumns;
  const choose = (columns: readonly OrderColumn[] | null) =>
    void change({ change: "columns-chosen", columns: columns && [...columns] }).catch(() =>
      announce(failure("notSaved")),
    );
  const trigger = (
    <button type="button" className={buttonClass("quiet")}>
      <Columns3 aria-hidden className="size-4" />
      {t("columns.choose")}
    </button>
  );
  return (
    <Menu trigger={trigger} align="end">
      {choosableColumns.map((column) => (
        <MenuChoice
          key={column}
          isChosen={shown.includes(column)}
          onChange={(isChosen) =>
            choose(choosableColumns.filter((one) => (one === column ? isChosen : shown.includes(one))))
          }
        >
          {t(`columns.${column}`)}
        </MenuChoice>
      ))}
      <MenuRule />
      <MenuItem onSelect={() => choose(null)}>{t("columns.reset")}</MenuItem>
    </Menu>
  );
}
