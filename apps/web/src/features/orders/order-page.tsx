"use client";

import type { OrderDetailsView } from "@sealpost/api/client";
import type { EmailKind } from "@sealpost/domain";
import { resendRefusal, stateRefusal } from "@sealpost/domain/policy";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Mail, RefreshCw, TriangleAlert, Upload } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Breadcrumb } from "@/components/breadcrumb";
import { Button, buttonClass } from "@/components/button";
import { CaTrouble } from "@/components/ca-trouble";
import { HostName, readableName } from "@/components/host-name";
import { Moment } from "@/components/moment";
import { onDemand } from "@/components/on-demand";
import { useRefusalSentence } from "@/components/refusal-text";
import { Fact, Facts, Sheet, SheetHead } from "@/components/sheet";
import { Failure } from "@/components/states";
import { useNow } from "@/components/use-time";
import { useMay } from "@/features/shell/session";
import { Link } from "@/i18n/navigation";
import { useTRPC } from "@/trpc/client";
import { type RefusalView, refusalOf } from "@/trpc/refusal";
import { DownloadLink } from "./download-link";
import { importHref } from "./import-href";
import { OrderTimeline } from "./order-timeline";
import { resendFacts } from "./resend-facts";
import { StatusMark } from "./status-mark";

const { Part: ResendDialog, preload: preloadResendDialog } = onDemand(
  async () => (await import("./resend-dialog")).ResendDialog,
);

interface OrderPageProps {
  readonly initial: OrderDetailsView;
  /** When the server read it. A page fetched ahead may be opened later, and asks anew then. */
  readonly readAt: number;
}

export function OrderPage({ initial, readAt }: OrderPageProps) {
  const t = useTranslations("order");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [sending, setSending] = useState<EmailKind | null>(null);
  const now = useNow(1000);
  const input = { orderId: initial.orderId };
  const order = useQuery(
    trpc.orders.get.queryOptions(input, {
      initialData: initial,
      initialDataUpdatedAt: readAt,
      refetchInterval: 60_000,
    }),
  );
  const refresh = useMutation(
    trpc.orders.refresh.mutationOptions({
      onSuccess: (fresh) => queryClient.setQueryData(trpc.orders.get.queryKey(input), fresh),
    }),
  );
  const failure = order.isError && <Failure error={order.error} onRetry={() => void order.refetch()} />;
  // What is there stays, and the dialog over it with what was typed; only an order that is gone takes its page along.
  if (refusalOf(order.error)?.code === "not-found") return failure;
  const { data } = order;
  const canBeApproved = stateRefusal({ kind: "approver", status: data.status }, now) === null;
  return (
    <>
      <Breadcrumb
        steps={[[t("orders"), "/security/ssl/orders"]]}
        here={<HostName name={data.commonName} />}
      />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 pb-3">
        <h1 className="text-page font-semibold [overflow-wrap:anywhere]">
          <HostName name={data.commonName} />
        </h1>
        <span className="inline-flex h-6 items-center rounded-control border border-line-strong px-2">
          <StatusMark order={data} now={now} />
        </span>
        <p className="text-meta text-ink-3">
          {t.rich("caSays", {
            ca: data.account.label,
            status: data.vendorStatus,
            code: (words) => <code className="font-mono text-code">{words}</code>,
          })}{" "}
          <Moment at={data.syncedAt} as="clock" />
        </p>
        <div className="flex flex-wrap items-center gap-2 md:ml-auto">
          {canBeApproved && (
            <SendButton order={data} kind="approver" now={now} onSend={() => setSending("approver")} />
          )}
          {!canBeApproved && (
            <SendButton order={data} kind="fulfillment" now={now} onSend={() => setSending("fulfillment")} />
          )}
          <DownloadLink order={data} />
          {data.attention === "needs-action" && (
            <Link href={importHref(data)} prefetch={false} className={buttonClass("primary")}>
              <Upload aria-hidden className="size-4" />
              {t("importForThis")}
            </Link>
          )}
        </div>
      </div>
      {data.drift && (
        <p className="mb-3 flex gap-2 rounded-control bg-warn-soft px-3 py-2 text-warn">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span>
            <b className="font-semibold">{t("drift.title")}:</b> {t(`drift.${data.drift}`)}
          </span>
        </p>
      )}
      {data.account.state !== "connected" && (
        <p className="mb-3 rounded-control bg-sunken px-3 py-2 text-ink-2">
          {t(`accountState.${data.account.state}`)}
        </p>
      )}
      {failure}
      {refresh.isError && <CaTrouble title={t("stillShown")} error={refresh.error} />}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_372px]">
        <Sheet>
          <SheetHead
            title={t("timeline")}
            aside={<span className="text-meta text-ink-3">{t("newestFirst")}</span>}
          />
          <OrderTimeline order={data} now={now} onSend={setSending} />
        </Sheet>
        <div className="grid gap-3">
          <OrderFacts order={data} isReading={refresh.isPending} onRead={() => refresh.mutate(input)} />
          <Issuances order={data} />
        </div>
      </div>
      {sending && (
        <ResendDialog
          orderId={data.orderId}
          commonName={data.commonName}
          kind={sending}
          onClose={() => setSending(null)}
        />
      )}
    </>
  );
}

