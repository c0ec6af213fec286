import type { CaAccount } from "../account/ca-account.ts";
import type { Scope } from "../actor.ts";
import type { AuditAct, AuditEntry } from "../audit/audit-entry.ts";
import type { AuditHead, ChainedEntry, ChainFault, ChainPlace } from "../audit/chain.ts";
import type { ImportedCertificate } from "../certificate/imported-certificate.ts";
import type { Change } from "../change.ts";
import type { ReceivedMail } from "../mail/received-mail.ts";
import type { Mailbox, MailWatchState } from "../mailbox/mailbox.ts";
import type { Attention, EmailKind, Order, OrderStatus, ValidationType } from "../order/order.ts";
import type { ProviderIdentity } from "../people/admit-from-provider.ts";
import type { Passkey } from "../people/passkeys.ts";
import type { PersonRecord } from "../people/person-record.ts";
import type { Preferences } from "../people/preferences.ts";
import type { PersonSession } from "../people/sessions.ts";
import type { ResendRequest } from "../resend/resend-request.ts";
import type {
  CaAccountId,
  CaOrderId,
  CertificateId,
  IdempotencyKey,
  MailboxId,
  MailId,
  OrderId,
  PersonId,
  ResendRequestId,
  VaultRef,
} from "../values/ids.ts";
import type { VaultLabel } from "./certificate-vault.ts";

export const orderSorts = ["needs-action-first", "expires-oldest-first"] as const;
export type OrderSort = (typeof orderSorts)[number];

export interface OrderListQuery {
  readonly sort: OrderSort;
  /**
   * Substring of a name, an order number or an address; or a SHA-256 of an imported certificate, its serial number or
   * the SHA-256 of a public key, in hexadecimal with or without colons, the last also as a pin in base64. Empty: no search.
   */
  readonly search: string;
  /** Only these orders; empty: all. */
  readonly orderIds: readonly OrderId[];
  /** Only orders that stand there in the needs-action-first list. */
  readonly attentions: readonly Attention[];
  readonly statuses: readonly OrderStatus[];
  readonly caAccountIds: readonly CaAccountId[];
  /** Only orders at these CAs, by adapter. */
  readonly adapters: readonly string[];
  readonly validationTypes: readonly ValidationType[];
  /** Only orders whose certificate ends before this moment. */
  readonly expiresBefore: Date | null;
  /** Leaves out orders that ended before this moment; they are counted. Null: shows them. */
  readonly hideExpiredBefore: Date | null;
  /** Opaque, from the page before; null: from the top. */
  readonly cursor: string | null;
  /** 1 to 200. */
  readonly limit: number;
  readonly now: Date;
  /** Only what belongs to these accounts. */
  readonly scope?: Scope;
}

/** An order as a list row: with what the row shows beside it, read in the same query. */
export interface OrderRow {
  readonly order: Order;
  readonly attention: Attention;
  /** The newest request for the fulfillment mail. */
  readonly lastFulfillment: ResendRequest | null;
  /** When the newest issuance was imported. */
  readonly importedAt: Date | null;
}

export interface OrderPage {
  readonly rows: readonly OrderRow[];
  readonly nextCursor: string | null;
  /**
   * Orders that `hideExpiredBefore` left out, under the same filters: counted with the first page, on later ones 0.
   * Counting ends at 1,001, which stands for more than a thousand.
   */
  readonly hiddenCount: number;
}

export interface OrderCounts {
  readonly total: number;
  readonly byAttention: Readonly<Record<Attention, number>>;
}

/** When requests were asked for at the earliest, and had their outcome at the latest. */
export interface SilentWindow {
  readonly requestedSince: Date;
  readonly settledBefore: Date;
}

/** A request that may be carried now, and the account at whose CA. */
export interface DueResend {
  readonly request: ResendRequest;
  readonly caAccountId: CaAccountId;
}

/** A mail with an order's certificate, or the word that it can be fetched, for an order that waits for it. */
export interface Arrival {
  readonly mail: ReceivedMail;
  readonly order: Order;
}

