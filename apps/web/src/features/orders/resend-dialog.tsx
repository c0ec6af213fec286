"use client";

import type { RouterOutputs } from "@sealpost/api/client";
import type { EmailKind } from "@sealpost/domain";
import { resendRefusal, unknownBefore } from "@sealpost/domain/policy";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { HostName } from "@/components/host-name";
import { Moment } from "@/components/moment";
import { RefusalText, useRefusalSentence } from "@/components/refusal-text";
import { Bars } from "@/components/states";
import { useNow } from "@/components/use-time";
import { useMay } from "@/features/shell/session";
import { useTRPC } from "@/trpc/client";
import { type RefusalView, refusalOf } from "@/trpc/refusal";
import { CaWords } from "./ca-words";
import { EmailEvidence } from "./email-evidence";
import { resendFacts } from "./resend-facts";
import { ResendResult } from "./resend-result";

type Preparation = RouterOutputs["orders"]["prepareResend"];

interface ResendDialogProps {
  readonly orderId: string;
  readonly commonName: string;
  readonly kind: EmailKind;
  readonly onClose: () => void;
}

/**
 * Asks before one more mail is asked for. Opening reads the order from the CA, so that the address is today's. One key
 * per dialog: however often the button is pressed, it is one request. The result replaces the question in place.
 */
export function ResendDialog({ orderId, commonName, kind, onClose }: ResendDialogProps) {
  const t = useTranslations("resend");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { announce } = useAnnouncer();
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const cancel = useRef<HTMLButtonElement>(null);
  const [requestId, setRequestId] = useState<string | null>(null);
  const refreshLists = () => queryClient.invalidateQueries({ queryKey: trpc.orders.pathKey() });
  const preparation = useMutation(trpc.orders.prepareResend.mutationOptions());
  const request = useMutation(
    trpc.orders.requestResend.mutationOptions({
      onSuccess: (made) => setRequestId(made.requestId),
      onSettled: refreshLists,
    }),
  );
  const { mutate: prepare } = preparation;
  useEffect(() => prepare({ orderId, kind }), [prepare, orderId, kind]);
  const open = preparation.data?.order.requests.find(
    (one) => one.kind === kind && (one.status === "requested" || one.status === "forwarding"),
  );
  const followed = requestId ?? open?.requestId ?? null;
  const close = () => {
    void refreshLists();
    onClose();
  };
  if (followed)
    return (
      <FollowDialog
        {...{ requestId: followed, commonName, kind }}
        isOwn={requestId !== null}
        onClose={close}
        onSettled={announce}
      />
    );
  return (
    <Dialog
      isOpen
      onClose={close}
      title={t(`${kind}.title`)}
      description={t.rich(`${kind}.text`, {
        name: () => (
          <b className="font-semibold text-ink">
            <HostName name={commonName} />
          </b>
        ),
      })}
      initialFocus={cancel}
      footer={
        <Footer
          preparation={preparation.data}
          kind={kind}
          isSending={request.isPending || request.isSuccess}
          onConfirm={(confirmed) => request.mutate({ orderId, kind, idempotencyKey, ...confirmed })}
        >
          <Button ref={cancel} onClick={close}>
            {t("cancel")}
          </Button>
        </Footer>
      }
    >
      {preparation.isError && <Problem error={preparation.error} />}
      {preparation.data ? (
        <Confirmation preparation={preparation.data} kind={kind} />
      ) : (
        !preparation.isError && (
          <div className="-mx-4 mt-4">
            <Bars rows={3} widths={[24, 50]} />
          </div>
        )
      )}
      {request.isError && <Problem error={request.error} />}
    </Dialog>
  );
}

function Problem({ error }: { readonly error: unknown }) {
  const t = useTranslations("resend");
  const said = refusalOf(error);
  return (
    <div role="alert" className="mt-4 rounded-control bg-bad-soft px-3 py-2 text-bad">
      <RefusalText error={error} />
      {said?.code === "ca-error" && said.caMessage && <CaWords words={said.caMessage} label={t("caSaid")} />}
    </div>
  );
}

interface FooterProps {
  readonly preparation: Preparation | undefined;
  readonly kind: EmailKind;
  readonly isSending: boolean;
  readonly onConfirm: (confirmed: {
    confirmedRecipients: string[];
    confirmedDailyCount?: number;
    confirmedUnknown?: boolean;
  }) => void;
  readonly children: ReactNode;
}

