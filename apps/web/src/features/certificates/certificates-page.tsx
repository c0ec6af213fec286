"use client";

import type { CertificateView, RouterOutputs } from "@sealpost/api/client";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Check, Minus, TriangleAlert, Upload } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { Button, buttonClass } from "@/components/button";
import { HostName } from "@/components/host-name";
import { Moment } from "@/components/moment";
import { Sheet } from "@/components/sheet";
import { Bars, Empty, Failure } from "@/components/states";
import { ExpiresCell } from "@/features/orders/expires-cell";
import { Link } from "@/i18n/navigation";
import { useTRPC } from "@/trpc/client";
import { CertificateMenu } from "./certificate-menu";

const head = "h-9 px-2 text-left text-meta font-medium text-ink-3 first:pl-4 last:pr-4";
const cell = "px-2 first:pl-4 last:pr-4 max-md:px-4 max-md:first:pl-4";

export function CertificatesPage({
  initial,
  search: initialSearch,
}: {
  readonly initial: RouterOutputs["certificates"]["list"];
  readonly search: string;
}) {
  const t = useTranslations("certificates");
  const trpc = useTRPC();
  const search = useSearchParams().get("q") ?? "";
  const list = useInfiniteQuery(
    trpc.certificates.list.infiniteQueryOptions(
      { search },
      {
        getNextPageParam: (page) => page.nextCursor,
        initialCursor: null,
        placeholderData: keepPreviousData,
        ...(search === initialSearch ? { initialData: { pages: [initial], pageParams: [null] } } : {}),
      },
    ),
  );
  const rows = list.data?.pages.flatMap((page) => page.certificates) ?? [];
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2 py-3">
        <h1 className="text-page font-semibold">{t("title")}</h1>
        <Link href="/security/ssl/certificates/import" className={buttonClass("primary")}>
          <Upload aria-hidden className="size-4" />
          {t("importSslCertificate")}
        </Link>
      </div>
      <Sheet className="overflow-hidden">
        {rows.length > 0 && <Table rows={rows} />}
        {list.isError && <Failure error={list.error} onRetry={() => void list.refetch()} />}
        {list.isPending && <Bars rows={8} widths={[24, 18, 10, 14, 10]} />}
        {!list.isPending &&
          !list.isError &&
          rows.length === 0 &&
          (search === "" ? (
            <Empty
              title={t("emptyTitle")}
              text={t("emptyText")}
              action={
                <Link href="/security/ssl/orders" className={buttonClass("secondary")}>
                  {t("toOrders")}
                </Link>
              }
            />
          ) : (
            <Empty
              title={t("noMatchTitle")}
              text={t("noMatchText", { search })}
              action={
                <Link href="/security/ssl/certificates" className={buttonClass("secondary")}>
                  {t("showAll")}
                </Link>
              }
            />
          ))}
        {list.hasNextPage && (
          <div className="border-t px-4 py-3">
            <Button onClick={() => void list.fetchNextPage()}>{t("loadMore")}</Button>
          </div>
        )}
      </Sheet>
    </>
  );
}

