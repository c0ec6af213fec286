"use client";

import type { OrderDetailsView, RequestView } from "@sealpost/api/client";
import { BadgeCheck, Download, Mail, ReceiptText, Stamp, Trash2, Upload } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Moment } from "@/components/moment";
import { Link } from "@/i18n/navigation";
import { ResendResult } from "./resend-result";

interface Entry {
  readonly key: string;
  readonly at: string;
  readonly icon: ReactNode;
  readonly title: ReactNode;
  readonly body?: ReactNode;
}

/** Everything that happened to an order, newest first, with what comes next on top. */
export function OrderTimeline({ order, now }: { readonly order: OrderDetailsView; readonly now: Date }) {
  const t = useTranslations("timeline");
  const entries = useEntries(order).sort((a, b) => b.at.localeCompare(a.at));
  const next =
    order.attention === "needs-action"
      ? t("nextImport")
      : order.attention === "with-the-ca"
        ? t("nextApproval")
        : null;
  return (
    <ol className="px-4 py-3">
      {next && (
        <Item icon={<Upload aria-hidden />} isNext title={next}>
          <p className="text-ink-2">
            {order.attention === "needs-action" ? t("nextImportText") : t("nextApprovalText")}
          </p>
        </Item>
      )}
      {entries.map((entry) => (
        <Item
          key={entry.key}
          icon={entry.icon}
          title={entry.title}
          at={new Date(entry.at) > now ? undefined : entry.at}
        >
          {entry.body}
        </Item>
      ))}
    </ol>
  );
}

const refusedWords: Readonly<Record<string, "refusedResend" | "refusedDownload">> = {
  "resend.request": "refusedResend",
  "order.download": "refusedDownload",
};

function useEntries(order: OrderDetailsView): Entry[] {
  const t = useTranslations("timeline");
  const by = (name: string) => <span className="font-normal text-ink-3"> {t("by", { name })}</span>;
  const mails = order.requests.map(
    (request: RequestView): Entry => ({
      key: request.requestId,
      at: request.requestedAt,
      icon: <Mail aria-hidden />,
      title: (
        <>
          {t(`mail.${request.kind}`)}
          {by(request.requestedBy.name)}
        </>
      ),
      body: <ResendResult request={request} kind={request.kind} isOwn />,
    }),
  );
  const imports = order.trace
    .filter((entry) => entry.act === "certificate.import" && entry.outcome === "done")
    .map(
      (entry): Entry => ({
        key: entry.auditId,
        at: entry.at,
        icon: <Stamp aria-hidden />,
        title: (
          <>
            {t("imported", { version: Number(entry.details.version ?? 1) })}
            {by(entry.actorName)}
          </>
        ),
        body: order.issuances.some((issuance) => issuance.certificateId === entry.details.certificateId) ? (
          <Link
            href={`/security/ssl/certificates/${entry.details.certificateId}`}
            className="underline underline-offset-2"
          >
            {t("showCertificate")}
          </Link>
        ) : (
          <span className="inline-flex items-center gap-1.5 text-ink-3">
            <Trash2 aria-hidden className="size-3.5" />
            {t("deletedSince")}
          </span>
        ),
      }),
    );
  const downloads = order.trace
    .filter((entry) => entry.act === "order.download" && entry.outcome === "done")
    .map(
      (entry): Entry => ({
        key: entry.auditId,
        at: entry.at,
        icon: <Download aria-hidden />,
        title: (
          <>
            {t("downloaded", { ca: order.account.label })}
            {by(entry.actorName)}
          </>
        ),
      }),
    );
  const refused = order.trace
    .filter((entry) => entry.outcome === "refused")
    .map(
      (entry): Entry => ({
        key: entry.auditId,
        at: entry.at,
        icon: <Mail aria-hidden />,
        title: (
          <>
            {t(refusedWords[entry.act] ?? "refusedImport")}
            {by(entry.actorName)}
          </>
        ),
      }),
    );
  const issued = order.issuances.map(
    (issuance): Entry => ({
      key: issuance.caCertificateId,
      at: issuance.validFrom,
      icon: <BadgeCheck aria-hidden />,
      title: t("issued", { ca: order.account.label }),
    }),
  );
  const ordered: Entry[] = order.orderedAt
    ? [
        {
          key: "ordered",
          at: order.orderedAt,
          icon: <ReceiptText aria-hidden />,
          title: t("ordered", { ca: order.account.label }),
        },
      ]
    : [];
  return [...mails, ...imports, ...downloads, ...refused, ...issued, ...ordered];
}

interface ItemProps {
  readonly icon: ReactNode;
  readonly title: ReactNode;
  readonly at?: string | undefined;
  readonly isNext?: boolean;
  readonly children?: ReactNode;
}

function Item({ icon, title, at, isNext = false, children }: ItemProps) {
  const ring = isNext ? "border-dashed border-warn text-warn border-2" : "border-line-strong text-ink-3";
  return (
    <li className="relative flex gap-3 pb-4 not-last:before:absolute not-last:before:top-8 not-last:before:bottom-1 not-last:before:left-3 not-last:before:w-px not-last:before:bg-line">
      <span
        className={`grid size-6 shrink-0 place-items-center rounded-full border bg-surface [&>svg]:size-3.5 ${ring}`}
      >
        {icon}
      </span>
      <div className="min-w-0 flex-1 pt-0.5">
        <div className="flex flex-wrap justify-between gap-x-4">
          <span className="font-medium">{title}</span>
          {at && <Moment at={at} as="full" className="text-meta text-ink-3" />}
        </div>
        {children}
      </div>
    </li>
  );
}
