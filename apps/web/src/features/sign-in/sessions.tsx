"use client";

import type { SessionView } from "@sealpost/api/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useAnnouncer } from "@/components/announcer";
import { Button } from "@/components/button";
import { Moment } from "@/components/moment";
import { RefusalText } from "@/components/refusal-text";
import { Sheet, SheetHead } from "@/components/sheet";
import { Bars, Failure } from "@/components/states";
import { useTRPC } from "@/trpc/client";
import { deviceOf } from "./device";

/** Where one is signed in, and how to end that elsewhere. */
export function Sessions() {
  const t = useTranslations("sessions");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { announce } = useAnnouncer();
  const sessions = useQuery(trpc.session.list.queryOptions());
  const onSettled = () => queryClient.invalidateQueries({ queryKey: trpc.session.list.queryKey() });
  const onSuccess = () => announce(t("ended"));
  const end = useMutation(trpc.session.end.mutationOptions({ onSettled, onSuccess }));
  const endOthers = useMutation(trpc.session.endOthers.mutationOptions({ onSettled, onSuccess }));
  const isBusy = end.isPending || endOthers.isPending;
  const failed = end.error ?? endOthers.error;
  const hasOthers = sessions.data?.some(({ isOwn }) => !isOwn) ?? false;
  return (
    <Sheet>
      <SheetHead
        title={t("title")}
        aside={
          hasOthers && (
            <Button
              isOff={isBusy}
              onClick={() => {
                end.reset();
                endOthers.mutate();
              }}
            >
              {t("endOthers")}
            </Button>
          )
        }
      />
      {failed && (
        <p role="alert" className="px-4 pt-3 text-bad">
          <RefusalText error={failed} />
        </p>
      )}
      {sessions.data ? (
        <ul className="divide-y">
          {sessions.data.map((session) => (
            <Row
              key={session.sessionId}
              session={session}
              isBusy={isBusy}
              onEnd={() => {
                endOthers.reset();
                end.mutate({ sessionId: session.sessionId });
              }}
            />
          ))}
        </ul>
      ) : sessions.isError ? (
        <Failure error={sessions.error} onRetry={() => void sessions.refetch()} />
      ) : (
        <Bars rows={2} widths={[30, 40]} />
      )}
      {sessions.data && !hasOthers && (
        <p className="border-t px-4 py-3 text-meta text-ink-3">{t("noOthers")}</p>
      )}
    </Sheet>
  );
}

function Row({
  session,
  isBusy,
  onEnd,
}: {
  readonly session: SessionView;
  readonly isBusy: boolean;
  readonly onEnd: () => void;
}) {
  const t = useTranslations("sessions");
  const { browser, system } = deviceOf(session.userAgent);
  const device =
    browser && system ? t("device", { browser, system }) : (browser ?? system ?? t("unknownDevice"));
  return (
    <li className="flex items-center justify-between gap-4 px-4 py-2.5">
      <div className="min-w-0">
        <p className="font-medium">
          {device}
          {session.isOwn && <span className="font-normal text-ok"> · {t("own")}</span>}
        </p>
        <p className="text-meta text-ink-3">
          {session.address === null ? t("unknownAddress") : t("address", { address: session.address })}
        </p>
        <p className="text-meta text-ink-3">
          {t.rich("signedIn", { time: () => <Moment at={session.signedInAt} as="age" /> })}
          {!session.isOwn && (
            <> · {t.rich("lastUsed", { time: () => <Moment at={session.lastUsedAt} as="age" /> })}</>
          )}
        </p>
      </div>
      {!session.isOwn && (
        <Button isOff={isBusy} aria-label={t("endNamed", { device })} onClick={onEnd}>
          {t("end")}
        </Button>
      )}
    </li>
  );
}
