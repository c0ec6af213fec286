"use client";

import type { AccountView } from "@sealpost/api/client";
import type { CaErrorKind, Capability } from "@sealpost/domain";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, CircleAlert, CirclePause, Minus, RefreshCw, TriangleAlert } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useAnnouncer } from "@/components/announcer";
import { Button } from "@/components/button";
import { ConnectionMenu } from "@/components/connection-menu";
import { MenuItem } from "@/components/menu";
import { Moment } from "@/components/moment";
import { RefusalText } from "@/components/refusal-text";
import { saysRefusal } from "@/components/refusals";
import { Sheet } from "@/components/sheet";
import { Trouble } from "@/components/trouble";
import { useMay } from "@/features/shell/session";
import { useTRPC } from "@/trpc/client";
import { refusalOf } from "@/trpc/refusal";
import { useCaCatalog } from "./ca-catalog";

/** What matters most first. */
const shown: readonly Capability[] = [
  "list-orders",
  "resend-fulfillment",
  "download",
  "choose-recipient",
  "choose-format",
  "add-message",
  "resend-approver",
  "mail-history",
  "incremental-list",
];

/** One account: what it is, when it was last read, what the CA says of it, what it can and cannot do. */
export function AccountCard({
  account,
  onEdit,
}: {
  readonly account: AccountView;
  readonly onEdit: () => void;
}) {
  const t = useTranslations("accounts");
  const trpc = useTRPC();
  const { announce } = useAnnouncer();
  const mayManage = useMay("accounts:manage");
  const test = useMutation(trpc.accounts.test.mutationOptions({ onSuccess: () => announce(t("testOk")) }));
  const manifest = useCaCatalog().find((known) => known.id === account.adapter);
  const said = refusalOf(test.error);
  const ca = useTranslations("refusals.ca");
  const locale = useLocale();
  const helpFor = (kind: CaErrorKind) => manifest?.help[kind]?.[locale];
  const { fault } = account.sync;
  return (
    <Sheet className={account.sync.fault ? "border-bad/40" : ""}>
      <div className="grid items-center gap-x-4 gap-y-2 px-4 py-3 md:grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)_auto]">
        <div className="min-w-0">
          <h2 className="text-name font-semibold [overflow-wrap:anywhere]">
            {account.label}{" "}
            <span className="font-normal text-ink-3">{manifest?.name ?? account.adapter}</span>
          </h2>
          <p className="text-meta text-ink-3 [overflow-wrap:anywhere]">
            {[...Object.values(account.settings), new URL(account.baseUrl).host].join(" · ")}
            {account.isSandbox && ` · ${t("sandbox")}`}
          </p>
        </div>
        <SyncLine account={account} />
        {mayManage && (
          <div className="flex items-center gap-1">
            <Button
              isOff={test.isPending || account.state === "disconnected"}
              onClick={() => test.mutate({ caAccountId: account.caAccountId })}
            >
              {test.isPending ? t("testing") : t("test")}
            </Button>
            <AccountMenu account={account} onEdit={onEdit} />
          </div>
        )}
      </div>
      {test.isSuccess && (
        <p role="status" className="flex items-center gap-2 border-t bg-ok-soft px-4 py-2 text-ok">
          <Check aria-hidden className="size-4" />
          {t("testOkFor", { name: test.data.accountName ?? account.label })}
        </p>
      )}
      {test.data?.isReadOnly && (
        <p className="flex items-center gap-2 border-t bg-warn-soft px-4 py-2 text-warn">
          <TriangleAlert aria-hidden className="size-4 shrink-0" />
          {t("readOnly")}
        </p>
      )}
      {test.isError && (
        <Trouble
          title={<RefusalText error={test.error} />}
          help={said?.code === "ca-error" ? helpFor(said.kind) : undefined}
          said={t("verbatim")}
          words={said?.code === "ca-error" ? said.caMessage : null}
          at={null}
        />
      )}
      {fault && !test.isError && (
        <Trouble
          title={ca(fault.kind)}
          help={helpFor(fault.kind)}
          said={t("verbatim")}
          words={fault.caMessage}
          at={fault.at}
        />
      )}
      <ul className="grid gap-x-4 gap-y-1 border-t px-4 py-3 sm:grid-cols-2 lg:grid-cols-3">
        {shown.map((capability) => {
          const can = account.capabilities.includes(capability);
          return (
            <li key={capability} className={`flex items-center gap-2 ${can ? "" : "text-ink-3"}`}>
              {can ? (
                <Check aria-hidden className="size-4 text-ok" />
              ) : (
                <Minus aria-hidden className="size-4" />
              )}
              {t(`${can ? "can" : "cannot"}.${capability}`)}
            </li>
          );
        })}
      </ul>
    </Sheet>
  );
}

function SyncLine({ account }: { readonly account: AccountView }) {
  const t = useTranslations("accounts");
  const { sync, state } = account;
  if (state !== "connected")
    return (
      <p className="flex items-center gap-2 text-ink-3">
        <CirclePause aria-hidden className="size-4" />
        {t(`state.${state}`)}
      </p>
    );
  return (
    <div>
      <p className={`flex items-center gap-2 ${sync.fault ? "font-medium text-bad" : ""}`}>
        {sync.runningSince ? (
          <RefreshCw aria-hidden className="size-4 text-ink-3" />
        ) : sync.fault ? (
          <CircleAlert aria-hidden className="size-4" />
        ) : (
          <Check aria-hidden className="size-4 text-ok" />
        )}
        <span>
          {sync.runningSince ? (
            sync.ordersInAll === null ? (
              t("syncing", { count: sync.ordersSeen })
            ) : (
              t("syncingOf", { count: sync.ordersSeen, total: sync.ordersInAll })
            )
          ) : sync.fault ? (
            <>
              {t("syncStopped")} <Moment at={sync.fault.at} as="clock" />
            </>
          ) : sync.completedAt ? (
            <>
              {t("synced")} <Moment at={sync.completedAt} as="clock" />
            </>
          ) : (
            t("neverSynced")
          )}
        </span>
      </p>
      {sync.runningSince && sync.ordersInAll !== null && (
        <progress
          className="mt-1 h-1 w-full max-w-60 accent-(--bar)"
          aria-label={t("syncing", { count: sync.ordersSeen })}
          value={Math.min(sync.ordersSeen, sync.ordersInAll)}
          max={sync.ordersInAll}
        />
      )}
      <p className="text-meta text-ink-3">
        {t("orders", { count: sync.ordersInAll ?? sync.ordersSeen })}
        {sync.fault && sync.completedAt && (
          <>
            {" "}
            · {t("asOf")} <Moment at={sync.completedAt} as="clock" />
          </>
        )}
      </p>
    </div>
  );
}

function AccountMenu({ account, onEdit }: { readonly account: AccountView; readonly onEdit: () => void }) {
  const t = useTranslations("accounts");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const onSettled = () => queryClient.invalidateQueries({ queryKey: trpc.accounts.pathKey() });
  const setState = useMutation(trpc.accounts.setState.mutationOptions({ onSettled }));
  const sync = useMutation(trpc.accounts.syncNow.mutationOptions({ ...saysRefusal, onSettled }));
  const { caAccountId } = account;
  return (
    <ConnectionMenu
      words="accounts"
      name={account.label}
      state={account.state}
      onEdit={onEdit}
      onState={(state) => setState.mutateAsync({ caAccountId, state })}
    >
      {account.state === "connected" && (
        <MenuItem onSelect={() => sync.mutate({ caAccountId })}>{t("syncNow")}</MenuItem>
      )}
    </ConnectionMenu>
  );
}