export interface CertificateListQuery {
  readonly search: string;
  readonly orderId: OrderId | null;
  readonly cursor: string | null;
  readonly limit: number;
  /** Only certificates of orders of these accounts. */
  readonly scope?: Scope;
}

export interface CertificatePage {
  readonly certificates: readonly ImportedCertificate[];
  readonly nextCursor: string | null;
}

export interface AuditQuery {
  readonly actorId: string | null;
  readonly act: AuditAct | null;
  /** Part of the name or number of what was acted on; empty: no search. */
  readonly subject: string;
  readonly outcome: AuditEntry["outcome"] | null;
  readonly from: Date | null;
  readonly before: Date | null;
  /** Only entries with a lower number than this; null: from the newest. */
  readonly belowSequence: number | null;
  readonly limit: number;
}

export interface AuditPage {
  readonly entries: readonly { readonly sequence: number; readonly entry: AuditEntry }[];
  /** Where the next page goes on; null at the end. */
  readonly nextBelow: number | null;
}

export interface AuditCheck {
  readonly reached: ChainPlace;
  readonly fault: ChainFault | null;
  /** Null while entries remain to be checked. */
  readonly head: AuditHead | null;
  /** The number of the newest entry. */
  readonly newest: number;
}

/**
 * Where metadata rests. Never holds a certificate, a key, a CSR, a mail body or a credential.
 * Reads see everything committed before they began. `commit` is the only write: atomic, durable when it resolves (what
 * a CA lists or how far a mailbox was read, and no trace goes with, a little later and in the order of the commits: it
 * can be read again), and
 * serialised, so that of two changes with the same guard exactly one wins and the other gets a Conflict.
 * Before it stores anything else, a `resend-requested` with a key already used is the Conflict `idempotency-key-used`;
 * the caller then answers with the first request.
 */
export interface Store {
  commit(change: Change): Promise<void>;

  order(orderId: OrderId): Promise<Order | null>;
  /** Those of an account's orders whose number at the CA is one of these; at most 1,000 at a time. */
  ordersByCaOrderIds(caAccountId: CaAccountId, caOrderIds: readonly CaOrderId[]): Promise<readonly Order[]>;
  /** The row of one order, as the list shows it. */
  orderRow(orderId: OrderId, now: Date): Promise<OrderRow | null>;
  listOrders(query: OrderListQuery): Promise<OrderPage>;
  countOrders(now: Date, scope?: Scope): Promise<OrderCounts>;
  /** How many orders of this account the CA still lists. */
  countOrdersOf(caAccountId: CaAccountId): Promise<number>;
  ordersBySpki(spkiSha256: string, scope?: Scope): Promise<readonly Order[]>;
  /** Orders whose number is one of these, in any account. */
  ordersByNumber(caOrderIds: readonly string[], scope?: Scope): Promise<readonly Order[]>;
  /** Orders that name one of these host names; at most `limit`, newest first. */
  ordersByName(dnsNames: readonly string[], limit: number, scope?: Scope): Promise<readonly Order[]>;

  /** Orders of this account, still listed, whose details were never read; those that need action first. */
  ordersWithoutDetails(caAccountId: CaAccountId, limit: number): Promise<readonly Order[]>;

  resendRequest(requestId: ResendRequestId): Promise<ResendRequest | null>;
  resendByKey(key: IdempotencyKey): Promise<ResendRequest | null>;
  /** All requests of an order, newest first. */
  resendHistory(orderId: OrderId): Promise<readonly ResendRequest[]>;
  /**
   * Requests in `requested` whose `notBefore` has come, of each account the `perAccount` oldest; oldest first. One that
   * lies behind `notBehind`, where none can be meant to wait, has come too: the clock was set back.
   */
  resendsToForward(
    due: { readonly by: Date; readonly notBehind: Date },
    perAccount: number,
  ): Promise<readonly DueResend[]>;
  /** Requests in `forwarding`. */
  resendsForwarding(): Promise<readonly ResendRequest[]>;
  /** Mails of this kind under way, accepted, or perhaps sent, to this address since then. */
  countMailsTo(address: string, kind: EmailKind, since: Date): Promise<number>;
  /** Whether a CA has ever accepted a request for a fulfillment mail. */
  hasAcceptedMail(scope?: Scope): Promise<boolean>;