function Footer({ preparation, kind, isSending, onConfirm, children }: FooterProps) {
  const t = useTranslations("resend");
  const mayResend = useMay("orders:resend");
  const sentence = useRefusalSentence();
  const now = useNow(1000);
  const order = preparation?.order;
  const facts = order && resendFacts(order, order.account, order.requests, { kind, mayResend });
  const refusal = facts && preparation ? resendRefusal(facts, preparation.policy, now) : null;
  const recipients = order?.recipients[kind];
  const addresses =
    recipients && recipients !== "not-loaded" ? recipients.map((recipient) => recipient.address) : [];
  const isUnknownBefore = order ? unknownBefore(facts?.history ?? [], kind) !== null : false;
  const isOverDaily = preparation
    ? preparation.mailsToday >= preparation.policy.dailyMailsPerRecipient
    : false;
  const confirmed = {
    confirmedRecipients: addresses,
    ...(isOverDaily && preparation ? { confirmedDailyCount: preparation.mailsToday } : {}),
    ...(isUnknownBefore ? { confirmedUnknown: true } : {}),
  };
  const isOff = !preparation || refusal !== null || isSending;
  return (
    <>
      <p className="mr-auto min-w-0 flex-1 text-meta text-ink-3" id="resend-note">
        {refusal ? sentence(JSON.parse(JSON.stringify(refusal)) as RefusalView) : t("oneClick")}
      </p>
      {children}
      <Button
        look="primary"
        isOff={isOff}
        aria-describedby="resend-note"
        onClick={() => onConfirm(confirmed)}
      >
        {isSending ? t("asking") : t("resendEmail")}
      </Button>
    </>
  );
}

function Confirmation({
  preparation,
  kind,
}: {
  readonly preparation: Preparation;
  readonly kind: EmailKind;
}) {
  const t = useTranslations("resend");
  const sentence = useRefusalSentence();
  const { order, mailsToday, policy, refreshFault } = preparation;
  const recipients = order.recipients[kind];
  const last = order.requests.find((request) => request.kind === kind);
  const isUnknown = last?.status === "outcome-unknown";
  return (
    <>
      {refreshFault && (
        <p role="alert" className="mt-4 rounded-control bg-warn-soft px-3 py-2 text-warn">
          {t("notFresh")} {sentence(refreshFault)}
        </p>
      )}
      {isUnknown && (
        <p role="alert" className="mt-4 rounded-control bg-warn-soft px-3 py-2 text-warn">
          {t("unknownBefore")}
        </p>
      )}
      {mailsToday >= policy.dailyMailsPerRecipient && (
        <p role="alert" className="mt-4 rounded-control bg-warn-soft px-3 py-2 text-warn">
          {t("overDaily", { count: mailsToday })}
        </p>
      )}
      <dl className="mt-4 divide-y border-t">
        <Row name={t("domainAdministrator")}>
          {recipients === "not-loaded" || recipients.length === 0
            ? t("noAddress")
            : recipients.map((recipient) => (
                <div key={recipient.address}>
                  <span className="font-medium [overflow-wrap:anywhere]">{recipient.address}</span>
                  <p className="text-meta text-ink-3">
                    {t(`source.${recipient.source}`, { order: order.caOrderId })} {t("readAt")}{" "}
                    <Moment at={order.syncedAt} as="clock" />
                    {". "}
                    {!order.account.capabilities.includes("choose-recipient") && t("noOtherAddress")}
                  </p>
                </div>
              ))}
        </Row>
        <Row name={t("lastEmail")}>
          {last ? (
            <>
              <EmailEvidence request={last} />
              <p className="text-meta text-ink-3">{t("askedBy", { name: last.requestedBy.name })}</p>
            </>
          ) : (
            t("noneYet")
          )}
        </Row>
        <Row name={t("coolDown")}>
          {t("coolDownText", {
            seconds: policy.coolDownS,
            count: mailsToday,
            most: policy.dailyMailsPerRecipient,
          })}
        </Row>
      </dl>
    </>
  );
}

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="grid grid-cols-[132px_minmax(0,1fr)] gap-4 py-3 max-md:grid-cols-1 max-md:gap-0.5">
      <dt className="text-ink-3">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface FollowProps {
  readonly requestId: string;
  readonly commonName: string;
  readonly kind: EmailKind;
  /** Asked for in this dialog, and not by somebody else a moment before. */
  readonly isOwn: boolean;
  readonly onClose: () => void;
  readonly onSettled: (words: string) => void;
}

/** What becomes of the request, until it has ended. */
function FollowDialog({ requestId, commonName, kind, isOwn, onClose, onSettled }: FollowProps) {
  const t = useTranslations("resend");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const followed = useQuery(
    trpc.orders.resendRequest.queryOptions(
      { requestId },
      { refetchInterval: ({ state }) => (state.data?.settledAt ? false : 400), staleTime: 0 },
    ),
  );
  const cancel = useMutation(
    trpc.orders.cancelResend.mutationOptions({ onSettled: () => followed.refetch() }),
  );
  const status = followed.data?.status;
  const isEnded = Boolean(followed.data?.settledAt);
  useEffect(() => {
    if (!isEnded || !status) return;
    onSettled(t(`result.${status}.title`));
    void queryClient.invalidateQueries({ queryKey: trpc.orders.pathKey() });
  }, [isEnded, status, onSettled, t, queryClient, trpc]);
  const close = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={status ? t(`result.${status}.title`) : t("asking")}
      description={<HostName name={commonName} />}
      initialFocus={close}
      footer={
        <>
          {status === "requested" && (
            <Button look="quiet" onClick={() => cancel.mutate({ requestId })}>
              {t("takeBack")}
            </Button>
          )}
          <Button ref={close} onClick={onClose}>
            {t("close")}
          </Button>
        </>
      }
    >
      {followed.data && <ResendResult request={followed.data} kind={kind} isOwn={isOwn} />}
    </Dialog>
  );
}
