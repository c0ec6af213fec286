"use client";

import type { MailView, OrderDetailsView, RequestView } from "@sealpost/api/client";
import type { EmailKind } from "@sealpost/domain";
import {
  BadgeCheck,
  Download,
  Mail,
  MailCheck,
  ReceiptText,
  ScrollText,
  Stamp,
  Trash2,
  TriangleAlert,
  Upload,
} from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { isBareDay } from "@/components/days";
import { Moment } from "@/components/moment";
import { useMay } from "@/features/shell/session";
import { Link } from "@/i18n/navigation";
import { importHref } from "./import-href";
import { NextSteps } from "./next-steps";
import { ResendResult } from "./resend-result";

interface Entry {
  readonly key: string;
  readonly at: string;
  /** Known by its day alone. */
  readonly isDay?: boolean;
  /** Stands where it belongs in time, but did not happen then. */
  readonly isNote?: boolean;
  readonly icon: ReactNode;
  readonly title: ReactNode;
  readonly body?: ReactNode;
}

/** Everything that happened to an order, newest first, with what comes next on top. */
export function OrderTimeline({
  order,
  now,
  onSend,
}: {
  readonly order: OrderDetailsView;
  readonly now: Date;
  readonly onSend: (kind: EmailKind) => void;
}) {
  const t = useTranslations("timeline");
  const entries = useEntries(order, now, onSend).sort((a, b) => b.at.localeCompare(a.at));
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
          {order.attention === "needs-action" ? (
            <NextImport order={order} />
          ) : (
            <p className="text-ink-2">{t("nextApprovalText")}</p>
          )}
        </Item>
      )}
      {entries.map((entry) => (
        <Item
          key={entry.key}
          icon={entry.icon}
          title={entry.title}
          at={entry.isNote || new Date(entry.at) > now ? undefined : entry.at}
          isDay={entry.isDay}
        >
          {entry.body}
        </Item>
      ))}
    </ol>
  );
}

function NextImport({ order }: { readonly order: OrderDetailsView }) {
  const t = useTranslations("timeline");
  const mayImport = useMay("certificates:import");
  const { arrival } = order;
  if (arrival?.kind !== "fulfillment") return <p className="text-ink-2">{t("nextImportText")}</p>;
  return (
    <p className="text-ink-2">
      {t("arrivedText", { mailbox: arrival.mailboxLabel ?? "–" })}{" "}
      {mayImport && (
        <Link href={importHref(order)} prefetch={false} className="underline underline-offset-2">
          {t("importArrived")}
        </Link>
      )}
    </p>
  );
}

/** Whoever reads mails could read that one too. */
function KeyByMail({ mail }: { readonly mail: MailView | undefined }) {
  const t = useTranslations("timeline");
  return mail?.holdsPrivateKey ? (
    <p className="mt-1 flex gap-1.5 text-meta text-warn">
      <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      {t("keyByMail")}
    </p>
  ) : null;
}

/** Of these a mail may still come, so that it matters whether anybody looks. */
function isAwaited({ status, evidence }: RequestView): boolean {
  return (status === "accepted" || status === "outcome-unknown") && evidence.kind === "none";
}

/** Calm words where nothing can be seen, since no mailbox is read. */
function NobodyLooks({ state }: { readonly state: "none" | "failing" }) {
  const t = useTranslations("timeline.watch");
  const mayManage = useMay("accounts:manage");
  return (
    <p className="mt-1 text-meta text-ink-2" data-mail-watch={state}>
      {t(state)}{" "}
      {mayManage && (
        <Link href="/mailboxes" className="underline underline-offset-2">
          {t(state === "none" ? "connect" : "look")}
        </Link>
      )}
    </p>
  );
}

function later(one: string, other: string): string {
  return one.localeCompare(other) < 0 ? other : one;
}

const refusedImport = { words: "refusedImport", icon: <Upload aria-hidden /> } as const;
const refusedOther: Readonly<
  Record<string, { readonly words: "refusedResend" | "refusedDownload"; readonly icon: ReactNode }>
> = {
  "resend.request": { words: "refusedResend", icon: <Mail aria-hidden /> },
  "order.download": { words: "refusedDownload", icon: <Download aria-hidden /> },
};

