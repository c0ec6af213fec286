"use client";

import type { CertificateView } from "@sealpost/api/client";
import type { ExportPart } from "@sealpost/domain";
import { Download, Eye, MoreHorizontal, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactElement, useState } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Menu, MenuItem, MenuLink, MenuRule } from "@/components/menu";
import { download } from "@/features/shell/download";
import { useMay } from "@/features/shell/session";
import { Link } from "@/i18n/navigation";
import { DeleteDialog } from "./delete-dialog";
import { KeyExportDialog } from "./key-export-dialog";

interface CertificateMenuProps {
  readonly certificate: CertificateView;
  readonly trigger?: ReactElement<Record<string, unknown>>;
  /** The page of the certificate itself does not offer to show it. */
  readonly isOnItsPage?: boolean;
}

/** IBM's words. Key and PEM both hold the key, so both need the right to it. Delete stands last, and asks. */
export function CertificateMenu({ certificate, trigger, isOnItsPage = false }: CertificateMenuProps) {
  const t = useTranslations("certificates.menu");
  const { toast } = useAnnouncer();
  const [isDeleting, setDeleting] = useState(false);
  const mayDownload = useMay("certificates:download");
  const mayExport = useMay("keys:export");
  const mayDelete = useMay("certificates:import");
  const [exported, setExported] = useState<"key" | "pem" | null>(null);
  const fetchPart = async (part: ExportPart) => {
    if (part !== "certificate") return setExported(part);
    const path = `/api/certificates/${certificate.certificateId}/${part}`;
    await download(path, "certificate.pem").then(
      () => toast(t("downloaded")),
      () => toast(t("downloadFailed")),
    );
  };
  const button = trigger ?? (
    <button
      type="button"
      aria-label={t("label", { name: certificate.commonName })}
      className="ml-auto grid size-8 place-items-center rounded-control text-ink-2 hover:bg-hover max-md:size-10"
    >
      <MoreHorizontal aria-hidden className="size-4" />
    </button>
  );
  return (
    <>
      <Menu trigger={button} align="end">
        {!isOnItsPage && (
          <MenuLink render={<Link href={`/security/ssl/certificates/${certificate.certificateId}`} />}>
            <Eye aria-hidden className="size-4 text-ink-3" />
            {t("view")}
          </MenuLink>
        )}
        {mayDownload && certificate.isCertificateStored && <Item part="certificate" onFetch={fetchPart} />}
        {mayExport && certificate.isKeyStored && <Item part="key" onFetch={fetchPart} />}
        {mayExport && certificate.isKeyStored && certificate.isCertificateStored && (
          <Item part="pem" onFetch={fetchPart} />
        )}
        {mayDelete && (
          <>
            <MenuRule />
            <MenuItem tone="bad" onSelect={() => setDeleting(true)}>
              <Trash2 aria-hidden className="size-4" />
              {t("delete")}
            </MenuItem>
          </>
        )}
      </Menu>
      {exported && (
        <KeyExportDialog certificate={certificate} part={exported} onClose={() => setExported(null)} />
      )}
      {isDeleting && <DeleteDialog certificate={certificate} onClose={() => setDeleting(false)} />}
    </>
  );
}

function Item({
  part,
  onFetch,
}: {
  readonly part: ExportPart;
  readonly onFetch: (part: ExportPart) => void;
}) {
  const t = useTranslations("certificates.menu");
  return (
    <MenuItem onSelect={() => onFetch(part)}>
      <Download aria-hidden className="size-4 text-ink-3" />
      {t(part)}
    </MenuItem>
  );
}
