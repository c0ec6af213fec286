"use client";

import type { CertificateView } from "@sealpost/api/client";
import type { ExportPart } from "@sealpost/domain";
import { exportReasonLength } from "@sealpost/domain/policy";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { readableName } from "@/components/host-name";
import { RefusalText } from "@/components/refusal-text";
import { TextArea } from "@/components/text-field";
import { download } from "@/features/shell/download";

/** Asks why a private key leaves the vault; the answer stays in the audit log. */
export function KeyExportDialog({
  certificate,
  part,
  onClose,
}: {
  readonly certificate: CertificateView;
  readonly part: Exclude<ExportPart, "certificate">;
  readonly onClose: () => void;
}) {
  const t = useTranslations("certificates.keyExport");
  const menu = useTranslations("certificates.menu");
  const { toast } = useAnnouncer();
  const [reason, setReason] = useState("");
  const [isTooShort, setTooShort] = useState(false);
  const fetched = useMutation({
    mutationFn: () =>
      download(`/api/certificates/${certificate.certificateId}/${part}`, "certificate.pem", { reason }),
    onSuccess: () => {
      toast(menu("downloaded"));
      onClose();
    },
  });
  const submit = () => {
    const isMissing = reason.trim().length < exportReasonLength.min;
    setTooShort(isMissing);
    if (!isMissing && !fetched.isPending) fetched.mutate();
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("title", { name: readableName(certificate.commonName) })}
      description={t(part)}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button look="primary" isOff={fetched.isPending} onClick={submit}>
            {menu(part)}
          </Button>
        </>
      }
    >
      <div className="mt-4">
        <TextArea
          label={t("reason")}
          help={t("help")}
          rows={3}
          maxLength={exportReasonLength.max}
          spellCheck={false}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          problem={isTooShort ? t("tooShort") : undefined}
        />
      </div>
      {fetched.isError && (
        <p role="alert" className="mt-3 text-bad">
          <RefusalText error={fetched.error} />
        </p>
      )}
    </Dialog>
  );
}
