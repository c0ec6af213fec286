"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Dialog } from "@/components/dialog";
import { Moment } from "@/components/moment";

export interface NewLink {
  readonly name: string;
  readonly url: string;
  readonly expiresAt: string;
}

/** Shows a one-time link, the only time it is seen: the console sends no mail. */
export function LinkDialog({ link, onClose }: { readonly link: NewLink; readonly onClose: () => void }) {
  const t = useTranslations("people.link");
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("title", { name: link.name })}
      description={t("text")}
      footer={<Button onClick={onClose}>{t("close")}</Button>}
    >
      <div className="mt-4 flex items-start gap-2 rounded-control border bg-canvas px-3 py-2">
        <code className="min-w-0 flex-1 font-mono text-code [overflow-wrap:anywhere]">{link.url}</code>
        <CopyButton text={link.url} />
      </div>
      <p className="mt-2 text-meta text-ink-3">
        {t("until")} <Moment at={link.expiresAt} as="full" />
      </p>
    </Dialog>
  );
}
