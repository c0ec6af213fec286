"use client";

import type { MailboxView } from "@sealpost/api/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { RefusalText } from "@/components/refusal-text";
import { useTRPC, useTRPCClient } from "@/trpc/client";

const mostFolders = 5;

/** Which folders are followed: those the server lists, asked for when this opens. */
export function FoldersDialog({
  mailbox,
  onClose,
}: {
  readonly mailbox: MailboxView;
  readonly onClose: () => void;
}) {
  const t = useTranslations("mailboxes.choose");
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const { mailboxId } = mailbox;
  const [chosen, setChosen] = useState<readonly string[]>(mailbox.folders);
  const listed = useQuery({
    queryKey: ["mailbox-folders", mailboxId],
    queryFn: () => client.mailboxes.test.mutate({ mailboxId }),
    gcTime: 0,
    retry: false,
  });
  const save = useMutation(
    trpc.mailboxes.connect.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.mailboxes.pathKey() });
        onClose();
      },
    }),
  );
  const there = listed.data?.folders ?? [];
  const gone = mailbox.folders.filter((folder) => !there.some((one) => one.folder === folder));
  const rows = [...there, ...gone.map((folder) => ({ folder, use: null }))];
  const isOff = save.isPending || !listed.isSuccess || chosen.length === 0 || chosen.length > mostFolders;
  const { label, host, port, security, userName, lookBackDays } = mailbox;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("title", { name: label })}
      description={t("text", { count: mostFolders })}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button
            look="primary"
            isOff={isOff}
            onClick={() =>
              save.mutate({
                ...{ mailboxId, label, host, port, security, userName, lookBackDays },
                password: "",
                folders: [...chosen],
              })
            }
          >
            {save.isPending ? t("saving") : t("save")}
          </Button>
        </>
      }
    >
      {listed.isPending && (
        <p role="status" className="mt-4 text-ink-2">
          {t("loading")}
        </p>
      )}
      {listed.isError && (
        <p role="alert" className="mt-4 text-bad">
          <RefusalText error={listed.error} />
        </p>
      )}
      {listed.isSuccess && (
        <fieldset className="mt-4 grid gap-0.5">
          <legend className="sr-only">{t("legend")}</legend>
          {rows.map(({ folder, use }) => (
            <label
              key={folder}
              className="flex items-center gap-2 rounded-control px-2 py-1.5 hover:bg-hover max-md:py-2.5"
            >
              <input
                type="checkbox"
                className="size-4 shrink-0 accent-(--bar)"
                checked={chosen.includes(folder)}
                onChange={(event) =>
                  setChosen(
                    event.target.checked ? [...chosen, folder] : chosen.filter((one) => one !== folder),
                  )
                }
              />
              <span className="min-w-0 [overflow-wrap:anywhere]">{folder}</span>
              {use && use !== "inbox" && <span className="text-meta text-ink-3">{t(`use.${use}`)}</span>}
              {gone.includes(folder) && <span className="text-meta text-bad">{t("gone")}</span>}
            </label>
          ))}
        </fieldset>
      )}
      {chosen.length > mostFolders && (
        <p role="alert" className="mt-3 text-bad">
          {t("tooMany", { count: mostFolders })}
        </p>
      )}
      {save.isError && (
        <p role="alert" className="mt-3 text-bad">
          <RefusalText error={save.error} />
        </p>
      )}
    </Dialog>
  );
}
