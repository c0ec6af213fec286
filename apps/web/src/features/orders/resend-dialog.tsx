"use client";

import type { RouterOutputs } from "@sealpost/api/client";
import type { EmailKind } from "@sealpost/domain";
import { resendRefusal } from "@sealpost/domain/policy";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Button } from "@/components/button";
import { CaTrouble } from "@/components/ca-trouble";
import { Dialog } from "@/components/dialog";
import { HostName } from "@/components/host-name";
import { useRefusalSentence } from "@/components/refusal-text";
import { Bars } from "@/components/states";
import { useNow } from "@/components/use-time";
import { useCaCatalog } from "@/features/accounts/ca-catalog";
import { useMay } from "@/features/shell/session";
import { useTRPC } from "@/trpc/client";
import { type RefusalView, refusalOf } from "@/trpc/refusal";
import { type ChoiceProblem, chosenRequest, noChoices } from "./resend-choices";
import { problemSentence, ResendConfirmation } from "./resend-confirmation";
import { isUnknownBefore, resendFacts } from "./resend-facts";
import { FollowDialog } from "./resend-follow";

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
  const [choices, setChoices] = useState(noChoices);
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
  const adapter = preparation.data?.order.account.adapter;
  const most = useCaCatalog().find(({ id }) => id === adapter)?.mostRecipients;
  const isUnknown = preparation.data !== undefined && isUnknownBefore(preparation.data.order, kind);
  const chosen = preparation.data && chosenRequest(preparation.data.order, kind, choices, most);
  const warned = refusalOf(request.error);
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
        {...{ requestId: followed, orderId, commonName, kind }}
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
          isUnknownBefore={isUnknown}
          problem={chosen?.problem ?? null}
          isSending={request.isPending || request.isSuccess}
          onConfirm={(confirmed) =>
            chosen && request.mutate({ orderId, kind, idempotencyKey, ...chosen.request, ...confirmed })
          }
          warnedCount={warned?.code === "daily-limit" ? warned.count : null}
        >
          <Button ref={cancel} onClick={close}>
            {t("cancel")}
          </Button>
        </Footer>
      }
    >
      {preparation.isError && <CaTrouble error={preparation.error} />}
      {preparation.data ? (
        <ResendConfirmation
          preparation={preparation.data}
          kind={kind}
          isUnknownBefore={isUnknown}
          choices={choices}
          problem={chosen?.problem ?? null}
          onChoose={setChoices}
        />
      ) : (
        !preparation.isError && (
          <div className="-mx-4 mt-4">
            <Bars rows={3} widths={[24, 50]} />
          </div>
        )
      )}
      {request.isError && <CaTrouble error={request.error} />}
    </Dialog>
  );
}

interface FooterProps {
  readonly preparation: Preparation | undefined;
  readonly kind: EmailKind;
  /** Said above, so that a click here agrees to it. */
  readonly isUnknownBefore: boolean;
  readonly problem: ChoiceProblem | null;
  readonly isSending: boolean;
  /** How many mails today the server has warned of, beyond what the preparation told. */
  readonly warnedCount: number | null;
  readonly onConfirm: (confirmed: { confirmedDailyCount?: number; confirmedUnknown?: boolean }) => void;
  readonly children: ReactNode;
}

function Footer({ preparation, kind, problem, isSending, children, ...props }: FooterProps) {
  const { warnedCount, onConfirm } = props;
  const t = useTranslations("resend");
  const mayResend = useMay("orders:resend");
  const sentence = useRefusalSentence();
  const now = useNow(1000);
  const order = preparation?.order;
  const facts = order && resendFacts(order, order.account, order.requests, { kind, mayResend });
  const refusal = facts && preparation ? resendRefusal(facts, preparation.policy, now) : null;
  const confirmed = {
    // The higher of what was shown before and after the first try.
    ...(preparation ? { confirmedDailyCount: Math.max(preparation.mailsToday, warnedCount ?? 0) } : {}),
    ...(props.isUnknownBefore ? { confirmedUnknown: true } : {}),
  };
  const note = refusal
    ? sentence(JSON.parse(JSON.stringify(refusal)) as RefusalView)
    : problem
      ? problemSentence(problem, t)
      : t("oneClick");
  return (
    <>
      <p className="mr-auto min-w-0 flex-1 text-meta text-ink-3 max-md:basis-full" id="resend-note">
        {note}
      </p>
      {children}
      <Button
        look="primary"
        isOff={!preparation || refusal !== null || problem !== null || isSending}
        aria-describedby="resend-note"
        onClick={() => onConfirm(confirmed)}
      >
        {isSending ? t("asking") : t("resendEmail")}
      </Button>
    </>
  );
}