function Table({ rows }: { readonly rows: readonly CertificateView[] }) {
  const t = useTranslations("certificates");
  return (
    <table className="w-full table-fixed max-md:block" aria-label={t("title")}>
      <thead className="max-md:sr-only">
        <tr>
          <th scope="col" className={head}>
            {t("columns.commonName")}
          </th>
          <th scope="col" className={`${head} max-lg:hidden`}>
            {t("columns.issuer")}
          </th>
          <th scope="col" className={`${head} w-[100px] max-lg:hidden`}>
            {t("columns.keyType")}
          </th>
          <th scope="col" className={`${head} w-[120px] max-xl:hidden`}>
            {t("columns.validFrom")}
          </th>
          <th scope="col" className={`${head} w-[128px]`}>
            {t("columns.validTo")}
          </th>
          <th scope="col" className={`${head} w-[116px]`}>
            {t("columns.chain")}
          </th>
          <th scope="col" className={`${head} w-[124px]`}>
            {t("columns.key")}
          </th>
          <th scope="col" className={`${head} w-[84px] max-lg:hidden`}>
            {t("columns.version")}
          </th>
          <th scope="col" className={`${head} w-[64px]`}>
            <span className="sr-only">{t("columns.actions")}</span>
          </th>
        </tr>
      </thead>
      <tbody className="max-md:block">
        {rows.map((certificate) => (
          <Row key={certificate.certificateId} certificate={certificate} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ certificate }: { readonly certificate: CertificateView }) {
  const t = useTranslations("certificates");
  const others = certificate.dnsNames.filter((name) => name !== certificate.commonName).length;
  return (
    <tr
      data-row={certificate.certificateId}
      className="h-9 border-t focus-within:shadow-[inset_2px_0_0_var(--focus)] hover:bg-hover max-md:grid max-md:h-auto max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-y-1 max-md:py-3"
    >
      <td className={cell}>
        <span className="flex min-w-0 items-baseline gap-1.5">
          <Link
            href={`/security/ssl/certificates/${certificate.certificateId}`}
            prefetch={false}
            className="truncate font-medium hover:underline"
            data-row-name
            data-tip={[certificate.commonName, ...certificate.dnsNames, certificate.issuer].join("\n")}
          >
            <HostName name={certificate.commonName} />
          </Link>
          {others > 0 && (
            <span className="shrink-0 text-meta text-ink-3" data-tip={certificate.dnsNames.join("\n")}>
              +{others}
            </span>
          )}
        </span>
      </td>
      <td className={`${cell} truncate text-ink-2 max-lg:hidden`} data-tip={certificate.issuer}>
        {certificate.issuer}
      </td>
      <td className={`${cell} text-ink-2 max-lg:hidden`}>{certificate.keyType}</td>
      <td className={`${cell} text-ink-2 max-xl:hidden`}>
        <Moment at={certificate.validFrom} as="day" />
      </td>
      <td className={`${cell} max-md:order-3`}>
        <PhoneLabel>{t("columns.validTo")}</PhoneLabel>
        <ExpiresCell at={certificate.validTo} isQuiet={false} />
      </td>
      <td className={`${cell} max-md:order-4 max-md:text-right`}>
        <PhoneLabel>{t("columns.chain")}</PhoneLabel>
        <Flag
          isOn={certificate.isChainComplete}
          on={t("chainComplete")}
          off={t("chainIncomplete")}
          isBad={!certificate.isChainComplete}
        />
      </td>
      <td className={`${cell} max-md:order-5`}>
        <PhoneLabel>{t("columns.key")}</PhoneLabel>
        <Flag isOn={certificate.isKeyStored} on={t("keySealed")} off={t("keyNotStored")} />
      </td>
      <td className={`${cell} text-ink-2 max-lg:hidden`} data-numbers>
        {certificate.version}
      </td>
      <td className={`${cell} text-right max-md:order-2`}>
        <CertificateMenu certificate={certificate} />
      </td>
    </tr>
  );
}

/** In the place of the column's head, which a phone has no room for; read out it is there all the same. */
function PhoneLabel({ children }: { readonly children: string }) {
  return (
    <span aria-hidden className="mr-1.5 text-ink-3 md:hidden">
      {children}
    </span>
  );
}

function Flag({ isOn, on, off, isBad = false }: { isOn: boolean; on: string; off: string; isBad?: boolean }) {
  const Icon = isOn ? Check : isBad ? TriangleAlert : Minus;
  return (
    <span
      className={`inline-flex items-center gap-1.5 ${isOn ? "text-ink-2" : isBad ? "text-warn" : "text-ink-3"}`}
    >
      <Icon aria-hidden className={`size-3.5 ${isOn ? "text-ok" : ""}`} />
      {isOn ? on : off}
    </span>
  );
}
