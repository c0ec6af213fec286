import type { AccountView, OrderRowView, RequestView } from "@sealpost/api/client";
import type { EmailKind, ResendFacts, ResendPolicy, ResendRefusal } from "@sealpost/domain";
import { resendRefusal, unknownBefore } from "@sealpost/domain/policy";

type OrderFacts = Pick<OrderRowView, "status" | "isGone" | "recipients">;

/** What the predicate looks at, from what the page holds. Moments arrive as text. */
export function resendFacts(
  order: OrderFacts,
  account: Pick<AccountView, "capabilities" | "state">,
  requests: readonly RequestView[],
  options: { readonly kind: EmailKind; readonly mayResend: boolean },
): ResendFacts {
  return {
    ...options,
    capabilities: account.capabilities,
    accountState: account.state,
    status: order.status,
    isGone: order.isGone,
    // Brands do not travel; the predicate only counts and never sends by these.
    recipients: order.recipients as ResendFacts["recipients"],
    history: requests.map((request) => ({
      kind: request.kind,
      status: request.status,
      requestedBy: request.requestedBy as ResendFacts["history"][number]["requestedBy"],
      requestedAt: new Date(request.requestedAt),
      claimedAt: request.claimedAt === null ? null : new Date(request.claimedAt),
      settledAt: request.settledAt === null ? null : new Date(request.settledAt),
    })),
  };
}

/** Whether the newest mail that may have left is one of which nobody knows: one more is agreed to only where that is said. */
export function isUnknownBefore(
  order: OrderFacts & {
    readonly account: Pick<AccountView, "capabilities" | "state">;
    readonly requests: readonly RequestView[];
  },
  kind: EmailKind,
): boolean {
  const { history } = resendFacts(order, order.account, order.requests, { kind, mayResend: true });
  return unknownBefore(history, kind) !== null;
}

/** Why *Send* is grey in a row, by the predicate the server refuses with. "Not loaded yet" does not grey it: opening loads. */
export function rowRefusal(
  order: OrderRowView,
  account: AccountView | undefined,
  policy: ResendPolicy,
  options: { readonly mayResend: boolean; readonly now: Date },
): ResendRefusal | null {
  if (!account) return { code: "account-paused" };
  const requests = order.lastFulfillment ? [order.lastFulfillment] : [];
  const facts = resendFacts(order, account, requests, { kind: "fulfillment", mayResend: options.mayResend });
  const refusal = resendRefusal(facts, policy, options.now);
  return refusal?.code === "recipient-not-loaded" ? null : refusal;
}
