import {
  type AuditEntry,
  authenticationVerdicts,
  type CaAccount,
  caAccountIdSchema,
  caErrorKinds,
  capabilities,
  certificateIdSchema,
  emailAddressSchema,
  emailKinds,
  evidenceKinds,
  type ImportedCertificate,
  idempotencyKeySchema,
  importModes,
  languages,
  mailboxIdSchema,
  mailContradictions,
  mailFormats,
  mailIdSchema,
  mailKinds,
  mailMatchReasons,
  orderColumns,
  orderIdSchema,
  type Preferences,
  personIdSchema,
  type ReceivedMail,
  type RefusalCode,
  type ResendEvidence,
  type ResendRequest,
  resendRequestIdSchema,
  resendStatuses,
  type SyncState,
  settleReasons,
  vaultRefSchema,
} from "@sealpost/domain";
import { oneOf } from "./one-of.ts";
import type {
  accounts,
  auditEntries,
  certificates,
  personPreferences,
  receivedMails,
  resendRequests,
} from "./schema.ts";

// Each table's row is mapped once, here, in both directions; fields are listed so that nothing rides along.

type AccountRecord = typeof accounts.$inferSelect;
type RequestRecord = typeof resendRequests.$inferSelect;
type PreferencesRecord = typeof personPreferences.$inferSelect;
type MailRecord = typeof receivedMails.$inferSelect;
type CertificateRecord = typeof certificates.$inferSelect;
type AuditRecord = typeof auditEntries.$inferSelect;

export function toPreferences(row: PreferencesRecord): Preferences {
  return {
    views: row.views.map(({ name, query }) => ({ name, query })),
    columns: row.columns?.map((column) => oneOf(orderColumns, column)) ?? null,
    hasSingleKeys: row.hasSingleKeys,
    language: row.language === null ? null : oneOf(languages, row.language),
    showsFirstSteps: row.showsFirstSteps,
    dismissedMails: row.dismissedMails.map((mailId) => mailIdSchema.parse(mailId)),
  };
}

export function fromPreferences(preferences: Preferences): Omit<PreferencesRecord, "personId"> {
  const { views, columns, hasSingleKeys, language, showsFirstSteps, dismissedMails } = preferences;
  const rows = views.map(({ name, query }) => ({ name, query }));
  return { views: rows, columns, hasSingleKeys, language, showsFirstSteps, dismissedMails };
}

export function toAccount(row: AccountRecord): CaAccount {
  const fault =
    row.faultKind && row.faultAt
      ? { kind: oneOf(caErrorKinds, row.faultKind), caMessage: row.faultMessage, at: row.faultAt }
      : null;
  return {
    caAccountId: caAccountIdSchema.parse(row.caAccountId),
    adapter: row.adapter,
    label: row.label,
    baseUrl: row.baseUrl,
    settings: row.settings,
    credentialRef: row.credentialRef === null ? null : vaultRefSchema.parse(row.credentialRef),
    state: oneOf(["connected", "paused", "disconnected"], row.state),
    isSandbox: row.isSandbox,
    capabilities: row.capabilities.map((word) => oneOf(capabilities, word)),
    connectedAt: row.connectedAt,
    sync: {
      runningSince: row.syncRunningSince,
      completedAt: row.syncCompletedAt,
      listedUpTo: row.syncListedUpTo,
      wholeListAt: row.syncWholeListAt,
      pass: row.passStartedAt && {
        startedAt: row.passStartedAt,
        cursor: row.passCursor,
        changedSince: row.passChangedSince,
      },
      ordersSeen: row.syncOrdersSeen,
      ordersInAll: row.syncOrdersInAll,
      fault,
    },
  };
}

export function fromAccount(account: CaAccount): AccountRecord {
  return {
    caAccountId: account.caAccountId,
    adapter: account.adapter,
    label: account.label,
    baseUrl: account.baseUrl,
    settings: account.settings,
    credentialRef: account.credentialRef,
    state: account.state,
    isSandbox: account.isSandbox,
    capabilities: account.capabilities,
    connectedAt: account.connectedAt,
    ...fromSync(account.sync),
  };
}

