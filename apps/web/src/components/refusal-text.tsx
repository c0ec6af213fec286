"use client";

import { useFormatter, useTranslations } from "next-intl";
import { isUnanswered, type RefusalView, refusalOf } from "@/trpc/refusal";
import { useTimeZone } from "./use-time";

/** The sentence for a refusal: what happened, and what to do next. */
export function useRefusalSentence(): (refusal: RefusalView) => string {
  const t = useTranslations("refusals");
  const format = useFormatter();
  const timeZone = useTimeZone();
  const time = (text: string) =>
    format.dateTime(new Date(text), { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone });
  const date = (text: string) => format.dateTime(new Date(text), { dateStyle: "medium", timeZone });
  return (refusal) => {
    switch (refusal.code) {
      case "cooling-down":
        return t("cooling-down", { name: refusal.requestedBy, time: time(refusal.until) });
      case "resend-under-way":
        return t("resend-under-way", { name: refusal.requestedBy, time: time(refusal.requestedAt) });
      case "recipient-changed":
        return t("recipient-changed", { recipients: refusal.recipients.join(", ") || "–" });
      case "daily-limit":
        return t("daily-limit", { count: refusal.count, recipient: refusal.recipient });
      case "earlier-outcome-unknown":
        return t("earlier-outcome-unknown", { time: time(refusal.askedAt) });
      case "approver-mail-ended":
        return t("approver-mail-ended", { date: date(refusal.endedAt) });
      case "already-imported":
        return t("already-imported", { date: date(refusal.importedAt) });
      case "too-many-requests":
        return t("too-many-requests", { time: time(refusal.retryAt) });
      case "too-large":
        return t("too-large", { megabytes: Math.floor(refusal.limitBytes / 1024 / 1024) });
      case "ca-error":
        return t(`ca.${refusal.kind}`);
      case "mailbox-error":
        return t(`mailbox.${refusal.kind}`);
      case "passkey-refused":
        return t(`passkey.${refusal.reason}`);
      default:
        return t(refusal.code);
    }
  };
}

/** The sentence for any failed call: the refusal's, that nobody answered, or that the fault is ours. */
export function RefusalText({ error }: { readonly error: unknown }) {
  const t = useTranslations("failure");
  const sentence = useRefusalSentence();
  const refusal = refusalOf(error);
  return <>{refusal ? sentence(refusal) : t(isUnanswered(error) ? "noAnswer" : "title")}</>;
}
