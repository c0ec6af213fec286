"use client";

import type { MailView, RequestView } from "@sealpost/api/client";
import { ArrowRight } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useExact } from "@/components/moment";
import { useTimeZone } from "@/components/use-time";

interface Step {
  readonly key: string;
  readonly words: ReactNode;
  readonly at: string | null;
  readonly tone?: string;
}

/** The way of one mail, as far as it is known: asked for, accepted, arrived or not, and how long each took. */
export function RequestSteps({
  request,
  mail,
}: {
  readonly request: RequestView;
  /** The mail that answered it, where its mailbox may be named. */
  readonly mail: MailView | undefined;
}) {
  const t = useTranslations("steps");
  const took = useTook();
  const steps = stepsOf(request, mail, t);
  return (
    <ol className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-1 text-meta text-ink-3">
      {steps.map((step, at) => {
        const before = steps[at - 1]?.at;
        const time = step.at && before ? took(before, step.at) : null;
        return (
          <li
            key={step.key}
            data-step={step.key}
            className={`inline-flex items-center gap-2 max-md:basis-full ${step.tone ?? ""}`}
          >
            {at > 0 && <ArrowRight aria-hidden className="size-3 shrink-0 text-ink-3" />}
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {step.words} {step.at && <StepTime at={step.at} since={request.requestedAt} />}
              {time && ` (${t("later", { time })})`}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** The time of day, with the day where it is another one than that on which the mail was asked for. */
function StepTime({ at, since }: { readonly at: string; readonly since: string }) {
  const format = useFormatter();
  const timeZone = useTimeZone();
  const exact = useExact();
  const day = (text: string) => format.dateTime(new Date(text), { dateStyle: "short", timeZone });
  const isSameDay = day(at) === day(since);
  return (
    <time dateTime={at} data-tip={exact(at)} suppressHydrationWarning>
      {format.dateTime(new Date(at), {
        timeStyle: "medium",
        ...(isSameDay ? {} : { dateStyle: "medium" as const }),
        timeZone,
      })}
    </time>
  );
}

function stepsOf(
  request: RequestView,
  mail: MailView | undefined,
  t: ReturnType<typeof useTranslations<"steps">>,
): readonly Step[] {
  const { evidence, status } = request;
  const steps: Step[] = [{ key: "requested", words: t("requested"), at: request.requestedAt }];
  if (request.settledAt) steps.push({ key: status, words: t(`status.${status}`), at: request.settledAt });
  if (evidence.caSentAt) steps.push({ key: "sent", words: t("sent"), at: evidence.caSentAt });
  const address = evidence.address ?? request.confirmedRecipients.join(", ");
  if (evidence.kind === "received") {
    const words = mail?.mailboxLabel
      ? t("receivedIn", { address, mailbox: mail.mailboxLabel })
      : t("received", { address });
    steps.push({ key: "received", words, at: evidence.at, tone: "text-ok" });
  }
  if (evidence.kind === "bounced")
    steps.push({ key: "bounced", words: t("bounced", { address }), at: evidence.at, tone: "text-bad" });
  if (evidence.kind === "unconfirmed")
    steps.push({ key: "unconfirmed", words: t("unconfirmed"), at: evidence.at, tone: "text-warn" });
  return steps;
}

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

/**
 * How long it took, in the largest unit that leaves something before the point; null: nothing to speak of. Mailboxes
 * count whole seconds, and clocks of CAs go apart from ours.
 */
function useTook(): (from: string, to: string) => string | null {
  const format = useFormatter();
  return (from, to) => {
    const ms = new Date(to).getTime() - new Date(from).getTime();
    if (ms < 100) return null;
    const [size, unit] =
      ms < minute
        ? [second, "second"]
        : ms < hour
          ? [minute, "minute"]
          : ms < day
            ? [hour, "hour"]
            : [day, "day"];
    return format.number(ms / size, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 });
  };
}
