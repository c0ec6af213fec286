import type {
  ArrivedFor,
  AuditEntry,
  AuditPage,
  CaAccount,
  GroupRoles,
  ImportedCertificate,
  ImportPlan,
  Mailbox,
  Order,
  OrderDetails,
  OrderMatch,
  OrderRow,
  Passkey,
  PersonRecord,
  PersonSession,
  PlacedMail,
  ResendRequest,
  SessionId,
  UnmatchedMail,
  UnmatchedMails,
} from "@sealpost/domain";
import { driftOf, expiresAt, hasRoleByGroups } from "@sealpost/domain";
import { type Json, toJson } from "./json.ts";

// Views list their fields one by one, so that nothing rides along by accident. Times are ISO 8601 text in UTC.

export type RequestView = ReturnType<typeof requestView>;
export function requestView(request: ResendRequest) {
  return toJson({
    requestId: request.requestId,
    orderId: request.orderId,
    kind: request.kind,
    status: request.status,
    confirmedRecipients: request.confirmedRecipients,
    chosenRecipients: request.chosenRecipients,
    format: request.format,
    requestedBy: request.requestedBy,
    requestedAt: request.requestedAt,
    notBefore: request.notBefore,
    attempts: request.attempts,
    claimedAt: request.claimedAt,
    settledAt: request.settledAt,
    reason: request.reason,
    caMessage: request.caMessage,
    answeredInMs: request.answeredInMs,
    evidence: request.evidence,
  });
}

type OrderRowFacts = Pick<
  Order,
  | "orderId"
  | "caOrderId"
  | "caAccountId"
  | "product"
  | "validationType"
  | "commonName"
  | "dnsNames"
  | "recipients"
  | "status"
  | "vendorStatus"
> & { readonly attention: OrderRow["attention"]; readonly drift: ReturnType<typeof driftOf> };

/** Moments one by one, and not by `toJson`: it takes longer for a page of the list than reading that page does. */
export interface OrderRowView extends Json<OrderRowFacts> {
  readonly orderedAt: string | null;
  readonly expiresAt: string | null;
  readonly syncedAt: string;
  readonly isGone: boolean;
  readonly goneAt: string | null;
  readonly importedAt: string | null;
  readonly lastFulfillment: RequestView | null;
}

export function orderRowView({ order, attention, lastFulfillment, importedAt }: OrderRow): OrderRowView {
  return {
    orderId: order.orderId,
    caOrderId: order.caOrderId,
    caAccountId: order.caAccountId,
    product: order.product,
    validationType: order.validationType,
    commonName: order.commonName,
    dnsNames: order.dnsNames,
    recipients: order.recipients,
    status: order.status,
    vendorStatus: order.vendorStatus,
    orderedAt: order.orderedAt?.toISOString() ?? null,
    expiresAt: expiresAt(order)?.toISOString() ?? null,
    syncedAt: order.syncedAt.toISOString(),
    isGone: order.goneAt !== null,
    goneAt: order.goneAt?.toISOString() ?? null,
    attention,
    drift: driftOf(order),
    importedAt: importedAt?.toISOString() ?? null,
    lastFulfillment: lastFulfillment && requestView(lastFulfillment),
  };
}

export type OrderDetailsView = ReturnType<typeof orderDetailsView>;
export function orderDetailsView({ row, account, requests, mails, trace, ...details }: OrderDetails) {
  const { order } = row;
  const { arrival, mailWatch, certificateIds, hasEarlierTrace } = details;
  return {
    ...orderRowView(row),
    detailsAt: order.detailsAt?.toISOString() ?? null,
    issuances: order.issuances.map((issuance) => ({
      ...toJson(issuance),
      certificateId: order.imports[issuance.caCertificateId] ?? null,
    })),
    account: accountView(account),
    requests: requests.map(requestView),
    mails: mails.map(mailView),
    arrival: arrival && mailView(arrival),
    mailWatch,
    certificateIds,
    trace: trace.map(auditView),
    hasEarlierTrace,
  };
}

export type AuditView = ReturnType<typeof auditView>;
export function auditView(entry: AuditEntry) {
  return toJson({
    auditId: entry.auditId,
    at: entry.at,
    actorKind: entry.actor.kind,
    actorName: entry.actor.name,
    act: entry.act,
    outcome: entry.outcome,
    code: entry.code,
    details: entry.details,
  });
}

export type AuditRowView = ReturnType<typeof auditRowView>;
export function auditRowView({ sequence, entry }: AuditPage["entries"][number]) {
  const { kind, id, label } = entry.subject;
  return { sequence, ...auditView(entry), subject: { kind, id, label } };
}

export type AccountView = ReturnType<typeof accountView>;
export function accountView(account: CaAccount) {
  return toJson({
    caAccountId: account.caAccountId,
    adapter: account.adapter,
    label: account.label,
    baseUrl: account.baseUrl,
    settings: account.settings,
    hasCredential: account.credentialRef !== null,
    state: account.state,
    isSandbox: account.isSandbox,
    capabilities: account.capabilities,
    connectedAt: account.connectedAt,
    sync: account.sync,
  });
}

export type MailboxView = ReturnType<typeof mailboxView>;
export function mailboxView(mailbox: Mailbox) {
  return toJson({
    mailboxId: mailbox.mailboxId,
    label: mailbox.label,
    host: mailbox.host,
    port: mailbox.port,
    security: mailbox.security,
    userName: mailbox.userName,
    hasCredential: mailbox.credentialRef !== null,
    folders: mailbox.folders,
    lookBackDays: mailbox.lookBackDays,
    state: mailbox.state,
    connectedAt: mailbox.connectedAt,
    seenAt: mailbox.watch.seenAt,
    lastMailAt: mailbox.watch.lastMailAt,
    fault: mailbox.watch.fault,
  });
}

