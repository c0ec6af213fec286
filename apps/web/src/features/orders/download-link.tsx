"use client";

import type { OrderDetailsView } from "@sealpost/api/client";
import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { buttonClass } from "@/components/button";
import { Link } from "@/i18n/navigation";
import { downloadHref } from "./import-href";
import { useCanDownload } from "./use-can-download";

/** To the import, which fetches the certificate from the CA by itself; only where the CA hands it out. */
export function DownloadLink({ order }: { readonly order: OrderDetailsView }) {
  const t = useTranslations("order");
  if (!useCanDownload(order.account, order.status)) return null;
  return (
    <Link href={downloadHref(order.orderId)} prefetch={false} className={buttonClass()}>
      <Download aria-hidden className="size-4" />
      {t("downloadFromCa")}
    </Link>
  );
}
