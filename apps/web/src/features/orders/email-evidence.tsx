"use client";

import type { RequestView } from "@sealpost/api/client";
import { CircleSlash, Mail, MailCheck, MailQuestionMark, MailX, Send, Timer } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useTimeZone } from "@/components/use-time";

const icon = "size-3.5 shrink-0";

/** What became of the newest mail, in words that advance only with evidence. */
export function EmailEvidence({ request }: { readonly request: RequestView }) {
  const t = useTranslations("evidence");
  const format = useFormatter();
  const timeZone = useTimeZone();
  const { evidence } = request;
  const at = new Date(evidence.at ?? request.settledAt ?? request.requestedAt);
  const time = format.dateTime(at, {
    ...(isToday(at) ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short" }),
    timeZone,
  });
  const shown = (() => {
    switch (evidence.kind) {
      case "received":
        return {
          mark: <MailCheck aria-hidden className={`${icon} text-ok`} />,
          text: t("received", { time }),
          tone: "text-ink-2",
        };
      case "bounced":
        return {
          mark: <MailX aria-hidden className={`${icon} text-bad`} />,
          text: t("bounced", { time }),
          tone: "text-ink",
        };
      case "unconfirmed":
        return {
          mark: <MailQuestionMark aria-hidden className={`${icon} text-warn`} />,
          text: t("unconfirmed"),
          tone: "text-ink",
        };
    }
    switch (request.status) {
      case "requested":
        return {
          mark: <Timer aria-hidden className={icon} />,
          text: request.attempts > 0 ? t("waiting") : t("asked", { time }),
          tone: "text-ink-2",
        };
      case "forwarding":
        return { mark: <Send aria-hidden className={icon} />, text: t("forwarding"), tone: "text-ink-2" };
      case "accepted":
        return {
          mark: <MailCheck aria-hidden className={`${icon} text-ok`} />,
          text: t("accepted", { time }),
          tone: "text-ink-2",
        };
      case "outcome-unknown":
        return {
          mark: <MailQuestionMark aria-hidden className={`${icon} text-warn`} />,
          text: t("unknown"),
          tone: "text-ink",
        };
      case "refused":
        return {
          mark: <MailX aria-hidden className={`${icon} text-bad`} />,
          text: t("refused", { time }),
          tone: "text-ink",
        };
      case "not-sent":
        return {
          mark:
            request.reason === "cancelled" ? (
              <CircleSlash aria-hidden className={icon} />
            ) : (
              <Mail aria-hidden className={icon} />
            ),
          text: t("notSent"),
          tone: "text-ink-3",
        };
    }
  })();
  return (
    <span suppressHydrationWarning className={`inline-flex min-w-0 items-center gap-1.5 ${shown.tone}`}>
      {shown.mark}
      <span className="truncate" suppressHydrationWarning>
        {shown.text}
      </span>
    </span>
  );
}

function isToday(at: Date): boolean {
  return at.toDateString() === new Date().toDateString();
}
