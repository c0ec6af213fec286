"use client";

import type { ArrivalView } from "@sealpost/api/client";
import { useQuery } from "@tanstack/react-query";
import { MailCheck, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { useAnnouncer } from "@/components/announcer";
import { buttonClass } from "@/components/button";
import { HostName, readableName } from "@/components/host-name";
import { Moment } from "@/components/moment";
import { useMay, usePreferences } from "@/features/shell/session";
import { Link } from "@/i18n/navigation";
import { useTRPC } from "@/trpc/client";
import { downloadHref } from "./import-href";
import { useCanDownload } from "./use-can-download";

/** What is shown at once; more would push the list out of sight. */
const mostShown = 3;

/** Certificates whose mail has come and that wait to be imported: each with the way into the import. */
export function Arrivals({ initial }: { readonly initial: readonly ArrivalView[] }) {
  const t = useTranslations("arrivals");
  const { preferences } = usePreferences();
  const arrivals = useQuery(
    useTRPC().mails.arrivals.queryOptions(undefined, { initialData: [...initial], refetchInterval: 60_000 }),
  );
  const told = arrivals.data.filter(
    ({ mail }) => !preferences.dismissedMails.some((mailId) => mailId === mail.mailId),
  );
  useAnnounced(arrivals.data);
  if (told.length === 0) return null;
  const shown = told.slice(0, mostShown);
  return (
    <section aria-label={t("label")} className="mb-3 rounded-sheet border bg-ok-soft">
      <ul className="divide-y">
        {shown.map((arrival) => (
          <Notice key={arrival.mail.mailId} arrival={arrival} />
        ))}
      </ul>
      {told.length > shown.length && (
        <p className="border-t px-4 py-2 text-ink-2">{t("more", { count: told.length - shown.length })}</p>
      )}
    </section>
  );
}

/** Says what has come since the page was opened, and nothing when only the ages change. */
function useAnnounced(arrivals: readonly ArrivalView[]): void {
  const t = useTranslations("arrivals");
  const { announce } = useAnnouncer();
  const known = useRef(new Set(arrivals.map(({ mail }) => mail.mailId)));
  useEffect(() => {
    for (const { mail, order } of arrivals) {
      if (known.current.has(mail.mailId)) continue;
      known.current.add(mail.mailId);
      const words = mail.kind === "fulfillment-link" ? "link" : "certificate";
      announce(t.markup(words, { name: () => readableName(order.commonName) }));
    }
  }, [arrivals, announce, t]);
}

function Notice({ arrival: { mail, order, account } }: { readonly arrival: ArrivalView }) {
  const t = useTranslations("arrivals");
  const failure = useTranslations("failure");
  const { change } = usePreferences();
  const { refuse } = useAnnouncer();
  const dismiss = () =>
    change({ change: "arrival-dismissed", mailId: mail.mailId }).catch(() => refuse(failure("notSaved")));
  const name = readableName(order.commonName);
  const isLink = mail.kind === "fulfillment-link";
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2">
      <MailCheck aria-hidden className="size-4 shrink-0 text-ok" />
      <p className="min-w-0 flex-1 max-md:basis-4/5 [overflow-wrap:anywhere]">
        {t.rich(isLink ? "link" : "certificate", {
          name: () => (
            <Link
              href={`/security/ssl/orders/${order.orderId}`}
              className="font-semibold underline-offset-2 hover:underline"
            >
              <HostName name={order.commonName} />
            </Link>
          ),
        })}{" "}
        <span className="text-meta text-ink-2">
          <Moment at={mail.receivedAt} as="age" />
        </span>
      </p>
      <ArrivalLink arrival={{ mail, order, account }} />
      <button
        type="button"
        aria-label={t("dismiss", { name })}
        data-tip={t("dismissTip")}
        onClick={() => void dismiss()}
        className="grid size-7 shrink-0 place-items-center rounded-control text-ink-3 hover:bg-hover max-md:size-10"
      >
        <X aria-hidden className="size-4" />
      </button>
    </li>
  );
}

/** To the import: with the mail, or from the CA where the mail only says that it is there. Neither: to the order. */
export function ArrivalLink({ arrival: { mail, order, account } }: { readonly arrival: ArrivalView }) {
  const t = useTranslations("arrivals");
  const mayImport = useMay("certificates:import");
  const { orderId, status } = order;
  const name = readableName(order.commonName);
  const canDownload = useCanDownload(account, status);
  const isLink = mail.kind === "fulfillment-link";
  if (isLink && canDownload)
    return (
      <Link
        href={downloadHref(orderId)}
        prefetch={false}
        className={buttonClass("primary")}
        aria-label={t("downloadFor", { name })}
      >
        {t("download")}
      </Link>
    );
  if (isLink || !mayImport)
    return (
      <Link href={`/security/ssl/orders/${orderId}`} className={buttonClass()}>
        {t("open")}
      </Link>
    );
  return (
    <Link
      href={`/security/ssl/certificates/import?order=${orderId}&mail=${mail.mailId}`}
      prefetch={false}
      className={buttonClass("primary")}
      aria-label={t("importFor", { name })}
    >
      {t("import")}
    </Link>
  );
}
