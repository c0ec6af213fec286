"use client";

import type { AccountView, OrderRowView } from "@sealpost/api/client";
import type { ResendPolicy } from "@sealpost/domain";
import { Timer } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId } from "react";
import { useExact } from "@/components/moment";
import { useRefusalSentence } from "@/components/refusal-text";
import { useNow } from "@/components/use-time";
import { useMay } from "@/features/shell/session";
import { Link } from "@/i18n/navigation";
import { EmailEvidence } from "./email-evidence";
import { downloadHref } from "./import-href";
import { rowRefusal } from "./resend-facts";
import { useCanDownload } from "./use-can-download";

interface EmailCellProps {
  readonly order: OrderRowView;
  readonly account: AccountView | undefined;
  readonly policy: ResendPolicy;
  readonly onNear: () => void;
  readonly onSend: () => void;
}

/** The Email column: *Send*, and what happened last. Grey with its reason when it would be refused. */
export function EmailCell({ order, account, policy, onNear, onSend }: EmailCellProps) {
  const t = useTranslations("orders");
  const mayResend = useMay("orders:resend");
  const canDownload = useCanDownload(account, order.status);
  const sentence = useRefusalSentence();
  const reasonId = useId();
  const exact = useExact();
  const request = order.lastFulfillment;
  const isCounting = request?.status === "accepted" || request?.status === "outcome-unknown";
  const now = useNow(isCounting ? 1000 : 60_000);
  const refusal = rowRefusal(order, account, policy, { mayResend, now });
  if (refusal?.code === "order-not-issued")
    return <span className="text-ink-3">{order.attention === "with-the-ca" ? t("notIssuedYet") : "–"}</span>;
  if (refusal?.code === "resend-unsupported" && canDownload) return <DownloadLink order={order} />;
  const isOpen = refusal?.code === "resend-under-way";
  const words = refusal && sentence(wire(refusal));
  return (
    <span className="flex min-w-0 items-center gap-2 max-md:flex-wrap">
      <button
        type="button"
        data-key="s"
        onPointerEnter={onNear}
        onFocus={onNear}
        onClick={(event) => {
          event.stopPropagation();
          // An open request is followed in the same dialog; a plain refusal has nothing to show.
          if (!refusal || isOpen) onSend();
        }}
        aria-disabled={(refusal !== null && !isOpen) || undefined}
        aria-describedby={words ? reasonId : undefined}
        aria-label={t("sendFor", { name: order.commonName })}
        data-tip={words ?? (request ? exact(request.settledAt ?? request.requestedAt) : undefined)}
        className={`-mx-1.5 rounded-control px-1.5 py-1 max-md:mx-0 max-md:h-10 max-md:border max-md:border-line-strong max-md:px-4 ${look(order, refusal !== null)}`}
      >
        {t("send")}
      </button>
      {words && (
        <span id={reasonId} className="sr-only">
          {words}
        </span>
      )}
      {refusal?.code === "cooling-down" ? (
        <CoolDown until={refusal.until} now={now} />
      ) : (
        request && <EmailEvidence request={request} />
      )}
    </span>
  );
}

/** In the place of *Send*, at a CA that mails nothing but hands the certificate out. */
function DownloadLink({ order }: { readonly order: OrderRowView }) {
  const t = useTranslations("orders");
  return (
    <Link
      href={downloadHref(order.orderId)}
      prefetch={false}
      data-key="s"
      aria-label={t("downloadFor", { name: order.commonName })}
      className={`-mx-1.5 rounded-control px-1.5 py-1 max-md:mx-0 max-md:inline-flex max-md:h-10 max-md:items-center max-md:border max-md:border-line-strong max-md:px-4 ${look(order, false)}`}
    >
      {t("download")}
    </Link>
  );
}

function look(order: OrderRowView, isRefused: boolean): string {
  if (isRefused) return "text-ink-3";
  return order.attention === "needs-action"
    ? "font-semibold text-wax-ink hover:bg-wax-soft"
    : "text-ink-2 underline decoration-line-strong underline-offset-4 hover:bg-hover max-md:no-underline";
}

function CoolDown({ until, now }: { readonly until: Date; readonly now: Date }) {
  const t = useTranslations("evidence");
  const seconds = Math.max(0, Math.ceil((until.getTime() - now.getTime()) / 1000));
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-ink-3" data-numbers>
      <Timer aria-hidden className="size-3.5" />
      <span suppressHydrationWarning>{t("again", { clock })}</span>
    </span>
  );
}

/** The predicate's refusal in the form in which refusals come over the wire. */
function wire(refusal: NonNullable<ReturnType<typeof rowRefusal>>) {
  return JSON.parse(JSON.stringify(refusal)) as Parameters<ReturnType<typeof useRefusalSentence>>[0];
}
