"use client";

import type { AccountView, OrderRowView } from "@sealpost/api/client";
import { downloadRefusal } from "@sealpost/domain/policy";
import { useMay } from "@/features/shell/session";

/** Whether this person may have the certificate of such an order from its CA; without an account nobody may. */
export function useCanDownload(
  account: Pick<AccountView, "capabilities" | "state"> | undefined,
  status: OrderRowView["status"],
): boolean {
  const mayImport = useMay("certificates:import");
  if (!account) return false;
  const { capabilities, state: accountState } = account;
  return downloadRefusal({ mayImport, capabilities, accountState, status }) === null;
}
