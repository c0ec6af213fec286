import type { EmailKind, OrderFacts } from "../order/order.ts";
import type { EmailAddress } from "../values/email-address.ts";
import type { CaOrderId } from "../values/ids.ts";
import type { CancelSignal } from "./cancel-signal.ts";
import type { MaterialInput } from "./material-reader.ts";

/** What a CA can do through its API. Shown in plain words; there is no common denominator. */
export const capabilities = [
  "list-orders",
  "resend-fulfillment",
  "resend-approver",
  "choose-recipient",
  "choose-format",
  "add-message",
  "mail-history",
  "download",
  "incremental-list",
] as const;
export type Capability = (typeof capabilities)[number];

export const caErrorKinds = [
  "unauthorized",
  "forbidden",
  "ip-not-allowed",
  "not-found",
  "state-conflict",
  "no-earlier-email",
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
 * `no-earlier-email`: a CA that only repeats mails has none of this kind; nobody was asked for one.
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

export interface CaListRequest {
  /** Where the page before ended, as its `next` said; null: from the top. */
  readonly cursor: string | null;
  /** Leaves out orders that have not changed since; null: all. Only for a CA with `incremental-list`. */
  readonly changedSince: Date | null;
}

export interface CaOrderPage {
  readonly orders: readonly CaOrder[];
  /** The cursor of the next page; null: this was the last. Opaque; it outlives the process that got it. */
  readonly next: string | null;
  /** How many orders the CA says there are in all, when it says so. */
  readonly total: number | null;
}

/** How a certificate travels in a mail: as a file, as text in the body, or as a link to fetch it by. */
export const mailFormats = ["attachment", "plaintext", "link"] as const;
export type MailFormat = (typeof mailFormats)[number];

export interface CaResend {
  readonly caOrderId: CaOrderId;
  /** Which of the order's certificates the fulfillment mail is to carry; null: the one in force. */
  readonly caCertificateId: string | null;
  /** The earlier mail to repeat, for a CA with `mail-history` that repeats by mail; null: the usual one of this kind. */
  readonly mailId: string | null;
  readonly kind: EmailKind;
  /** Where the CA is expected to send it. Only a CA with `choose-recipient` may use other than its own address. */
  readonly recipients: readonly EmailAddress[];
  /** Only with `choose-format`; without, the CA's usual one. */
  readonly format?: MailFormat;
  /** A text of our own in the mail. Only with `add-message`. */
  readonly message?: string;
}

export interface CaDownload {
  readonly caOrderId: CaOrderId;
  /** Null: the certificate in force. */
  readonly caCertificateId: string | null;
}

/** A mail the CA remembers to have sent. */
export interface CaMail {
  readonly mailId: string;
  /** Null: a mail of neither kind. */
  readonly kind: EmailKind | null;
  readonly subject: string;
  readonly recipients: readonly EmailAddress[];
  readonly sentAt: Date | null;
}

export interface CaProbe {
  /** The CA's own name for the account. */
  readonly accountName: string | null;
  /** Whether the credential may only read, so that no mail can be asked for; null: the CA does not tell. */
  readonly isReadOnly: boolean | null;
}

export interface ResendReceipt {
  /** The CA's words of acceptance, if it has any. */
  readonly caMessage: string | null;
}

/**
 * One account at one CA. Implementations hold the credential, map vendor words by pure functions, retry only what
 * cannot change anything, end every call within their stated timeout, and honour the signal within 50 ms.
 * All methods throw CaError and nothing else (an abort is `outcome-unknown` in resendEmail once anything has left,
 * else `unavailable`). What a CA cannot do is a method its adapter does not have, or a field of CaResend it refuses
 * with `invalid-input` before anything leaves.
 */
export interface CertificateAuthority {
  readonly capabilities: ReadonlySet<Capability>;
  /** Longest time getOrder or resendEmail can take, in milliseconds, with their waits for a turn under the CA's rate limit. */
  readonly timeoutMs: number;
  /** Proves the credential with a call that changes nothing. */
  probe(signal: CancelSignal): Promise<CaProbe>;
  /** The order with its details. */
  getOrder(id: CaOrderId, signal: CancelSignal): Promise<CaOrder>;
  /**
   * One page of the account's orders, by at most one page of the CA's own. Following `next` from the top to null
   * shows every order that was there throughout at least once; one that changes its place meanwhile may come twice.
   */
  listOrders(request: CaListRequest, signal: CancelSignal): Promise<CaOrderPage>;
  /**
   * Asks the CA for one more email. Resolves only when the CA has accepted.
   * Must not retry a request whose outcome is unknown.
   */
  resendEmail(request: CaResend, signal: CancelSignal): Promise<ResendReceipt>;
  /** The issued certificate with its intermediates, as the CA hands it out; kept nowhere. Only with `download`. */
  readonly download?: (request: CaDownload, signal: CancelSignal) => Promise<readonly MaterialInput[]>;
  /** What the CA has mailed for this order, newest first. Only with `mail-history`. */
  readonly mailHistory?: (id: CaOrderId, signal: CancelSignal) => Promise<readonly CaMail[]>;
}
