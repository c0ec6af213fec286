import { missingNames } from "../import/match-order.ts";
import type { EmailKind, Order } from "../order/order.ts";
import type { ResendRequest } from "../resend/resend-request.ts";
import { sameAddress } from "../values/addresses.ts";
import type { OrderId } from "../values/ids.ts";
import type { MailCertificate, MailFacts } from "./mail-facts.ts";
import { kindOfMail, type MailKind } from "./mail-kind.ts";

/** Why a mail is thought to be about an order, the strongest reason first; `person`: somebody has said so. */
export const mailMatchReasons = ["key", "order-number", "names", "issuance", "request", "person"] as const;
export type MailMatchReason = (typeof mailMatchReasons)[number];

/** What in a mail speaks against the order it was matched with, or against the one it claims to be about. */
export const mailContradictions = ["order-number", "names", "new-key"] as const;
export type MailContradiction = (typeof mailContradictions)[number];

export interface MailMatch {
  /** Null: no order, or more than one and nothing to tell them apart by. */
  readonly orderId: OrderId | null;
  readonly reasons: readonly MailMatchReason[];
  readonly contradictions: readonly MailContradiction[];
  /** The orders it may be about, where it is not known which. */
  readonly candidates: readonly OrderId[];
}

export type AskedMail = Pick<
  ResendRequest,
  "requestId" | "orderId" | "kind" | "status" | "confirmedRecipients" | "requestedAt" | "claimedAt"
>;

/** What is looked at; orders that have nothing in common with the mail do no harm. */
export interface MailMatchInput {
  readonly facts: MailFacts;
  readonly orders: readonly Order[];
  /** Requests of these orders, of any age. */
  readonly requests: readonly AskedMail[];
  /** When the mailbox's server took the mail in. */
  readonly receivedAt: Date;
  /** The mailbox's server says that the sender is not who he says. */
  readonly isForged: boolean;
}

/** A mail that comes later than this after it was asked for is no answer by that alone. */
const windowMs = 48 * 60 * 60 * 1000;
/** Clocks of servers go apart. */
const skewMs = 2 * 60 * 1000;
/** A CA may tell whole days, in a time zone of its own, where the certificate has seconds. */
const issuanceSlackMs = 26 * 60 * 60 * 1000;

/**
 * Which order a mail is about: by the certificate's key, by an order number, by names; never by who sent it. What
 * anybody can write (a number, a name) counts only where nothing else in the mail speaks against it. Orders that are
 * still equal are told apart by what was issued when, and by which of them a mail was asked for; else it is not guessed.
 */
export function matchMail(input: MailMatchInput): MailMatch {
  const kind = kindOfMail(input.facts);
  if (kind === "other" || kind === "auto-reply") return unmatched([]);
  return byKey(input) ?? (input.facts.certificates.length > 0 ? byCertificate(input) : byWords(input, kind));
}

function unmatched(
  candidates: readonly Order[],
  contradictions: readonly MailContradiction[] = [],
): MailMatch {
  return {
    orderId: null,
    reasons: [],
    contradictions,
    candidates: candidates.map(({ orderId }) => orderId),
  };
}

/** The CSR's key is the certificate's key: nobody can claim it who does not have the certificate. */
function byKey(input: MailMatchInput): MailMatch | null {
  const { orders, facts } = input;
  const keyed = orders.filter(({ csrSpkiSha256 }) =>
    facts.certificates.some(({ spkiSha256 }) => spkiSha256 === csrSpkiSha256),
  );
  if (keyed.length === 0) return null;
  const { order, by } = narrowed(keyed, [
    ["order-number", (one) => hasNumber(facts, one)],
    ["names", (one) => facts.certificates.some((certificate) => isNamesOf(one, certificate))],
    ["issuance", (one) => facts.certificates.some((certificate) => isIssuedUnder(one, certificate))],
    ["request", isAskedFor(input)],
  ]);
  if (order === null) return unmatched(keyed);
  const certificate = facts.certificates.find(({ spkiSha256 }) => spkiSha256 === order.csrSpkiSha256);
  const namesFit = certificate !== undefined && coversOrder(order, certificate);
  const numberFits = hasNumber(facts, order);
  const others = orders.filter((one) => one.orderId !== order.orderId);
  const isOthersNumber = !numberFits && others.some((one) => hasNumber(facts, one));
  return {
    orderId: order.orderId,
    reasons: sorted([
      "key",
      ...by,
      ...(numberFits ? ["order-number" as const] : []),
      ...(namesFit ? ["names" as const] : []),
    ]),
    contradictions: [
      ...(isOthersNumber ? ["order-number" as const] : []),
      ...(namesFit ? [] : ["names" as const]),
    ],
    candidates: [],
  };
}

