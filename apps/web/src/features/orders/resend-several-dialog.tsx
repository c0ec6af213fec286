"use client";

import type { AccountView, OrderRowView, RequestView } from "@sealpost/api/client";
import type { ResendPolicy } from "@sealpost/domain";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Button } from "@/components/button";
import { CaTrouble } from "@/components/ca-trouble";
import { Dialog } from "@/components/dialog";
import { HostName } from "@/components/host-name";
import { Moment } from "@/components/moment";
import { useRefusalSentence } from "@/components/refusal-text";
import { useCaCatalog } from "@/features/accounts/ca-catalog";
import { useMay } from "@/features/shell/session";
import { useTRPC, useTRPCClient } from "@/trpc/client";
import { EmailEvidence } from "./email-evidence";
import {
  busyAddresses,
  failed,
  type Judged,
  judge,
  type Obstacle,
  type ResendOfSeveral,
  requestsFor,
  sortOut,
} from "./resend-several";

interface SeveralProps {
  readonly orders: readonly OrderRowView[];
  readonly accounts: readonly AccountView[];
  readonly policy: ResendPolicy;
  readonly onClose: () => void;
}

/** Orders read from their CAs at a time. */
const atOnce = 4;

/**
 * Asks before several mails are asked for: each order with the address it goes to, read from its CA a moment ago, and
 * those that get none with the reason. Then each is a request of its own, and its outcome stands in its line.
 */
export function ResendSeveralDialog({ orders, accounts, policy, onClose }: SeveralProps) {
  const t = useTranslations("resend.several");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const cancel = useRef<HTMLButtonElement>(null);
  const { judged, toRead } = useJudged({ orders, accounts, policy });
  const [isAgreed, setAgreed] = useState(false);
  const [requests, setRequests] = useState<readonly ResendOfSeveral[] | null>(null);
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.orders.pathKey() });
  const asking = useMutation(trpc.orders.requestResends.mutationOptions({ onSettled: refresh }));
  const ready = judged.filter((one) => one.obstacle === null);
  const left = judged.filter((one) => one.obstacle !== null);
  const isReading = judged.length < orders.length;
  const busy = busyAddresses(ready);
  const close = () => {
    void refresh();
    onClose();
  };
  const nameOf = (orderId: string) => orders.find((order) => order.orderId === orderId)?.commonName ?? "";
  const ask = () => {
    // The keys are made once: pressed again after a lost answer, these are the same requests.
    const made = requests ?? requestsFor(ready, () => crypto.randomUUID());
    setRequests(made);
    asking.mutate({ requests: [...made] });
  };
  if (asking.data) return <Outcomes outcomes={asking.data} nameOf={nameOf} onClose={close} />;
  const isOff = isReading || ready.length === 0 || (busy.length > 0 && !isAgreed) || asking.isPending;
  return (
    <Dialog
      isOpen
      onClose={close}
      title={t("title")}
      description={t("text")}
      initialFocus={cancel}
      footer={
        <>
          <p
            className="mr-auto min-w-0 flex-1 text-meta text-ink-3 max-md:basis-full"
            id="several-note"
            role="status"
          >
            {isReading
              ? t("reading", { done: judged.length - (orders.length - toRead), total: toRead })
              : t("oneEach")}
          </p>
          <Button ref={cancel} onClick={close}>
            {t("cancel")}
          </Button>
          <Button look="primary" isOff={isOff} aria-describedby="several-note" onClick={ask}>
            {asking.isPending ? t("asking") : t("resend", { count: ready.length })}
          </Button>
        </>
      }
    >
      {ready.length > 0 && (
        <Lines title={t("ready", { count: ready.length })}>
          {ready.map(({ orderId, addresses, preparation }) => (
            <Line key={orderId} name={nameOf(orderId)}>
              <span className="[overflow-wrap:anywhere]">{addresses.join(", ")}</span>
              <span className="block text-meta text-ink-3">
                {t("asOf")} <Moment at={preparation.order.syncedAt} as="clock" />
              </span>
            </Line>
          ))}
        </Lines>
      )}
      {left.length > 0 && (
        <Lines title={t("left", { count: left.length })}>
          {left.map(({ orderId, obstacle }) => (
            <Line key={orderId} name={nameOf(orderId)}>
              <span className="text-ink-2">{obstacle && <ObstacleText obstacle={obstacle} />}</span>
            </Line>
          ))}
        </Lines>
      )}
      {busy.length > 0 && (
        <label className="mt-4 flex items-start gap-2.5 rounded-control bg-warn-soft px-3 py-2 text-warn">
          <input
            type="checkbox"
            className="mt-0.5 size-4 shrink-0 accent-(--bar)"
            checked={isAgreed}
            onChange={(event) => setAgreed(event.target.checked)}
          />
          {busy.map(({ address, count }) => t("busy", { address, count })).join(" ")}
        </label>
      )}
      {asking.isError && <CaTrouble error={asking.error} />}
    </Dialog>
  );
}

