"use client";

import type { AccountView, OrderRowView } from "@sealpost/api/client";
import type { ResendPolicy } from "@sealpost/domain";
import { Download, Send, X } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useId } from "react";
import { useNow } from "@/components/use-time";
import { useMay } from "@/features/shell/session";
import { getPathname } from "@/i18n/navigation";
import { rowRefusal } from "./resend-facts";

/** Most orders whose numbers fit into one address. */
const mostExported = 180;

interface BarProps {
  readonly selected: readonly OrderRowView[];
  readonly accounts: readonly AccountView[];
  readonly policy: ResendPolicy;
  /** Somebody comes near *Resend emails*. */
  readonly onNear: () => void;
  readonly onResend: () => void;
  readonly onClear: () => void;
}

/** What can be done with the chosen rows, and with how many of them now. Below the list, over none of it. */
export function SelectionBar({ selected, accounts, policy, onNear, onResend, onClear }: BarProps) {
  const t = useTranslations("orders.select");
  const now = useNow(1000);
  const mayResend = useMay("orders:resend");
  const mayBulk = useMay("orders:resend-bulk");
  const noteId = useId();
  const ready = selected.filter((order) => {
    const account = accounts.find(({ caAccountId }) => caAccountId === order.caAccountId);
    return rowRefusal(order, account, policy, { mayResend, now }) === null;
  }).length;
  const isOff = !mayBulk || ready === 0;
  const note = mayBulk ? t("ready", { ready, others: selected.length - ready }) : t("noRight");
  const button =
    "inline-flex h-8 items-center gap-2 rounded-control border border-on-bar/40 px-3 font-medium whitespace-nowrap hover:bg-on-bar/10 max-md:h-10";
  return (
    <section
      aria-label={t("label")}
      data-selection-bar
      className="sticky bottom-3 z-10 mx-3 my-3 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-sheet bg-bar px-4 py-2 text-on-bar shadow-menu"
    >
      <p>
        <b className="font-semibold">{t("count", { count: selected.length })}</b>{" "}
        <span id={noteId}>{note}</span>
      </p>
      <div className="flex flex-wrap gap-2 md:ml-auto">
        <button
          type="button"
          aria-disabled={isOff || undefined}
          aria-describedby={noteId}
          onPointerEnter={onNear}
          onFocus={onNear}
          onClick={() => !isOff && onResend()}
          className={`${button} ${isOff ? "opacity-70" : ""}`}
        >
          <Send aria-hidden className="size-4" />
          {t("resend")}
        </button>
        <ExportSelected selected={selected} className={button} />
        <button type="button" onClick={onClear} className={button}>
          <X aria-hidden className="size-4" />
          {t("clear")}
        </button>
      </div>
    </section>
  );
}

function ExportSelected({
  selected,
  className,
}: Pick<BarProps, "selected"> & { readonly className: string }) {
  const t = useTranslations("orders");
  const path = getPathname({ href: "/security/ssl/orders/export", locale: useLocale() });
  if (selected.length > mostExported)
    return <span className="self-center">{t("select.tooManyToExport", { most: mostExported })}</span>;
  const search = new URLSearchParams(selected.map(({ orderId }) => ["order", orderId]));
  return (
    <a href={`${path}?${search}`} download className={className}>
      <Download aria-hidden className="size-4" />
      {t("csv.export")}
    </a>
  );
}