function useEntries(order: OrderDetailsView, now: Date, onSend: (kind: EmailKind) => void): Entry[] {
  const t = useTranslations("timeline");
  const maySeeAudit = useMay("audit:see");
  const by = (name: string) => <span className="font-normal text-ink-3"> {t("by", { name })}</span>;
  const mailWords = useTranslations("unmatched.kind");
  const answerTo = ({ evidence }: RequestView) =>
    order.mails.find(({ mailId }) => mailId === evidence.mailId);
  const isNewest = (request: RequestView) =>
    order.requests.find(({ kind }) => kind === request.kind)?.requestId === request.requestId;
  const needsHelp = ({ evidence, kind }: RequestView) =>
    (evidence.kind === "bounced" || evidence.kind === "unconfirmed") &&
    (kind === "approver" || order.attention === "needs-action");
  const arrivals = order.mails
    .filter(({ requestId }) => requestId === null)
    .map(
      (mail): Entry => ({
        key: mail.mailId,
        at: mail.receivedAt,
        icon: <MailCheck aria-hidden />,
        title: mailWords(mail.kind),
        body: (
          <>
            <p className="text-meta text-ink-3 [overflow-wrap:anywhere]">
              {t("mailFrom", {
                sender: mail.sender ?? "–",
                mailbox: mail.mailboxLabel ?? "–",
                folder: mail.folder,
              })}
            </p>
            <KeyByMail mail={mail} />
          </>
        ),
      }),
    );
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
      body: (
        <>
          <ResendResult
            request={request}
            kind={request.kind}
            isOwn
            isPast={order.attention !== "needs-action" && request.kind === "fulfillment"}
            mail={answerTo(request)}
          />
          <KeyByMail mail={answerTo(request)} />
          {order.mailWatch !== "watching" && isNewest(request) && isAwaited(request) && (
            <NobodyLooks state={order.mailWatch} />
          )}
          {isNewest(request) && needsHelp(request) && (
            <NextSteps order={order} request={request} now={now} onSend={onSend} />
          )}
        </>
      ),
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
        body: order.certificateIds.some((id) => id === entry.details.certificateId) ? (
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
    .map((entry): Entry => {
      const { words, icon } = refusedOther[entry.act] ?? refusedImport;
      return {
        key: entry.auditId,
        at: entry.at,
        icon,
        title: (
          <>
            {t(words)}
            {by(entry.actorName)}
          </>
        ),
      };
    });
  const log = `/audit-log?${new URLSearchParams({ subject: order.orderId })}`;
  const oldest = order.hasEarlierTrace ? order.trace.at(-1) : undefined;
  // After the oldest of them: of two at one moment, the one that stands later here is shown below.
  const earlier: Entry[] = oldest
    ? [
        {
          key: "earlier",
          at: oldest.at,
          isNote: true,
          icon: <ScrollText aria-hidden />,
          title: (
            <span className="font-normal text-ink-2">
              {t.rich("earlier", {
                log: (words) =>
                  maySeeAudit ? (
                    <Link href={log} className="underline underline-offset-2">
                      {words}
                    </Link>
                  ) : (
                    words
                  ),
              })}
            </span>
          ),
        },
      ]
    : [];
  // The day from which it is valid stands for the moment of issuing, which no CA tells: that is never before the order.
  const orderedAt = order.orderedAt ?? "";
  const issued = order.issuances.map(
    (issuance): Entry => ({
      key: issuance.caCertificateId,
      at: later(issuance.validFrom, orderedAt),
      isDay: true,
      icon: <BadgeCheck aria-hidden />,
      title: t("issued", { ca: order.account.label }),
    }),
  );
  const ordered: Entry[] = order.orderedAt
    ? [
        {
          key: "ordered",
          at: order.orderedAt,
          isDay: isBareDay(order.orderedAt),
          icon: <ReceiptText aria-hidden />,
          title: t("ordered", { ca: order.account.label }),
        },
      ]
    : [];
  return [...mails, ...arrivals, ...imports, ...downloads, ...refused, ...earlier, ...issued, ...ordered];
}

interface ItemProps {
  readonly icon: ReactNode;
  readonly title: ReactNode;
  readonly at?: string | undefined;
  readonly isDay?: boolean | undefined;
  readonly isNext?: boolean;
  readonly children?: ReactNode;
}

function Item({ icon, title, at, isDay = false, isNext = false, children }: ItemProps) {
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
          {at && (
            <Moment at={at} as={isDay ? "day" : "full"} className="text-meta leading-[20px] text-ink-3" />
          )}
        </div>
        {children}
      </div>
    </li>
  );
}