/** Each order as soon as it is judged: some at once, the others when their CA has answered. */
function useJudged({ orders, accounts, policy }: Omit<SeveralProps, "onClose">): {
  readonly judged: readonly Judged[];
  readonly toRead: number;
} {
  const client = useTRPCClient();
  const catalog = useCaCatalog();
  const mayResend = useMay("orders:resend");
  const [sorted] = useState(() => sortOut(orders, { accounts, policy, mayResend, now: new Date() }));
  const [judged, setJudged] = useState<readonly Judged[]>(sorted.obstacles);
  useEffect(() => {
    let isLeft = false;
    const waiting = [...sorted.toRead];
    const readNext = async (): Promise<void> => {
      const order = waiting.shift();
      if (!order || isLeft) return;
      const { orderId } = order;
      const one = await client.orders.prepareResend.mutate({ orderId, kind: "fulfillment" }).then(
        (preparation) => judge(preparation, catalog, { mayResend, now: new Date() }),
        (error: unknown) => failed(orderId, error),
      );
      if (isLeft) return;
      setJudged((before) => [...before, one]);
      await readNext();
    };
    for (let reader = 0; reader < atOnce; reader++) void readNext();
    return () => {
      isLeft = true;
    };
  }, [client, catalog, mayResend, sorted]);
  const inOrder = orders.flatMap(({ orderId }) => judged.filter((one) => one.orderId === orderId));
  return { judged: inOrder, toRead: sorted.toRead.length };
}

type Outcome = {
  readonly orderId: string;
  readonly request: RequestView | null;
  readonly refusal: Extract<Obstacle, { is: "refused" }>["refusal"] | null;
};

function Outcomes({
  outcomes,
  nameOf,
  onClose,
}: {
  readonly outcomes: readonly Outcome[];
  readonly nameOf: (orderId: string) => string;
  readonly onClose: () => void;
}) {
  const t = useTranslations("resend.several");
  const trpc = useTRPC();
  const { announce } = useAnnouncer();
  const close = useRef<HTMLButtonElement>(null);
  const made = outcomes.flatMap(({ request }) => request ?? []);
  const { data: now } = useQuery(
    trpc.orders.resendRequests.queryOptions(
      { requestIds: made.map(({ requestId }) => requestId) },
      {
        initialData: made,
        enabled: made.length > 0,
        refetchInterval: ({ state }) => (state.data?.every(({ settledAt }) => settledAt) ? false : 1000),
        staleTime: 0,
      },
    ),
  );
  const of = (status: RequestView["status"]) => now.filter((request) => request.status === status).length;
  const ended = now.filter(({ settledAt }) => settledAt !== null).length;
  const isEnded = ended === made.length;
  const summary = t("summary", {
    accepted: of("accepted"),
    unknown: of("outcome-unknown"),
    none: of("refused") + of("not-sent") + (outcomes.length - made.length),
  });
  useEffect(() => {
    if (isEnded) announce(summary);
  }, [isEnded, summary, announce]);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={isEnded ? t("ended") : t("progress", { ended, total: made.length })}
      description={isEnded ? summary : t("mayClose")}
      initialFocus={close}
      footer={
        <Button ref={close} onClick={onClose}>
          {t("close")}
        </Button>
      }
    >
      <Lines title={t("outcomes")}>
        {outcomes.map(({ orderId, request, refusal }) => (
          <Line key={orderId} name={nameOf(orderId)}>
            {request && <EmailEvidence request={now.find((one) => one.orderId === orderId) ?? request} />}
            {refusal && <ObstacleText obstacle={{ is: "refused", refusal }} />}
          </Line>
        ))}
      </Lines>
    </Dialog>
  );
}

function ObstacleText({ obstacle }: { readonly obstacle: Obstacle }) {
  const t = useTranslations("resend.several.obstacle");
  const sentence = useRefusalSentence();
  return obstacle.is === "refused" ? sentence(obstacle.refusal) : t(obstacle.is);
}

function Lines({ title, children }: { readonly title: ReactNode; readonly children: ReactNode }) {
  return (
    <section className="mt-4">
      <h3 className="font-semibold">{title}</h3>
      <dl className="mt-1 divide-y border-t">{children}</dl>
    </section>
  );
}

function Line({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="grid grid-cols-2 gap-4 py-2 max-md:grid-cols-1 max-md:gap-0">
      <dt className="font-medium [overflow-wrap:anywhere]">
        <HostName name={name} />
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
