"use client";

import type { MailView, RequestView } from "@sealpost/api/client";
import type { EmailKind } from "@sealpost/domain";
import { CircleCheck, CircleHelp, CircleX, Clock, type LucideIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import { CaWords } from "@/components/ca-words";
import { SandboxLink } from "@/features/shell/sandbox";
import { RequestSteps } from "./request-steps";

interface ResendResultProps {
  readonly request: RequestView;
  readonly kind: EmailKind;
  readonly isOwn: boolean;
  /** Nobody waits for the mail any more. */
  readonly isPast?: boolean;
  /** The mail that answered it, where its mailbox may be named. */
  readonly mail?: MailView | undefined;
}

type Look = readonly [icon: LucideIcon, mark: string, tone: string];

const good: Look = [CircleCheck, "text-ok", "bg-ok-soft"];
const bad: Look = [CircleX, "text-bad", "bg-bad-soft"];
const open: Look = [CircleHelp, "text-warn", "bg-warn-soft"];
const waiting: Look = [Clock, "text-info", "bg-info-soft"];

const looks: Readonly<Record<RequestView["status"], Look>> = {
  requested: waiting,
  forwarding: waiting,
  accepted: good,
  refused: bad,
  "outcome-unknown": open,
  "not-sent": [CircleX, "text-ink-3", "bg-sunken"],
};

/** Where a request stands: what the CA said and what was seen of the mail since, never more; and the way there. */
export function ResendResult({ request, kind, isOwn, isPast = false, mail }: ResendResultProps) {
  const t = useTranslations("resend");
  const seen = request.evidence.kind;
  const [Icon, mark, tone] =
    seen === "none" ? looks[request.status] : { received: good, bounced: bad, unconfirmed: open }[seen];
  return (
    <div data-resend-status={request.status} data-resend-evidence={seen}>
      <div className={`mt-4 flex gap-3 rounded-control px-3 py-3 ${tone}`}>
        <Icon aria-hidden className={`size-5 shrink-0 ${mark}`} />
        <div className="min-w-0 [overflow-wrap:anywhere]">
          {seen === "none" ? <Said {...{ request, kind, isPast }} /> : <Seen request={request} kind={seen} />}
        </div>
      </div>
      {!isOwn && (
        <p className="mt-3 text-meta text-ink-3">{t("askedByOther", { name: request.requestedBy.name })}</p>
      )}
      <RequestSteps request={request} mail={mail} />
    </div>
  );
}

function Said({
  request,
  kind,
  isPast,
}: Pick<ResendResultProps, "request" | "kind"> & { readonly isPast: boolean }) {
  const t = useTranslations("resend");
  const { status, reason, caMessage } = request;
  const to = request.confirmedRecipients.join(", ");
  const isVerbatim = reason === "ca-refused" || status === "requested";
  return (
    <>
      <p>
        {isPast && status === "accepted" ? t("acceptedOnce", { to }) : t(`result.${status}.${kind}`, { to })}
      </p>
      {reason && reason !== "answer-lost" && (
        <p className="mt-1">{t(`reason.${reason}`, { words: caMessage ?? "–" })}</p>
      )}
      {status === "accepted" && kind === "fulfillment" && !isPast && (
        <p className="mt-1">
          {t("next")}{" "}
          <SandboxLink to="mailbox" search={request.confirmedRecipients[0] ?? ""}>
            {t("sandboxMailbox")}
          </SandboxLink>
        </p>
      )}
      {caMessage && isVerbatim && <CaWords words={caMessage} label={t("caSaid")} />}
    </>
  );
}

/** What was seen of the mail, and what to do where it came back or stays away. */
function Seen({
  request: { evidence, confirmedRecipients },
  kind,
}: {
  readonly request: RequestView;
  readonly kind: "received" | "bounced" | "unconfirmed";
}) {
  const t = useTranslations("resend.proof");
  const address = evidence.address ?? confirmedRecipients.join(", ");
  const words = [evidence.code, evidence.words].filter(Boolean).join(" ");
  return (
    <>
      <p>{t(kind, { address })}</p>
      {kind === "bounced" && words && <CaWords words={words} label={t("serverSaid")} />}
      {kind !== "received" && <p className="mt-1 text-ink-2">{t(`${kind}Next`)}</p>}
    </>
  );
}
