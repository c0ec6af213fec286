"use client";

import type { MailboxView } from "@sealpost/api/client";
import { isFollowed } from "@sealpost/domain/policy";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, CircleAlert, CirclePause, Hourglass } from "lucide-react";
import { useTranslations } from "next-intl";
import { useAnnouncer } from "@/components/announcer";
import { Button } from "@/components/button";
import { ConnectionMenu } from "@/components/connection-menu";
import { MenuItem } from "@/components/menu";
import { Moment } from "@/components/moment";
import { RefusalText } from "@/components/refusal-text";
import { Sheet } from "@/components/sheet";
import { Trouble } from "@/components/trouble";
import { useMay } from "@/features/shell/session";
import { useTRPC } from "@/trpc/client";
import { refusalOf } from "@/trpc/refusal";
import { presetOf } from "./presets";

/** One mailbox: where it is, up to when it has been read, which folders are followed, what is wrong. */
export function MailboxCard({
  mailbox,
  onEdit,
  onChooseFolders,
}: {
  readonly mailbox: MailboxView;
  readonly onEdit: () => void;
  readonly onChooseFolders: () => void;
}) {
  const t = useTranslations("mailboxes");
  const trpc = useTRPC();
  const { announce } = useAnnouncer();
  const mayManage = useMay("accounts:manage");
  const test = useMutation(trpc.mailboxes.test.mutationOptions({ onSuccess: () => announce(t("testOk")) }));
  const said = refusalOf(test.error);
  const words = useTranslations("refusals.mailbox");
  const fault = mailbox.state === "connected" ? mailbox.fault : null;
  const preset = presetOf(mailbox.host);
  const help = (kind: string) =>
    kind === "unauthorized" && preset !== "own" ? t(`about.${preset}`) : undefined;
  return (
    <Sheet className={fault ? "border-bad/40" : ""}>
      <div className="grid items-center gap-x-4 gap-y-2 px-4 py-3 md:grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)_auto]">
        <div className="min-w-0">
          <h2 className="text-name font-semibold [overflow-wrap:anywhere]">{mailbox.label}</h2>
          <p className="text-meta text-ink-3 [overflow-wrap:anywhere]">
            {mailbox.userName} · {mailbox.host}:{mailbox.port}
          </p>
        </div>
        <WatchLine mailbox={mailbox} />
        {mayManage && (
          <div className="flex items-center gap-1">
            <Button
              isOff={test.isPending || !mailbox.hasCredential}
              onClick={() => test.mutate({ mailboxId: mailbox.mailboxId })}
            >
              {test.isPending ? t("testing") : t("test")}
            </Button>
            <MailboxMenu mailbox={mailbox} onEdit={onEdit} onChooseFolders={onChooseFolders} />
          </div>
        )}
      </div>
      {test.isSuccess && (
        <p role="status" className="flex items-center gap-2 border-t bg-ok-soft px-4 py-2 text-ok">
          <Check aria-hidden className="size-4 shrink-0" />
          <span>
            {t("testOk")} {t(test.data.canIdle ? "tellsAtOnce" : "isAsked")}
          </span>
        </p>
      )}
      {test.isError && (
        <Trouble
          title={<RefusalText error={test.error} />}
          help={said?.code === "mailbox-error" ? help(said.kind) : undefined}
          said={t("verbatim")}
          words={said?.code === "mailbox-error" ? said.serverMessage : null}
          at={null}
        />
      )}
      {fault && !test.isError && (
        <Trouble
          title={
            fault.kind === "folder-missing"
              ? t(isFollowed(mailbox.folders, fault) ? "missing" : "missingAll", {
                  folders: fault.folders.join(", "),
                })
              : words(fault.kind)
          }
          help={help(fault.kind)}
          said={t("verbatim")}
          words={fault.serverMessage}
          at={null}
        />
      )}
      <dl className="flex flex-wrap gap-x-6 gap-y-1 border-t px-4 py-3">
        <div className="flex min-w-0 flex-wrap gap-x-2">
          <dt className="text-ink-3">{t("folders")}</dt>
          <dd className="[overflow-wrap:anywhere]">{mailbox.folders.join(", ")}</dd>
        </div>
        <div className="flex flex-wrap gap-x-2">
          <dt className="text-ink-3">{t("lastMail")}</dt>
          <dd>{mailbox.lastMailAt ? <Moment at={mailbox.lastMailAt} as="age" /> : t("noMail")}</dd>
        </div>
      </dl>
    </Sheet>
  );
}

function WatchLine({ mailbox }: { readonly mailbox: MailboxView }) {
  const t = useTranslations("mailboxes");
  const { folders, state, seenAt, fault } = mailbox;
  const line = "flex items-center gap-2";
  if (state !== "connected")
    return (
      <p className={`${line} text-ink-3`}>
        <CirclePause aria-hidden className="size-4 shrink-0" />
        {t(`state.${state}`)}
      </p>
    );
  if (fault)
    return (
      <div>
        <p className={`${line} font-medium text-bad`}>
          <CircleAlert aria-hidden className="size-4 shrink-0" />
          <span>
            {t(isFollowed(folders, fault) ? "failingPartly" : "failing")} <Moment at={fault.at} as="clock" />
          </span>
        </p>
        {seenAt && (
          <p className="text-meta text-ink-3">
            {t("seen")} <Moment at={seenAt} as="clock" />
          </p>
        )}
      </div>
    );
  if (!seenAt)
    return (
      <p className={`${line} text-ink-3`}>
        <Hourglass aria-hidden className="size-4 shrink-0" />
        {t("connecting")}
      </p>
    );
  return (
    <div>
      <p className={line}>
        <Check aria-hidden className="size-4 shrink-0 text-ok" />
        {t("following")}
      </p>
      <p className="text-meta text-ink-3">
        {t("seen")} <Moment at={seenAt} as="clock" />
      </p>
    </div>
  );
}

function MailboxMenu({
  mailbox,
  onEdit,
  onChooseFolders,
}: {
  readonly mailbox: MailboxView;
  readonly onEdit: () => void;
  readonly onChooseFolders: () => void;
}) {
  const t = useTranslations("mailboxes");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { mailboxId } = mailbox;
  const setState = useMutation(
    trpc.mailboxes.setState.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.mailboxes.pathKey() }),
    }),
  );
  return (
    <ConnectionMenu
      words="mailboxes"
      name={mailbox.label}
      state={mailbox.state}
      onEdit={onEdit}
      onState={(state) => setState.mutateAsync({ mailboxId, state })}
    >
      {mailbox.hasCredential && <MenuItem onSelect={onChooseFolders}>{t("chooseFolders")}</MenuItem>}
    </ConnectionMenu>
  );
}
