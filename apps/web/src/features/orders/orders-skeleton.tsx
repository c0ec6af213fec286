"use client";

import { useTranslations } from "next-intl";
import { Sheet } from "@/components/sheet";
import { Bars } from "@/components/states";

/** The page of orders while its rows are read: the same head, lines and heights, so that nothing moves when they come. */
export function OrdersSkeleton() {
  const t = useTranslations("orders");
  return (
    <>
      <div className="flex min-h-14 flex-wrap content-start items-center gap-x-4 gap-y-2 py-3 max-[640px]:min-h-[130px]">
        <h1 className="text-page font-semibold">{t("title")}</h1>
      </div>
      <Sheet className="overflow-clip" isBusy>
        <div className="h-11 border-b" />
        <div className="h-12" />
        <OrdersBars />
      </Sheet>
    </>
  );
}

/** As wide as the columns. */
export function OrdersBars() {
  return <Bars rows={12} widths={[22, 8, 14, 16, 14, 8]} />;
}
