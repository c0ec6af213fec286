"use client";

import type { OrderDetailsView, RequestView } from "@sealpost/api/client";
import type { EmailKind } from "@sealpost/domain";
import { mayChooseRecipients, stateRefusal } from "@sealpost/domain/policy";
import { Check, Copy, Mail } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Button } from "@/components/button";
import { useMay } from "@/features/shell/session";
import { DownloadLink } from "./download-link";
import { supportText } from "./support-text";

interface NextStepsProps {
  readonly order: OrderDetailsView;
  readonly request: RequestView;
  readonly now: Date;
  readonly onSend: (kind: EmailKind) => void;
}

/** What helps where a mail came back or stays away: as far as this CA and this person's rights allow it. */
export function NextSteps({ order, request, now, onSend }: NextStepsProps) {
  const t = useTranslations("nextSteps");
  const mayResend = useMay("orders:resend");
  const mayChoose = useMay("orders:change-recipient");
  const { kind } = request;
  const { capabilities } = order.account;
  const canChoose = mayChoose && mayChooseRecipients(kind, capabilities);
  const canSend = (one: EmailKind) =>
    mayResend &&
    capabilities.includes(one === "fulfillment" ? "resend-fulfillment" : "resend-approver") &&
    stateRefusal({ kind: one, status: order.status }, now) === null;
  const icon = <Mail aria-hidden className="size-4" />;
  return (
    <div className="mt-2 flex flex-wrap items-center gap-2" data-next-steps>
      {canSend(kind) && (
        <Button icon={icon} onClick={() => onSend(kind)}>
          {canChoose ? t("otherAddress") : t("sendAgain")}
        </Button>
      )}
      {kind === "fulfillment" && canSend("approver") && (
        <Button icon={icon} onClick={() => onSend("approver")}>
          {t("sendApprover")}
        </Button>
      )}
      {kind === "fulfillment" && <DownloadLink order={order} />}
      <CopySupportText order={order} request={request} />
    </div>
  );
}

function CopySupportText({ order, request }: Pick<NextStepsProps, "order" | "request">) {
  const t = useTranslations("nextSteps");
  const words = useTranslations("nextSteps.support");
  const { announce } = useAnnouncer();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(supportText(order, request, words));
    setCopied(true);
    announce(t("copied"));
  };
  const Icon = isCopied ? Check : Copy;
  return (
    <Button
      icon={<Icon aria-hidden className="size-4" />}
      data-tip={t("copyTip")}
      onClick={() => void copy()}
    >
      {isCopied ? t("copied") : t("copy")}
    </Button>
  );
}