/** A certificate whose key no order knows: its order was reissued with another one, or its request is not known yet. */
function byCertificate(input: MailMatchInput): MailMatch {
  const { facts, orders } = input;
  // Anybody can make one for any name; an order's own key would have told.
  const certificates = facts.certificates.filter(({ isSelfSigned }) => !isSelfSigned);
  const fits = (order: Order) => certificates.some((certificate) => coversOrder(order, certificate));
  const numbered = orders.filter((order) => hasNumber(facts, order));
  const fitting = numbered.filter(fits);
  if (fitting.length === 1) return withNumber(input, fitting);
  const named = orders.filter((order) => fits(order) && isKeyOpen(order, certificates));
  if (named.length === 0) return unmatched(numbered, numbered.length > 0 ? ["names"] : []);
  const { order, by } = narrowed(named, [
    ["issuance", (one) => certificates.some((certificate) => isIssuedUnder(one, certificate))],
    ["request", isAskedFor(input)],
  ]);
  const isClaimedByOther = numbered.length > 0 && !numbered.some((one) => one.orderId === order?.orderId);
  if (order === null) return unmatched(named, isClaimedByOther ? ["order-number"] : []);
  return {
    orderId: order.orderId,
    reasons: sorted(["names", ...by]),
    contradictions: isClaimedByOther ? ["order-number"] : [],
    candidates: [],
  };
}

function withNumber({ facts, isForged }: MailMatchInput, [order]: readonly Order[]): MailMatch {
  if (!order) return unmatched([]);
  const isNewKey = order.csrSpkiSha256 !== null;
  // A number and a name are public; with a key of his own anybody could pass his certificate off as a reissue.
  if (isForged) return unmatched([order], isNewKey ? ["new-key"] : []);
  const isOwn = facts.certificates.some((certificate) => isIssuedUnder(order, certificate));
  return {
    orderId: order.orderId,
    reasons: sorted(["order-number", "names", ...(isOwn ? ["issuance" as const] : [])]),
    contradictions: isNewKey ? ["new-key"] : [],
    candidates: [],
  };
}

/** By name alone only while the order's key is not known, or where the certificate is one that the CA lists under it. */
function isKeyOpen(order: Order, certificates: readonly MailCertificate[]): boolean {
  return (
    order.csrSpkiSha256 === null || certificates.some((certificate) => isIssuedUnder(order, certificate))
  );
}

/** A mail without a certificate: a number counts with a name beside it, a name alone where it is one order's. */
function byWords(input: MailMatchInput, kind: MailKind): MailMatch {
  const { facts, orders, isForged } = input;
  const numbered = orders.filter((order) => hasNumber(facts, order));
  const named = orders.filter((order) => isNamed(facts, order));
  const both = numbered.filter((order) => named.includes(order));
  if (isForged) return unmatched(numbered.length > 0 ? numbered : named);
  if (numbered.length > 0) {
    const { order, by } = narrowed(both, [["request", isAskedFor(input, wantedKind(kind))]]);
    if (order === null) return unmatched(numbered, both.length === 0 ? ["names"] : []);
    return {
      orderId: order.orderId,
      reasons: sorted(["order-number", "names", ...by]),
      contradictions: [],
      candidates: [],
    };
  }
  const possible = named.filter(({ status }) => kind !== "fulfillment-link" || isIssuedStatus(status));
  const isAsked = isAskedFor(input, wantedKind(kind));
  const { order, by } = narrowed(possible, [["request", isAsked]]);
  if (order === null) return unmatched(possible);
  const isAnswer = isAsked(order);
  // A number of nobody's may be a reseller's own, or an order's of which we know nothing.
  if (facts.orderNumbers.length > 0 && !isAnswer) return unmatched(possible, ["order-number"]);
  return {
    orderId: order.orderId,
    reasons: sorted(["names", ...by, ...(isAnswer ? ["request" as const] : [])]),
    contradictions: [],
    candidates: [],
  };
}

