"use client";

import type { AccountView } from "@sealpost/api/client";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Sheet } from "@/components/sheet";
import { Empty, Failure } from "@/components/states";
import { useMay } from "@/features/shell/session";
import { useTRPC } from "@/trpc/client";
import { AccountCard } from "./account-card";
import { AccountDialog } from "./account-dialog";

export function AccountsPage({ initial }: { readonly initial: readonly AccountView[] }) {
  const t = useTranslations("accounts");
  const trpc = useTRPC();
  const mayManage = useMay("accounts:manage");
  const [editing, setEditing] = useState<AccountView | "new" | null>(null);
  const accounts = useQuery(
    trpc.accounts.list.queryOptions(undefined, {
      initialData: [...initial],
      refetchInterval: 60_000,
    }),
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
        {mayManage && accounts.data.length > 0 && connect}
      </div>
      {accounts.isError && (
        <Sheet>
          <Failure error={accounts.error} onRetry={() => void accounts.refetch()} />
        </Sheet>
      )}
      {accounts.data.length === 0 && (
        <Sheet>
          <Empty title={t("emptyTitle")} text={t("emptyText")} action={mayManage ? connect : undefined} />
        </Sheet>
      )}
      <div className="grid gap-3">
        {accounts.data.map((account) => (
          <AccountCard key={account.caAccountId} account={account} onEdit={() => setEditing(account)} />
        ))}
      </div>
      {editing && (
        <AccountDialog account={editing === "new" ? null : editing} onClose={() => setEditing(null)} />
      )}
    </>
  );
}