  /** Requests accepted or perhaps sent, of which nothing has been seen since; oldest first. */
  resendsWithoutEvidence(window: SilentWindow, limit: number): Promise<readonly ResendRequest[]>;

  mail(mailId: MailId): Promise<ReceivedMail | null>;
  mailByMessageId(mailboxId: MailboxId, messageId: string): Promise<ReceivedMail | null>;
  /** The same mail in any mailbox. */
  mailsByMessageId(messageId: string): Promise<readonly ReceivedMail[]>;
  /** Mails about an order, newest first; at most 100. */
  mailsOfOrder(orderId: OrderId): Promise<readonly ReceivedMail[]>;
  /** Mails about no known order that nobody has put away, newest first; `after`: those that come after this one. */
  unmatchedMails(
    limit: number,
    after?: Pick<ReceivedMail, "mailId" | "receivedAt"> | null,
  ): Promise<readonly ReceivedMail[]>;
  /** For each order that waits to be imported, the newest mail that came with what it waits for; newest first. */
  arrivals(now: Date, limit: number, scope?: Scope): Promise<readonly Arrival[]>;

  certificate(certificateId: CertificateId): Promise<ImportedCertificate | null>;
  certificateByFingerprint(fingerprintSha256: string): Promise<ImportedCertificate | null>;
  /** What was imported for an order, the newest version first. */
  certificatesOf(orderId: OrderId): Promise<readonly ImportedCertificate[]>;
  listCertificates(query: CertificateListQuery): Promise<CertificatePage>;

  person(personId: PersonId): Promise<PersonRecord | null>;
  /** Whose identity at a provider this is; null: nobody's. */
  personOfIdentity(identity: ProviderIdentity): Promise<PersonRecord | null>;
  /** By name. */
  listPeople(): Promise<readonly PersonRecord[]>;

  /** Every session of a person that is kept, ended by time or not; the last used first. */
  sessionsOf(personId: PersonId): Promise<readonly PersonSession[]>;

  /** In the order in which they were added. */
  passkeysOf(personId: PersonId): Promise<readonly Passkey[]>;

  account(caAccountId: CaAccountId): Promise<CaAccount | null>;
  listAccounts(): Promise<readonly CaAccount[]>;

  mailbox(mailboxId: MailboxId): Promise<Mailbox | null>;
  /** The mailbox in which this mail lies. */
  mailboxOf(mailId: MailId): Promise<Mailbox | null>;
  listMailboxes(): Promise<readonly Mailbox[]>;
  /** Whether mailboxes are followed at all. */
  mailWatch(): Promise<MailWatchState>;
  /** `noPreferences` for whoever has changed nothing. */
  preferences(personId: PersonId): Promise<Preferences>;

  /** The trace of one subject, newest first, at most `limit`: all that was refused, and what was done of `acts`. */
  auditOf(
    subject: { readonly kind: AuditEntry["subject"]["kind"]; readonly id: string },
    acts: readonly AuditAct[],
    limit: number,
  ): Promise<readonly AuditEntry[]>;
  /** One page of the trace, newest first. */
  listAudit(query: AuditQuery): Promise<AuditPage>;
  /** Everybody who stands in the trace as having done something. */
  auditActors(): Promise<readonly AuditEntry["actor"][]>;
  /** Entries in the order of the chain, from after this number. */
  auditAfter(sequence: number, limit: number): Promise<readonly ChainedEntry[]>;
  /** Where the chain ends; null before it has begun. */
  auditHead(): Promise<AuditHead | null>;
  /** Goes on checking from a place that holds, over at most `limit` entries; at the end, the head too. */
  checkAudit(from: ChainPlace, limit: number): Promise<AuditCheck>;
  /** Every vault item that some row names, with the label it opens under; what the vault holds beyond these is swept. */
  vaultItems(): Promise<ReadonlyMap<VaultRef, VaultLabel>>;
}
