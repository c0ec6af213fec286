import type { AccountView, OrderRowView, RouterInputs, RouterOutputs } from "@sealpost/api/client";
import type { CaManifest, ResendPolicy } from "@sealpost/domain";
import { resendRefusal, unknownBefore } from "@sealpost/domain/policy";
import { type RefusalView, refusalOf } from "@/trpc/refusal";
import { resendFacts, rowRefusal } from "./resend-facts";

type Preparation = RouterOutputs["orders"]["prepareResend"];
export type ResendOfSeveral = RouterInputs["orders"]["requestResends"]["requests"][number];

/** Most mails asked for in one act; the server's number. */
export const mostResends = 50;

/** Why an order of several gets no mail: what the server would refuse with, or what needs its own dialog. */
export type Obstacle =
  | { readonly is: "refused"; readonly refusal: RefusalView }
  | { readonly is: "too-many" | "needs-choice" | "failed" };

export type Judged =
  | { readonly orderId: string; readonly obstacle: Obstacle }
  | {
      readonly orderId: string;
      readonly obstacle: null;
      readonly preparation: Preparation;
      readonly addresses: readonly string[];
    };

interface About {
  readonly accounts: readonly AccountView[];
  readonly policy: ResendPolicy;
  readonly mayResend: boolean;
  readonly now: Date;
}

/** Before any CA is asked: whom it is worth asking about, and why not the others. Pure. */
export function sortOut(
  orders: readonly OrderRowView[],
  { accounts, policy, mayResend, now }: About,
): { readonly toRead: readonly OrderRowView[]; readonly obstacles: readonly Judged[] } {
  const judged = orders.map((order) => {
    const account = accounts.find(({ caAccountId }) => caAccountId === order.caAccountId);
    return { order, refusal: rowRefusal(order, account, policy, { mayResend, now }) };
  });
  const free = judged.filter(({ refusal }) => refusal === null).map(({ order }) => order);
  const beyond = free.slice(mostResends);
  return {
    toRead: free.slice(0, mostResends),
    obstacles: [
      ...judged.flatMap(({ order, refusal }) => (refusal ? [refused(order.orderId, refusal)] : [])),
      ...beyond.map(({ orderId }) => ({ orderId, obstacle: { is: "too-many" } }) as const),
    ],
  };
}

/** With the order read afresh: to whom the mail would go, or why it may not. Pure. */
export function judge(
  preparation: Preparation,
  catalog: readonly CaManifest[],
  { mayResend, now }: Pick<About, "mayResend" | "now">,
): Judged {
  const { order } = preparation;
  const { orderId, account, recipients } = order;
  const facts = resendFacts(order, account, order.requests, { kind: "fulfillment", mayResend });
  const refusal = resendRefusal(facts, preparation.policy, now);
  if (refusal) return refused(orderId, refusal);
  const unknown = unknownBefore(facts.history, "fulfillment");
  if (unknown) return refused(orderId, { code: "earlier-outcome-unknown", askedAt: unknown.requestedAt });
  const named = recipients.fulfillment === "not-loaded" ? [] : recipients.fulfillment;
  const addresses = named.map(({ address }) => String(address));
  const most = catalog.find(({ id }) => id === account.adapter)?.mostRecipients ?? addresses.length;
  if (addresses.length === 0 || addresses.length > most) return { orderId, obstacle: { is: "needs-choice" } };
  return { orderId, obstacle: null, preparation, addresses };
}

/** What the CA or the server said instead. */
export function failed(orderId: string, error: unknown): Judged {
  const refusal = refusalOf(error);
  return { orderId, obstacle: refusal ? { is: "refused", refusal } : { is: "failed" } };
}

/** The predicate's refusal in the form in which refusals come over the wire: moments are text. */
function refused(orderId: string, refusal: NonNullable<ReturnType<typeof resendRefusal>>): Judged {
  const view: RefusalView = JSON.parse(JSON.stringify(refusal));
  return { orderId, obstacle: { is: "refused", refusal: view } };
}

/** How many mails an address would have got today, with these. */
export interface BusyAddress {
  readonly address: string;
  readonly count: number;
}

type Ready = Extract<Judged, { readonly obstacle: null }>;

/** Addresses that these mails would bring beyond their day. Pure. */
export function busyAddresses(ready: readonly Ready[]): BusyAddress[] {
  const counts = new Map<string, { readonly before: number; readonly now: number; readonly most: number }>();
  for (const { addresses, preparation } of ready)
    for (const address of addresses) {
      const one = counts.get(address.toLowerCase());
      const before = Math.max(one?.before ?? 0, preparation.mailsToday);
      const most = preparation.policy.dailyMailsPerRecipient;
      counts.set(address.toLowerCase(), { before, now: (one?.now ?? 0) + 1, most });
    }
  return [...counts].flatMap(([address, { before, now, most }]) =>
    before + now > most ? [{ address, count: before + now }] : [],
  );
}

/** One request for each, with a key of its own, and the counts that were agreed to. */
export function requestsFor(ready: readonly Ready[], newKey: () => string): ResendOfSeveral[] {
  const busy = new Map(busyAddresses(ready).map(({ address, count }) => [address, count]));
  return ready.map(({ orderId, addresses, preparation }) => ({
    orderId,
    kind: "fulfillment",
    idempotencyKey: newKey(),
    confirmedRecipients: [...addresses],
    confirmedDailyCount: Math.max(
      preparation.mailsToday,
      ...addresses.map((address) => busy.get(address.toLowerCase()) ?? 0),
    ),
  }));
}
