"use client";

import type { AuditRowView } from "@sealpost/api/client";
import { ChevronRight, OctagonX } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { Moment } from "@/components/moment";
import { Link } from "@/i18n/navigation";
import { useActorName, useDetailWords } from "./audit-words";

const head = "h-9 px-2 text-left text-meta font-medium text-ink-3 first:pl-4 last:pr-4";
const cell = "px-2 py-2 align-top first:pl-4 last:pr-4 max-md:p-0 max-md:first:pl-0";

export function AuditTable({ entries }: { readonly entries: readonly AuditRowView[] }) {
  const t = useTranslations("audit");
  return (
    <table className="w-full table-fixed border-t max-md:block" aria-label={t("title")}>
      <thead className="max-md:sr-only">
        <tr>
          <th scope="col" className={`${head} w-[200px] whitespace-nowrap`}>
            {t("columns.time")}
          </th>
          <th scope="col" className={`${head} w-[20%]`}>
            {t("columns.person")}
          </th>
          <th scope="col" className={head}>
            {t("columns.act")}
          </th>
          <th scope="col" className={head}>
            {t("columns.subject")}
          </th>
          <th scope="col" className={`${head} w-[56px]`}>
            <span className="sr-only">{t("columns.details")}</span>
          </th>
        </tr>
      </thead>
      {entries.map((entry) => (
        <Row key={entry.sequence} entry={entry} />
      ))}
    </table>
  );
}

function Row({ entry }: { readonly entry: AuditRowView }) {
  const t = useTranslations("audit");
  const nameOf = useActorName();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const status = useDetailWords()(entry).find(({ detail }) => detail === "status")?.value;
  return (
    <tbody data-entry={entry.sequence} className="border-t max-md:block">
      <tr className="hover:bg-hover max-md:grid max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-x-2 max-md:px-4 max-md:py-3">
        <td className={`${cell} whitespace-nowrap text-ink-2 max-md:order-3`} data-numbers>
          <Moment at={entry.at} as="full" />
        </td>
        <td className={`${cell} [overflow-wrap:anywhere] max-md:order-4 max-md:col-start-1`}>
          {nameOf(entry.actorKind, entry.actorName)}
        </td>
        <td className={`${cell} [overflow-wrap:anywhere] max-md:order-1`}>
          <span className="font-medium">{t(`act.${entry.act}`)}</span>
          {entry.act === "resend.settle" && <span className="text-ink-2"> · {status}</span>}
          {entry.outcome === "refused" && (
            <span className="mt-0.5 flex items-start gap-1.5 text-bad">
              <OctagonX aria-hidden className="mt-[3px] size-3.5 shrink-0" />
              {entry.code ? t("refusedFor", { reason: t(`code.${entry.code}`) }) : t("outcome.refused")}
            </span>
          )}
        </td>
        <td className={`${cell} [overflow-wrap:anywhere] max-md:order-5 max-md:col-start-1`}>
          <Subject entry={entry} />
        </td>
        <td className={`${cell} text-right max-md:order-2`}>
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            aria-label={t("detailsOf", { sequence: entry.sequence })}
            onClick={() => setOpen(!isOpen)}
            className="-my-1.5 grid size-8 place-items-center rounded-control text-ink-2 hover:bg-sunken max-md:size-10"
          >
            <ChevronRight aria-hidden className={`size-4 ${isOpen ? "rotate-90" : ""}`} />
          </button>
        </td>
      </tr>
      {isOpen && (
        <tr className="max-md:block">
          <td id={id} colSpan={5} className="bg-canvas px-4 py-3 max-md:block">
            <Details entry={entry} />
          </td>
        </tr>
      )}
    </tbody>
  );
}

function Subject({ entry: { subject } }: { readonly entry: AuditRowView }) {
  const t = useTranslations("audit");
  const name = subject.kind === "console" ? "" : subject.label;
  const kind = t(`subject.${subject.kind}`);
  if (name === "") return <span className="text-ink-2">{kind}</span>;
  const screens = { order: "orders", certificate: "certificates" } as const;
  const screen = subject.kind === "order" || subject.kind === "certificate" ? screens[subject.kind] : null;
  // Of a certificate that was refused stands its fingerprint here, and that has no page.
  const hasPage = screen !== null && /^[0-9a-f-]{36}$/.test(subject.id);
  return (
    <>
      {hasPage ? (
        <Link
          href={`/security/ssl/${screen}/${subject.id}`}
          prefetch={false}
          className="underline underline-offset-2"
        >
          {name}
        </Link>
      ) : (
        name
      )}
      <span className="text-ink-3"> · {kind}</span>
    </>
  );
}

function Details({ entry }: { readonly entry: AuditRowView }) {
  const t = useTranslations("audit");
  const told = useDetailWords()(entry);
  const facts = [
    ...told,
    { name: t("number"), value: String(entry.sequence) },
    ...(entry.subject.kind === "console" ? [] : [{ name: t("subjectId"), value: entry.subject.id }]),
    { name: t("entryId"), value: entry.auditId },
  ];
  return (
    <dl className="grid gap-x-4 gap-y-1 md:grid-cols-[max-content_minmax(0,1fr)] md:pl-[182px]">
      {facts.map(({ name, value }) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd className="[overflow-wrap:anywhere] max-md:mb-1">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
