import { authorize } from "../actor.ts";
import type { Ctx } from "../context.ts";

/** The way from an empty console to an imported certificate: which of its steps has been gone here, by anybody. */
export interface FirstSteps {
  readonly isAccountConnected: boolean;
  readonly isOrderListed: boolean;
  readonly isMailAccepted: boolean;
  readonly isCertificateImported: boolean;
}

/** How far this console has come, among what one may see. */
export async function readFirstSteps(ctx: Ctx): Promise<FirstSteps> {
  authorize(ctx.actor, "orders:see");
  const [accounts, orders, isMailAccepted, certificates] = await Promise.all([
    ctx.store.listAccounts(),
    ctx.store.countOrders(ctx.clock.now()),
    ctx.store.hasAcceptedMail(),
    ctx.store.listCertificates({ search: "", orderId: null, cursor: null, limit: 1 }),
  ]);
  return {
    isAccountConnected: accounts.some(({ state }) => state !== "disconnected"),
    isOrderListed: orders.total > 0,
    isMailAccepted,
    isCertificateImported: certificates.certificates.length > 0,
  };
}
