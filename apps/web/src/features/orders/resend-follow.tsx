"use client";

import type { EmailKind } from "@sealpost/domain";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { Button, buttonClass } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { HostName } from "@/components/host-name";
import { useMay } from "@/features/shell/session";
import { Link } from "@/i18n/navigation";
import { useTRPC } from "@/trpc/client";
import { importHref } from "./import-href";
import { ResendResult } from "./resend-result";

interface FollowProps {
  readonly requestId: string;
  readonly orderId: string;
  readonly commonName: string;
  readonly kind: EmailKind;
  /** Asked for in this dialog, and not by somebody else a moment before. */
  readonly isOwn: boolean;
  readonly onClose: () => void;
  readonly onSettled: (words: string) => void;
}

/** What becomes of the request, until it has ended. */
export function FollowDialog(props: FollowProps) {
  const { requestId, orderId, commonName, kind, isOwn, onClose, onSettled } = props;
  const t = useTranslations("resend");
  const mayImport = useMay("certificates:import");
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
          {status === "accepted" && kind === "fulfillment" && mayImport && (
            <Link
              href={importHref({ orderId, arrival: null })}
              prefetch={false}
              className={buttonClass("primary")}
            >
              <Upload aria-hidden className="size-4" />
              {t("import")}
            </Link>
          )}
        </>
      }
    >
      {followed.data && <ResendResult request={followed.data} kind={kind} isOwn={isOwn} />}
    </Dialog>
  );
}
