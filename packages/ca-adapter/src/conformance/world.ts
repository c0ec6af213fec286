import {
  CaError,
  type CaErrorKind,
  type CaOrder,
  type CaOrderId,
  type CaOrderPage,
  type Capability,
  type CaResend,
  type CertificateAuthority,
  type EmailKind,
} from "@sealpost/domain";

export interface OpenAbout {
  /** Another address than the simulator's. */
  readonly baseUrl?: string;
  /** Longest time of one HTTP call, in milliseconds. */
  readonly callTimeoutMs?: number;
  readonly isWrongCredential?: boolean;
}

export interface PlacedOrder {
  readonly commonName: string;
  readonly state: "issued" | "pending";
  /** A word the CA is to show for the order's status. */
  readonly vendorStatus?: string;
}

export interface SentMail {
  readonly to: readonly string[];
  readonly raw: string;
}

/** A world with one CA in it: how to speak with it, and how to steer the simulator behind it. */
export interface ConformanceWorld extends AsyncDisposable {
  readonly authority: CertificateAuthority;
  readonly baseUrl: string;
  /** The same account once more, as after a restart or with something changed. */
  open(about?: OpenAbout): CertificateAuthority;
  /** Every secret of the account: none may ever show. */
  readonly secrets: readonly string[];
  placeOrder(input: PlacedOrder): Promise<{ readonly caOrderId: CaOrderId }>;
  setFault(scope: "resend" | "read", fault: string | null): Promise<void>;
  /** The most orders a page holds; of no effect where the CA has no pages. */
  setLargestPage(orders: number): Promise<void>;
  /** Mails the CA really sent, in the order of arrival. */
  mails(): Promise<readonly SentMail[]>;
  /** The statuses of the calls the CA saw; null while one hangs. */
  calls(): Promise<readonly (number | null)[]>;
  /** How long the rate limiter has waited so far, by a clock that only waiting moves. */
  waitedMs(): number;
}

export interface ConformanceOptions {
  readonly adapter: string;
  readonly start: () => Promise<ConformanceWorld>;
  /** What this CA cannot do, with the reason a person would be told. */
  readonly unsupported: Readonly<Partial<Record<Capability, string>>>;
  /** How many calls a resend takes, and why it cannot be one; left out: one. Only the last may change anything. */
  readonly callsPerResend?: { readonly calls: number; readonly why: string };
  /** A mail that the CA refuses to send in its own words, where its history must name one; left out: none need be named. */
  readonly refusedMail?: { readonly mailId: string; readonly why: string };
  /** Faults that this CA's protocol gives another meaning than most, with the reason. */
  readonly differs?: Readonly<
    Record<string, { readonly as: CaErrorKind | "accepted"; readonly why: string }>
  >;
  /** Facts that this CA tells in a list and not of a single order, with the reason. */
  readonly listOnly?: Readonly<Partial<Record<"orderedAt", string>>>;
  /** Why a CA does not say when to come back; left out: it does. */
  readonly noRetryAfter?: string;
}

/** Opens a world that ends with its test. */
export type OpenWorld = () => Promise<ConformanceWorld>;

export const never = new AbortController().signal;

/** Every order of every page; each page is asked for as after a restart. */
export async function wholeList(
  world: Pick<ConformanceWorld, "open">,
  options: { readonly changedSince?: Date; readonly afterPage?: () => Promise<void> } = {},
): Promise<readonly CaOrder[]> {
  const orders: CaOrder[] = [];
  const { changedSince = null, afterPage } = options;
  let cursor: string | null = null;
  do {
    const page: CaOrderPage = await world.open().listOrders({ cursor, changedSince }, never);
    orders.push(...page.orders);
    cursor = page.next;
    await afterPage?.();
  } while (cursor !== null);
  return orders;
}

/** A request for one mail, made as the console makes it: from what the CA says of the order just now. */
export async function requestFor(
  world: ConformanceWorld,
  caOrderId: CaOrderId,
  kind: EmailKind = "fulfillment",
): Promise<CaResend> {
  const order = await world.authority.getOrder(caOrderId, never);
  const named = order.recipients[kind];
  return {
    caOrderId,
    caCertificateId: order.issuances[0]?.caCertificateId ?? null,
    mailId: null,
    kind,
    recipients: named === "not-loaded" ? [] : named.slice(0, 1).map(({ address }) => address),
  };
}

/** What a call came to: "accepted", or its CaError. Anything else that was thrown goes on. */
export async function outcomeOf(call: Promise<unknown>): Promise<"accepted" | CaError> {
  try {
    await call;
    return "accepted";
  } catch (error) {
    if (error instanceof CaError) return error;
    throw error;
  }
}

/** An error with everything a careless logger would print of it. */
export function everything(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? "";
  return [String(error), error.stack, JSON.stringify(error), error.cause ? everything(error.cause) : ""].join(
    "\n",
  );
}