function SendButton({
  order,
  kind,
  now,
  onSend,
}: {
  order: OrderDetailsView;
  kind: EmailKind;
  now: Date;
  onSend: () => void;
}) {
  const t = useTranslations("order");
  const mayResend = useMay("orders:resend");
  const sentence = useRefusalSentence();
  const policy = useQuery(
    useTRPC().orders.resendPolicy.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }),
  );
  const found = policy.data
    ? resendRefusal(resendFacts(order, order.account, order.requests, { kind, mayResend }), policy.data, now)
    : null;
  const refusal = found?.code === "recipient-not-loaded" || found?.code === "resend-under-way" ? null : found;
  const words = refusal && sentence(JSON.parse(JSON.stringify(refusal)) as RefusalView);
  return (
    <span className="flex flex-wrap items-center gap-2">
      {words && (
        <span id={`why-${kind}`} className="max-w-72 text-meta text-ink-3">
          {words}
        </span>
      )}
      <Button
        data-key={kind === "fulfillment" ? "s" : undefined}
        icon={<Mail aria-hidden className="size-4" />}
        isOff={refusal !== null}
        aria-describedby={words ? `why-${kind}` : undefined}
        onPointerEnter={preloadResendDialog}
        onFocus={preloadResendDialog}
        onClick={onSend}
      >
        {kind === "fulfillment" ? t("send") : t("sendApprover")}
      </Button>
    </span>
  );
}

function OrderFacts({
  order,
  isReading,
  onRead,
}: {
  order: OrderDetailsView;
  isReading: boolean;
  onRead: () => void;
}) {
  const t = useTranslations("order");
  const source = useTranslations("resend.source");
  const recipients = order.recipients.fulfillment;
  const read = (
    <button
      type="button"
      onClick={onRead}
      data-key="r"
      aria-label={t("readAgain")}
      data-tip={t("readAgain")}
      aria-disabled={isReading || undefined}
      className="grid size-7 place-items-center rounded-control text-ink-3 hover:bg-hover"
    >
      <RefreshCw aria-hidden className="size-3.5" />
    </button>
  );
  return (
    <Sheet>
      <SheetHead title={t("factsFromCa")} aside={read} />
      <div className="px-4 py-1">
        <Facts>
          <Fact name={t("orderNumber")}>
            <code className="font-mono text-meta">{order.caOrderId}</code>
          </Fact>
          <Fact name={t("caAccount")}>{order.account.label}</Fact>
          <Fact name={t("product")}>
            {order.product || "–"}
            {order.validationType !== "unknown" && (
              <span className="text-ink-3"> · {order.validationType.toUpperCase()}</span>
            )}
          </Fact>
          <Fact name={t("names")}>
            <ul>
              {order.dnsNames.map((name) => (
                <li key={name} data-tip={name}>
                  {readableName(name)}
                </li>
              ))}
            </ul>
            {order.detailsAt === null && (
              <span className="text-meta text-ink-3">{t("detailsNotLoaded")}</span>
            )}
          </Fact>
          <Fact name={t("domainAdministrator")}>
            {recipients === "not-loaded"
              ? t("notLoadedYet")
              : recipients.length === 0
                ? "–"
                : recipients.map((recipient) => (
                    <div key={recipient.address}>
                      {recipient.address}
                      <p className="text-meta text-ink-3">
                        {source(recipient.source, { order: order.caOrderId })}
                      </p>
                    </div>
                  ))}
          </Fact>
          <Fact name={t("ordered")}>{order.orderedAt ? <Moment at={order.orderedAt} as="day" /> : "–"}</Fact>
          {order.goneAt && (
            <Fact name={t("goneSince")}>
              <Moment at={order.goneAt} as="full" />
            </Fact>
          )}
        </Facts>
      </div>
    </Sheet>
  );
}

function Issuances({ order }: { readonly order: OrderDetailsView }) {
  const t = useTranslations("order");
  return (
    <Sheet>
      <SheetHead title={t("issuances")} note={<span data-numbers>{order.issuances.length}</span>} />
      {order.issuances.length === 0 && <p className="px-4 py-3 text-ink-3">{t("noIssuance")}</p>}
      <ul className="divide-y">
        {order.issuances.map((issuance) => (
          <li
            key={issuance.caCertificateId}
            className="flex flex-wrap items-center justify-between gap-2 px-4 py-2.5"
          >
            <span>
              <Moment at={issuance.validFrom} as="day" /> – <Moment at={issuance.validTo} as="day" />
            </span>
            {issuance.certificateId ? (
              <Link
                href={`/security/ssl/certificates/${issuance.certificateId}`}
                className="text-ok underline-offset-2 hover:underline"
              >
                {t("imported")}
              </Link>
            ) : (
              <span className="text-ink-3">{t("notImported")}</span>
            )}
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
