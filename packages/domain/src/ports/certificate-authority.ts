import type { EmailKind, OrderFacts } from "../order/order.ts";
import type { EmailAddress } from "../values/email-address.ts";
import type { CaOrderId } from "../values/ids.ts";
import type { CancelSignal } from "./cancel-signal.ts";

/** What a CA can do through its API. Shown in plain words; there is no common denominator. */
export const capabilities = [
  "list-orders",
  "resend-fulfillment",
  "resend-approver",
  "choose-recipient",
  "mail-history",
  "download",
] as const;
export type Capability = (typeof capabilities)[number];

export const caErrorKinds = [
  "unauthorized",
  "forbidden",
  "ip-not-allowed",
  "not-found",
  "state-conflict",
  "invalid-input",
  "rate-limited",
  "unavailable",
  "outcome-unknown",
  "unexpected-response",
] as const;
export type CaErrorKind = (typeof caErrorKinds)[number];

/**
 * Every failure of a CA call.
 * `unavailable` of `resendEmail` promises that the request provably never reached the CA (DNS failure, refused
 * connection, failed TLS handshake). `outcome-unknown` means it may have: a blind retry could mean two mails.
 */
export class CaError extends Error {
  override readonly name = "CaError";
  readonly kind: CaErrorKind;
  /** The CA's own words, cut to a screenful, with the credential taken out; null when it said nothing readable. */
  readonly caMessage: string | null;
  /** For `rate-limited`: seconds until the CA will listen again, when it said so. */
  readonly retryAfterS: number | null;

  constructor(
    kind: CaErrorKind,
    options: { caMessage?: string; retryAfterS?: number; cause?: unknown } = {},
  ) {
    super(kind, { cause: options.cause });
    this.kind = kind;
    this.caMessage = options.caMessage ?? null;
    this.retryAfterS = options.retryAfterS ?? null;
  }
}

/** An order as a list call shows it (`hasDetails: false`) or as its own call does. */
export interface CaOrder extends OrderFacts {
  readonly hasDetails: boolean;
}

export interface CaResend {
  readonly caOrderId: CaOrderId;
  readonly kind: EmailKind;
  /** Where the CA is expected to send it. Only a CA with `choose-recipient` may use other than its own address. */
  readonly recipients: readonly EmailAddress[];
}

export interface ResendReceipt {
  /** The CA's words of acceptance, if it has any. */
  readonly caMessage: string | null;
}

/**
 * One account at one CA. Implementations hold the credential, map vendor words by pure functions, retry only what
 * cannot change anything, end every call within their stated timeout, and honour the signal within 50 ms.
 * All methods throw CaError and nothing else (an abort is `outcome-unknown` in resendEmail, else `unavailable`).
 */
export interface CertificateAuthority {
  readonly capabilities: ReadonlySet<Capability>;
  /** Longest time a single call can take, in milliseconds. */
  readonly timeoutMs: number;
  /** Proves the credential with a call that changes nothing. Resolves to the CA's own name for the account. */
  probe(signal: CancelSignal): Promise<{ readonly accountName: string | null }>;
  /** The order with its details. */
  getOrder(id: CaOrderId, signal: CancelSignal): Promise<CaOrder>;
  /** Every order of the account exactly once, oldest first where the CA can; pages are the adapter's affair. */
  listOrders(signal: CancelSignal): AsyncIterable<CaOrder>;
  /**
   * Asks the CA for one more email. Resolves only when the CA has accepted.
   * Must not retry a request whose outcome is unknown.
   */
  resendEmail(request: CaResend, signal: CancelSignal): Promise<ResendReceipt>;
}
