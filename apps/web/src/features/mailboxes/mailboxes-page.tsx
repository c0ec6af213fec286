"use client";

import type { MailboxView, UnmatchedMailsView } from "@sealpost/api/client";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Sheet } from "@/components/sheet";
import { Empty, Failure } from "@/components/states";
import { useMay } from "@/features/shell/session";
import { useTRPC } from "@/trpc/client";
import { FoldersDialog } from "./folders-dialog";
import { MailboxCard } from "./mailbox-card";
import { MailboxDialog } from "./mailbox-dialog";
import { UnmatchedMails } from "./unmatched-mails";

export function MailboxesPage({
  initial,
  unmatched,
}: {
  readonly initial: readonly MailboxView[];
  readonly unmatched: UnmatchedMailsView;
}) {
  const t = useTranslations("mailboxes");
  const trpc = useTRPC();
  const mayManage = useMay("accounts:manage");
  const [editing, setEditing] = useState<MailboxView | "new" | null>(null);
  const [choosing, setChoosing] = useState<MailboxView | null>(null);
  const mailboxes = useQuery(
    trpc.mailboxes.list.queryOptions(undefined, { initialData: [...initial], refetchInterval: 60_000 }),
  );
  const connect = (
    <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setEditing("new")}>
      {t("connect")}
    </Button>
  );
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2 py-3">
        <h1 className="text-page font-semibold">{t("title")}</h1>
        {mayManage && mailboxes.data.length > 0 && connect}
      </div>
      {mailboxes.isError && (
        <Sheet>
          <Failure error={mailboxes.error} onRetry={() => void mailboxes.refetch()} />
        </Sheet>
      )}
      {mailboxes.data.length === 0 && (
        <Sheet>
          <Empty title={t("emptyTitle")} text={t("emptyText")} action={mayManage ? connect : undefined} />
        </Sheet>
      )}
      <div className="grid gap-3">
        {mailboxes.data.map((mailbox) => (
          <MailboxCard
            key={mailbox.mailboxId}
            mailbox={mailbox}
            onEdit={() => setEditing(mailbox)}
            onChooseFolders={() => setChoosing(mailbox)}
          />
        ))}
      </div>
      <UnmatchedMails initial={unmatched} />
      {editing && (
        <MailboxDialog mailbox={editing === "new" ? null : editing} onClose={() => setEditing(null)} />
      )}
      {choosing && <FoldersDialog mailbox={choosing} onClose={() => setChoosing(null)} />}
    </>
  );
}
