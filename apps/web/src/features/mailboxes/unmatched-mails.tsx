"use client";

import type { UnmatchedMailsView, UnmatchedMailView } from "@sealpost/api/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Moment } from "@/components/moment";
import { RefusalText } from "@/components/refusal-text";
import { Sheet, SheetHead } from "@/components/sheet";
import { Failure } from "@/components/states";
import { useMay } from "@/features/shell/session";
import { useTRPC } from "@/trpc/client";
import { ChooseOrderDialog } from "./choose-order-dialog";
import { spokenOf } from "./spoken-of";

/** Mails of CAs of which nobody knows which order they are about: why, and what to do with each. */
export function UnmatchedMails({ initial }: { readonly initial: UnmatchedMailsView }) {
  const t = useTranslations("unmatched");
  const trpc = useTRPC();
  const [choosing, setChoosing] = useState<UnmatchedMailView | null>(null);
  /** What was put away here stays in sight until the page is left, so that it can be taken back. */
  const [putAway, setPutAway] = useState<readonly UnmatchedMailView[]>([]);
  const unmatched = useQuery(
    trpc.mails.unmatched.queryOptions(undefined, { initialData: initial, refetchInterval: 60_000 }),
  );
  const isPutAway = ({ mailId }: UnmatchedMailView) => putAway.some((one) => one.mailId === mailId);
  const rows = [...unmatched.data.mails.filter((mail) => !isPutAway(mail)), ...putAway].toSorted((a, b) =>
    b.receivedAt.localeCompare(a.receivedAt),
  );
  if (rows.length === 0 && !unmatched.isError) return null;
  return (
    <Sheet className="mt-3">
      <SheetHead title={t("title")} note={t("note")} />
      {/* What is there stays, and the dialog over it with what was typed. */}
      {unmatched.isError && <Failure error={unmatched.error} onRetry={() => void unmatched.refetch()} />}
      <ul className="divide-y">
        {rows.map((mail) => (
          <Row
            key={mail.mailId}
            mail={mail}
            isPutAway={isPutAway(mail)}
            onPutAway={(isAway) =>
              setPutAway(isAway ? [...putAway, mail] : putAway.filter(({ mailId }) => mailId !== mail.mailId))
            }
            onChoose={() => setChoosing(mail)}
          />
        ))}
      </ul>
      {unmatched.data.hasMore && (
        <p className="border-t px-4 py-2 text-ink-3">{t("more", { count: unmatched.data.mails.length })}</p>
      )}
      {choosing && <ChooseOrderDialog mail={choosing} onClose={() => setChoosing(null)} />}
    </Sheet>
  );
}

interface RowProps {
  readonly mail: UnmatchedMailView;
  readonly isPutAway: boolean;
  readonly onPutAway: (isPutAway: boolean) => void;
  readonly onChoose: () => void;
}

function Row({ mail, isPutAway, onPutAway, onChoose }: RowProps) {
  const t = useTranslations("unmatched");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mayImport = useMay("certificates:import");
  const { mailId } = mail;
  const put = useMutation(
    trpc.mails.putAway.mutationOptions({
      onSuccess: (_, asked) => onPutAway(asked.isPutAway),
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.mails.pathKey() }),
    }),
  );
  const failure = put.isError && (
    <p role="alert" className="text-bad">
      <RefusalText error={put.error} />
    </p>
  );
  if (isPutAway)
    return (
      <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-ink-3">
        <p role="status" className="min-w-0 flex-1">
          {t("isPutAway", { sender: mail.sender ?? "–" })}
        </p>
        {failure}
        <Button look="quiet" onClick={() => put.mutate({ mailId, isPutAway: false })}>
          {t("undo")}
        </Button>
      </li>
    );
  return (
    <li className="grid gap-x-4 gap-y-2 px-4 py-3 md:grid-cols-[minmax(0,1fr)_minmax(0,1.3fr)_auto] md:items-start">
      <div className="min-w-0">
        <p className="font-medium">{t(`kind.${mail.kind}`)}</p>
        <p className="text-meta text-ink-3 [overflow-wrap:anywhere]">
          {t("from", { sender: mail.sender ?? "–" })}
        </p>
        <p className="text-meta text-ink-3 [overflow-wrap:anywhere]">
          {mail.mailboxLabel ?? "–"} › {mail.folder} · <Moment at={mail.receivedAt} as="full" />
        </p>
      </div>
      <div className="min-w-0">
        <p>{t(`reason.${mail.reason}`)}</p>
        <p className="text-meta text-ink-3 [overflow-wrap:anywhere]">{spokenOf(mail) || t("nothing")}</p>
        {mail.holdsPrivateKey && <p className="text-meta text-warn">{t("holdsPrivateKey")}</p>}
        {failure}
      </div>
      {mayImport && (
        <div className="flex flex-wrap items-center gap-1 md:justify-end">
          <Button onClick={onChoose}>{t("choose")}</Button>
          <Button look="quiet" isOff={put.isPending} onClick={() => put.mutate({ mailId, isPutAway: true })}>
            {t("notOurs")}
          </Button>
        </div>
      )}
    </li>
  );
}
