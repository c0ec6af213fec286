"use client";

import type { RequestView } from "@sealpost/api/client";
import type { EmailKind } from "@sealpost/domain";
import { CircleCheck, CircleHelp, CircleX, Clock } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { CaWords } from "@/components/ca-words";
import { Moment } from "@/components/moment";

/** Where a request stands: what the CA said, never more. */
export function ResendResult({
  request,
  kind,
  isOwn,
}: {
  readonly request: RequestView;
  readonly kind: EmailKind;
  readonly isOwn: boolean;
}) {
  const t = useTranslations("resend");
  const to = request.confirmedRecipients.join(", ");
  const mark = "size-5 shrink-0";
  const shown: Record<RequestView["status"], readonly [icon: ReactNode, tone: string]> = {
    requested: [<Clock key="i" aria-hidden className={`${mark} text-info`} />, "bg-info-soft"],
    forwarding: [<Clock key="i" aria-hidden className={`${mark} text-info`} />, "bg-info-soft"],
    accepted: [<CircleCheck key="i" aria-hidden className={`${mark} text-ok`} />, "bg-ok-soft"],
    refused: [<CircleX key="i" aria-hidden className={`${mark} text-bad`} />, "bg-bad-soft"],
    "outcome-unknown": [<CircleHelp key="i" aria-hidden className={`${mark} text-warn`} />, "bg-warn-soft"],
    "not-sent": [<CircleX key="i" aria-hidden className={`${mark} text-ink-3`} />, "bg-sunken"],
  };
  const [icon, tone] = shown[request.status];
  return (
    <div data-resend-status={request.status}>
      <div className={`mt-4 flex gap-3 rounded-control px-3 py-3 ${tone}`}>
        {icon}
        <div className="min-w-0">
          <p className="[overflow-wrap:anywhere]">{t(`result.${request.status}.${kind}`, { to })}</p>
          {request.reason && request.reason !== "answer-lost" && (
            <p className="mt-1 [overflow-wrap:anywhere]">
              {t(`reason.${request.reason}`, { words: request.caMessage ?? "–" })}
            </p>
          )}
          {request.caMessage && request.reason === "ca-refused" && (
            <CaWords words={request.caMessage} label={t("caSaid")} />
          )}
          {request.status === "requested" && request.caMessage && (
            <CaWords words={request.caMessage} label={t("caSaid")} />
          )}
        </div>
      </div>
      <p className="mt-3 text-meta text-ink-3">
        {isOwn ? t("askedAt") : t("askedByOther", { name: request.requestedBy.name })}{" "}
        <Moment at={request.requestedAt} as="full" />
        {request.settledAt && (
          <>
            {" · "}
            {t("answeredAt")} <Moment at={request.settledAt} as="clock" />
          </>
        )}
        {request.answeredInMs !== null &&
          ` · ${t("took", { seconds: (request.answeredInMs / 1000).toFixed(1) })}`}
      </p>
      <ResendProof evidence={request.evidence} />
    </div>
  );
}

/** What was seen of the mail since, and what to do where it stays away. */
function ResendProof({ evidence }: { readonly evidence: RequestView["evidence"] }) {
  const t = useTranslations("resend.proof");
  const { kind, at, address, code, words, caSentAt } = evidence;
  if (kind === "none" && caSentAt === null) return null;
  const tone = kind === "bounced" ? "text-bad" : kind === "unconfirmed" ? "text-warn" : "text-ink-2";
  return (
    <div className="mt-1 text-meta" data-resend-evidence={kind}>
      {caSentAt && (
        <p className="text-ink-3">
          {t("caSent")} <Moment at={caSentAt} as="full" />
        </p>
      )}
      {kind !== "none" && (
        <p className={`[overflow-wrap:anywhere] ${tone}`}>
          {t(kind, { address: address ?? "–" })} {at && <Moment at={at} as="full" />}
        </p>
      )}
      {kind === "bounced" && (code ?? words) && (
        <CaWords words={[code, words].filter(Boolean).join(" ")} label={t("serverSaid")} />
      )}
      {(kind === "bounced" || kind === "unconfirmed") && <p className="text-ink-2">{t(`${kind}Next`)}</p>}
    </div>
  );
}