export function fromSync(sync: SyncState) {
  return {
    syncRunningSince: sync.runningSince,
    syncCompletedAt: sync.completedAt,
    syncListedUpTo: sync.listedUpTo,
    syncWholeListAt: sync.wholeListAt,
    passStartedAt: sync.pass?.startedAt ?? null,
    passCursor: sync.pass?.cursor ?? null,
    passChangedSince: sync.pass?.changedSince ?? null,
    syncOrdersSeen: sync.ordersSeen,
    syncOrdersInAll: sync.ordersInAll,
    faultKind: sync.fault?.kind ?? null,
    faultMessage: sync.fault?.caMessage ?? null,
    faultAt: sync.fault?.at ?? null,
  };
}

export function toRequest(row: RequestRecord): ResendRequest {
  return {
    requestId: resendRequestIdSchema.parse(row.requestId),
    orderId: orderIdSchema.parse(row.orderId),
    kind: oneOf(emailKinds, row.kind),
    idempotencyKey: idempotencyKeySchema.parse(row.idempotencyKey),
    confirmedRecipients: row.confirmedRecipients.map((address) => emailAddressSchema.parse(address)),
    chosenRecipients: row.chosenRecipients.map((address) => emailAddressSchema.parse(address)),
    format: row.format === null ? null : oneOf(mailFormats, row.format),
    message: row.message,
    requestedBy: { personId: personIdSchema.parse(row.personId), name: row.personName },
    requestedAt: row.requestedAt,
    status: oneOf(resendStatuses, row.status),
    notBefore: row.notBefore,
    attempts: row.attempts,
    claimedAt: row.claimedAt,
    settledAt: row.settledAt,
    reason: row.reason === null ? null : oneOf(settleReasons, row.reason),
    caMessage: row.caMessage,
    answeredInMs: row.answeredInMs,
    evidence: {
      kind: oneOf(evidenceKinds, row.evidence),
      at: row.evidenceAt,
      address: row.evidenceAddress,
      code: row.evidenceCode,
      words: row.evidenceWords,
      mailId: row.evidenceMailId === null ? null : mailIdSchema.parse(row.evidenceMailId),
      caSentAt: row.caSentAt,
    },
  };
}

export function fromRequest(request: ResendRequest): RequestRecord {
  return {
    requestId: request.requestId,
    orderId: request.orderId,
    kind: request.kind,
    idempotencyKey: request.idempotencyKey,
    confirmedRecipients: request.confirmedRecipients,
    chosenRecipients: request.chosenRecipients,
    format: request.format,
    personId: request.requestedBy.personId,
    personName: request.requestedBy.name,
    requestedAt: request.requestedAt,
    ...fromProgress(request),
    ...fromEvidence(request.evidence),
    caSentAt: request.evidence.caSentAt,
  };
}

/** The columns that change while a request is carried. */
export function fromProgress(request: ResendRequest) {
  return {
    message: request.message,
    status: request.status,
    notBefore: request.notBefore,
    attempts: request.attempts,
    claimedAt: request.claimedAt,
    settledAt: request.settledAt,
    reason: request.reason,
    caMessage: request.caMessage,
    answeredInMs: request.answeredInMs,
  };
}

/** The columns that tell what was seen of the mail; the CA's own word stands apart, since it may come before or after. */
export function fromEvidence({ kind, at, address, code, words, mailId }: ResendEvidence) {
  return {
    evidence: kind,
    evidenceAt: at,
    evidenceAddress: address,
    evidenceCode: code,
    evidenceWords: words,
    evidenceMailId: mailId,
  };
}

export function toMail(row: MailRecord): ReceivedMail {
  const verdict = (word: string) => oneOf(authenticationVerdicts, word);
  return {
    mailId: mailIdSchema.parse(row.mailId),
    mailboxId: mailboxIdSchema.parse(row.mailboxId),
    messageId: row.messageId,
    place: { folder: row.folder, uidValidity: row.uidValidity, uid: row.uid },
    receivedAt: row.receivedAt,
    sentAt: row.sentAt,
    sender: row.sender,
    recipients: row.recipients,
    verdict: { dkim: verdict(row.dkim), dmarc: verdict(row.dmarc), sender: verdict(row.senderVerdict) },
    kind: oneOf(mailKinds, row.kind),
    orderId: row.orderId === null ? null : orderIdSchema.parse(row.orderId),
    matchedBy: row.matchedBy.map((word) => oneOf(mailMatchReasons, word)),
    contradictions: row.contradictions.map((word) => oneOf(mailContradictions, word)),
    requestId: row.requestId === null ? null : resendRequestIdSchema.parse(row.requestId),
    orderNumbers: row.orderNumbers,
    names: row.names,
    holdsPrivateKey: row.holdsPrivateKey,
    putAwayAt: row.putAwayAt,
  };
}