function isIssuedStatus(status: Order["status"]): boolean {
  return status === "issued" || status === "reissue-pending";
}

/** Which request a mail of this kind may answer; a bounce may answer either. */
export function wantedKind(kind: MailKind): EmailKind | null {
  if (kind === "fulfillment" || kind === "fulfillment-link") return "fulfillment";
  return kind === "approver" ? "approver" : null;
}

type Test = readonly [reason: MailMatchReason, holds: (order: Order) => boolean];

/** One test after the other, until one order is left; a test that none passes, or all, tells nothing. */
function narrowed(
  orders: readonly Order[],
  tests: readonly Test[],
): { readonly order: Order | null; readonly by: readonly MailMatchReason[] } {
  let left = orders;
  const by: MailMatchReason[] = [];
  for (const [reason, holds] of tests) {
    if (left.length <= 1) break;
    const passing = left.filter(holds);
    if (passing.length === 0 || passing.length === left.length) continue;
    left = passing;
    by.push(reason);
  }
  return left.length === 1 ? { order: left[0] ?? null, by } : { order: null, by: [] };
}

function hasNumber({ orderNumbers }: MailFacts, { caOrderId }: Order): boolean {
  return orderNumbers.includes(caOrderId);
}

function namesOf(order: Order): readonly string[] {
  return [...new Set([order.commonName.toLowerCase(), ...order.dnsNames])];
}

function isNamed({ names }: MailFacts, order: Order): boolean {
  return namesOf(order).some((name) => names.includes(name));
}

function coversOrder(order: Order, certificate: MailCertificate): boolean {
  return missingNames(order.dnsNames, { ...certificate, ipAddresses: [] }).length === 0;
}

/** The very names, where two orders share some. */
function isNamesOf(order: Order, { dnsNames }: MailCertificate): boolean {
  const names = namesOf(order);
  return dnsNames.length === names.length && dnsNames.every((name) => names.includes(name));
}

function isIssuedUnder(order: Order, { validFrom, validTo }: MailCertificate): boolean {
  const isNear = (one: Date, other: Date) => Math.abs(one.getTime() - other.getTime()) <= issuanceSlackMs;
  return order.issuances.some(
    (issuance) => isNear(issuance.validFrom, validFrom) && isNear(issuance.validTo, validTo),
  );
}

function isAskedFor(
  { requests, receivedAt, facts }: MailMatchInput,
  kind: EmailKind | null = "fulfillment",
): (order: Order) => boolean {
  const open = requests.filter((request) => mayAnswer(request, receivedAt, kind));
  const failed = facts.reports.flatMap(({ recipient, originalRecipient }) => [recipient, originalRecipient]);
  const isTo = ({ confirmedRecipients }: AskedMail) =>
    failed.length === 0 ||
    confirmedRecipients.some((one) => failed.some((other) => other !== null && sameAddress(one, other)));
  return ({ orderId }) => open.some((request) => request.orderId === orderId && isTo(request));
}

/** Whether a mail that came then may be what was asked for: nothing comes before it was, and not for ever after. */
export function mayAnswer(
  request: Pick<AskedMail, "status" | "kind" | "requestedAt" | "claimedAt">,
  receivedAt: Date,
  kind: EmailKind | null,
): boolean {
  const { status, claimedAt, requestedAt } = request;
  if (kind !== null && request.kind !== kind) return false;
  if (status !== "forwarding" && status !== "accepted" && status !== "outcome-unknown") return false;
  const waitedMs = receivedAt.getTime() - (claimedAt ?? requestedAt).getTime();
  return waitedMs >= -skewMs && waitedMs <= windowMs;
}

function sorted(reasons: readonly MailMatchReason[]): readonly MailMatchReason[] {
  return mailMatchReasons.filter((reason) => reasons.includes(reason));
}
