"use client";

import type { CertificateView } from "@sealpost/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { readableName } from "@/components/host-name";
import { RefusalText } from "@/components/refusal-text";
import { useRouter } from "@/i18n/navigation";
import { useTRPC } from "@/trpc/client";

export function DeleteDialog({
  certificate,
  onClose,
}: {
  readonly certificate: CertificateView;
  readonly onClose: () => void;
}) {
  const t = useTranslations("certificates.delete");
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { toast } = useAnnouncer();
  const no = useRef<HTMLButtonElement>(null);
  const name = readableName(certificate.commonName);
  const remove = useMutation(
    trpc.certificates.delete.mutationOptions({
      onSuccess: async () => {
        toast(t("done", { name }));
        router.push("/security/ssl/certificates");
        await queryClient.invalidateQueries();
      },
    }),
  );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("title", { name })}
      description={certificate.isKeyStored ? t("textWithKey") : t("text")}
      initialFocus={no}
      footer={
        <>
          <Button ref={no} onClick={onClose}>
            {t("no")}
          </Button>
          <Button
            look="bad"
            isOff={remove.isPending}
            onClick={() => remove.mutate({ certificateId: certificate.certificateId })}
          >
            {t("yes")}
          </Button>
        </>
      }
    >
      {remove.isError && (
        <p role="alert" className="mt-3 text-bad">
          <RefusalText error={remove.error} />
        </p>
      )}
    </Dialog>
  );
}