export type MailView = ReturnType<typeof mailView>;
export function mailView({ mail, mailboxLabel }: PlacedMail) {
  return toJson({
    mailId: mail.mailId,
    kind: mail.kind,
    receivedAt: mail.receivedAt,
    sender: mail.sender,
    senderVerdict: mail.verdict.sender,
    mailboxLabel,
    folder: mail.place.folder,
    orderId: mail.orderId,
    requestId: mail.requestId,
    contradictions: mail.contradictions,
    holdsPrivateKey: mail.holdsPrivateKey,
  });
}

export type ArrivalView = ReturnType<typeof arrivalView>;
/** With what tells whether the certificate can also be had from the CA. */
export function arrivalView({ order, account, ...placed }: ArrivedFor) {
  return {
    mail: mailView(placed),
    order: toJson({ orderId: order.orderId, commonName: order.commonName, status: order.status }),
    account: toJson({ state: account.state, capabilities: account.capabilities }),
  };
}

export type UnmatchedMailsView = ReturnType<typeof unmatchedMailsView>;
export function unmatchedMailsView({ mails, hasMore }: UnmatchedMails) {
  return { mails: mails.map(unmatchedMailView), hasMore };
}

export type UnmatchedMailView = ReturnType<typeof unmatchedMailView>;
export function unmatchedMailView({ reason, candidates, ...placed }: UnmatchedMail) {
  return {
    ...mailView(placed),
    reason,
    orderNumbers: placed.mail.orderNumbers,
    names: placed.mail.names,
    candidates: candidates.map((order) =>
      toJson({
        orderId: order.orderId,
        caOrderId: order.caOrderId,
        commonName: order.commonName,
        status: order.status,
        orderedAt: order.orderedAt,
      }),
    ),
  };
}

export type PersonView = ReturnType<typeof personView>;
export function personView(person: PersonRecord, groupRoles: GroupRoles) {
  const { personId, name, email, role, scope, state, hasSecondFactor, hasPasskey, isFromProvider } = person;
  const caAccountIds = scope === "all" ? null : [...scope];
  const isRoleByGroups = hasRoleByGroups(person, groupRoles);
  return {
    personId,
    name,
    email,
    role,
    caAccountIds,
    state,
    hasSecondFactor,
    hasPasskey,
    isFromProvider,
    isRoleByGroups,
  };
}

export type SessionView = ReturnType<typeof sessionView>;
export function sessionView(session: PersonSession, own: SessionId) {
  return toJson({
    sessionId: session.sessionId,
    address: session.address,
    userAgent: session.userAgent,
    signedInAt: session.signedInAt,
    lastUsedAt: session.lastUsedAt,
    isOwn: session.sessionId === own,
  });
}

export type PasskeyView = ReturnType<typeof passkeyView>;
export function passkeyView({ passkeyId, name, addedAt, lastUsedAt }: Passkey) {
  return toJson({ passkeyId, name, addedAt, lastUsedAt });
}

export type CertificateView = ReturnType<typeof certificateView>;
export function certificateView(certificate: ImportedCertificate) {
  return toJson({
    certificateId: certificate.certificateId,
    fingerprintSha256: certificate.fingerprintSha256,
    spkiSha256: certificate.spkiSha256,
    serialNumber: certificate.serialNumber,
    commonName: certificate.commonName,
    dnsNames: certificate.dnsNames,
    organization: certificate.organization,
    issuer: certificate.issuer,
    keyType: certificate.keyType,
    signatureAlgorithm: certificate.signatureAlgorithm,
    validFrom: certificate.validFrom,
    validTo: certificate.validTo,
    isChainComplete: certificate.isChainComplete,
    chainNames: certificate.chainNames,
    mode: certificate.mode,
    isCertificateStored: certificate.certificateRef !== null,
    isKeyStored: certificate.keyRef !== null,
    orderId: certificate.orderId,
    version: certificate.version,
    isCurrent: certificate.isCurrent,
    notes: certificate.notes,
    importedAt: certificate.importedAt,
    importedBy: certificate.importedBy,
  });
}

export type MatchedOrderView = ReturnType<typeof matchedOrderView>;
function matchedOrderView(order: Order, reasons: OrderMatch["reasons"]) {
  return toJson({
    orderId: order.orderId,
    caOrderId: order.caOrderId,
    caAccountId: order.caAccountId,
    commonName: order.commonName,
    dnsNames: order.dnsNames,
    status: order.status,
    orderedAt: order.orderedAt,
    hasKeyHash: order.csrSpkiSha256 !== null,
    reasons,
  });
}

export type ImportPlanView = ReturnType<typeof importPlanView>;
/** The plan without its bytes. */
export function importPlanView(plan: ImportPlan) {
  const { facts, findings, matches, order, known, previous } = plan;
  const reasons = matches.find((match) => match.order.orderId === order?.orderId)?.reasons ?? [];
  return {
    facts: toJson(facts),
    findings: toJson(findings),
    matches: matches.map((match) => matchedOrderView(match.order, match.reasons)),
    order: order && matchedOrderView(order, reasons),
    nextVersion: plan.nextVersion,
    previousVersion: previous?.version ?? null,
    known: known && certificateView(known),
    completes: plan.completes,
    passphrasePausedUntil: plan.passphrasePausedUntil?.toISOString() ?? null,
  };
}