export function fromMail(mail: ReceivedMail): MailRecord {
  return {
    mailId: mail.mailId,
    mailboxId: mail.mailboxId,
    messageId: mail.messageId,
    folder: mail.place.folder,
    uidValidity: mail.place.uidValidity,
    uid: mail.place.uid,
    receivedAt: mail.receivedAt,
    sentAt: mail.sentAt,
    sender: mail.sender,
    recipients: mail.recipients,
    dkim: mail.verdict.dkim,
    dmarc: mail.verdict.dmarc,
    senderVerdict: mail.verdict.sender,
    kind: mail.kind,
    orderId: mail.orderId,
    matchedBy: mail.matchedBy,
    contradictions: mail.contradictions,
    requestId: mail.requestId,
    orderNumbers: mail.orderNumbers,
    names: mail.names,
    holdsPrivateKey: mail.holdsPrivateKey,
    putAwayAt: mail.putAwayAt,
  };
}

export function toCertificate(row: CertificateRecord): ImportedCertificate {
  return {
    ...plainFields(row),
    certificateId: certificateIdSchema.parse(row.certificateId),
    mode: oneOf(importModes, row.mode),
    certificateRef: row.certificateRef === null ? null : vaultRefSchema.parse(row.certificateRef),
    keyRef: row.keyRef === null ? null : vaultRefSchema.parse(row.keyRef),
    orderId: row.orderId === null ? null : orderIdSchema.parse(row.orderId),
  };
}

export function fromCertificate(certificate: ImportedCertificate): CertificateRecord {
  const { certificateId, mode, certificateRef, keyRef, orderId } = certificate;
  return { ...plainFields(certificate), certificateId, mode, certificateRef, keyRef, orderId };
}

type PlainField = Exclude<
  keyof ImportedCertificate,
  "certificateId" | "mode" | "certificateRef" | "keyRef" | "orderId"
>;

function plainFields(row: Pick<ImportedCertificate, PlainField>): Pick<ImportedCertificate, PlainField> {
  return {
    fingerprintSha256: row.fingerprintSha256,
    spkiSha256: row.spkiSha256,
    serialNumber: row.serialNumber,
    commonName: row.commonName,
    dnsNames: row.dnsNames,
    organization: row.organization,
    issuer: row.issuer,
    keyType: row.keyType,
    signatureAlgorithm: row.signatureAlgorithm,
    validFrom: row.validFrom,
    validTo: row.validTo,
    isChainComplete: row.isChainComplete,
    chainNames: row.chainNames,
    caCertificateId: row.caCertificateId,
    version: row.version,
    isCurrent: row.isCurrent,
    notes: row.notes,
    importedAt: row.importedAt,
    importedBy: row.importedBy,
  };
}

/** Words are taken as they stand: an altered entry is for the chain to find, and no reason to show none of the others. */
export function toAuditEntry(row: AuditRecord): AuditEntry {
  const { actorKind: kind, actorId, actorName: name } = row;
  return {
    auditId: row.auditId,
    at: row.at,
    actor: { kind: asStored<AuditEntry["actor"]["kind"]>(kind), actorId, name },
    act: asStored<AuditEntry["act"]>(row.act),
    subject: {
      kind: asStored<AuditEntry["subject"]["kind"]>(row.subjectKind),
      id: row.subjectId,
      label: row.subjectLabel,
    },
    outcome: asStored<AuditEntry["outcome"]>(row.outcome),
    code: row.code === null ? null : asStored<RefusalCode>(row.code),
    details: row.details,
  };
}

/** Written by the domain alone, and sealed; an old entry keeps its word even when the list has moved on. */
function asStored<Word extends string>(text: string): Word {
  return text as Word;
}

export function fromAuditEntry(entry: AuditEntry): Omit<AuditRecord, "sequence" | "hash" | "mac"> {
  return {
    auditId: entry.auditId,
    at: entry.at,
    actorKind: entry.actor.kind,
    actorId: entry.actor.actorId,
    actorName: entry.actor.name,
    act: entry.act,
    subjectKind: entry.subject.kind,
    subjectId: entry.subject.id,
    subjectLabel: entry.subject.label,
    outcome: entry.outcome,
    code: entry.code,
    details: entry.details,
  };
}
