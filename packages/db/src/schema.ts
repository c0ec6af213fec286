import type { AuditEntry } from "@sealpost/domain";
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** Moments are milliseconds since 1970 in UTC, so that a Date comes back exactly as it went in. */
const moment = (name: string) => integer(name, { mode: "timestamp_ms" });
const list = (name: string) => text(name, { mode: "json" }).$type<readonly string[]>();

// Metadata only: no column here may ever hold a certificate, a key, a CSR, a mail body or a credential.

export const accounts = sqliteTable(
  "ca_accounts",
  {
    caAccountId: text("ca_account_id").primaryKey(),
    adapter: text("adapter").notNull(),
    label: text("label").notNull(),
    baseUrl: text("base_url").notNull(),
    settings: text("settings", { mode: "json" }).$type<Readonly<Record<string, string>>>().notNull(),
    credentialRef: text("credential_ref"),
    state: text("state").notNull(),
    isSandbox: integer("is_sandbox", { mode: "boolean" }).notNull(),
    capabilities: list("capabilities").notNull(),
    connectedAt: moment("connected_at").notNull(),
    syncRunningSince: moment("sync_running_since"),
    syncCompletedAt: moment("sync_completed_at"),
    syncListedUpTo: moment("sync_listed_up_to"),
    syncWholeListAt: moment("sync_whole_list_at"),
    passStartedAt: moment("pass_started_at"),
    passCursor: text("pass_cursor"),
    passChangedSince: moment("pass_changed_since"),
    syncOrdersSeen: integer("sync_orders_seen").notNull(),
    syncOrdersInAll: integer("sync_orders_in_all"),
    faultKind: text("fault_kind"),
    faultMessage: text("fault_message"),
    faultAt: moment("fault_at"),
  },
  (table) => [uniqueIndex("account_label").on(sql`lower(${table.label})`)],
);

export const orders = sqliteTable(
  "orders",
  {
    orderId: text("order_id").primaryKey(),
    caAccountId: text("ca_account_id")
      .notNull()
      .references(() => accounts.caAccountId),
    caOrderId: text("ca_order_id").notNull(),
    product: text("product").notNull(),
    validationType: text("validation_type").notNull(),
    commonName: text("common_name").notNull(),
    status: text("status").notNull(),
    vendorStatus: text("vendor_status").notNull(),
    csrSpkiSha256: text("csr_spki_sha256"),
    fulfillmentRecipients: text("fulfillment_recipients", { mode: "json" }).$type<
      readonly RecipientRow[] | null
    >(),
    approverRecipients: text("approver_recipients", { mode: "json" }).$type<readonly RecipientRow[] | null>(),
    orderedAt: moment("ordered_at"),
    syncedAt: moment("synced_at").notNull(),
    detailsAt: moment("details_at"),
    goneAt: moment("gone_at"),
    /** 0 needs action, 1 with the CA, 2 nothing to do: derived, kept for the list's order. */
    attention: integer("attention").notNull(),
    /** Derived: the date the list shows. */
    expiresAt: moment("expires_at"),
    /** Derived: the same in milliseconds, or a number after every date, so that orders without one sort last. */
    sortEnd: integer("sort_end").notNull(),
    /** Derived: when the newest issuance ends; moves an order out of "needs action". */
    latestValidTo: moment("latest_valid_to"),
    /** Derived: the names as they are shown, and the issuances as `selectIssued` reads them, so that a row of the list is one row. */
    names: text("names", { mode: "json" }).$type<readonly string[]>().notNull().default([]),
    issued: text("issued", { mode: "json" }).$type<readonly unknown[]>().notNull().default([]),
    /** The row of `order_search` that holds the order's words; null until they are written. */
    searchRow: integer("search_row"),
  },
  (table) => [
    uniqueIndex("order_of_account").on(table.caAccountId, table.caOrderId),
    index("order_by_attention").on(table.attention, table.sortEnd, table.orderId),
    index("order_by_expiry").on(table.sortEnd, table.orderId),
    // The list's order once more for each status and each account: a filter that few orders pass shall not look at all.
    index("order_by_status").on(table.status, table.attention, table.sortEnd, table.orderId),
    index("order_by_account").on(table.caAccountId, table.attention, table.sortEnd, table.orderId),
    index("order_by_key").on(table.csrSpkiSha256),
    index("order_by_number").on(table.caOrderId),
    index("order_by_beginning").on(sql`lower(${table.commonName})`),
    uniqueIndex("order_by_search_row").on(table.searchRow),
    index("order_due").on(table.latestValidTo).where(sql`${table.attention} = 0`),
    index("order_listed").on(table.caAccountId).where(sql`${table.goneAt} is null`),
    index("order_without_details")
      .on(table.caAccountId, table.attention)
      .where(sql`${table.detailsAt} is null`),
  ],
);

/**
 * How many orders each group of the list holds. Kept by whoever writes `attention`, and not by triggers: with one, each
 * insert needs a statement journal, which for so many indexes goes to the disk.
 */
export const orderCounts = sqliteTable(
  "order_counts",
  {
    caAccountId: text("ca_account_id").notNull(),
    attention: integer("attention").notNull(),
    n: integer("n").notNull(),
  },
  (table) => [primaryKey({ columns: [table.caAccountId, table.attention] })],
);

export interface RecipientRow {
  readonly address: string;
  readonly source: string;
}

export const orderNames = sqliteTable(
  "order_names",
  {
    orderId: text("order_id")
      .notNull()
      .references(() => orders.orderId, { onDelete: "cascade" }),
    dnsName: text("dns_name").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.dnsName] }),
    index("order_by_name").on(table.dnsName),
  ],
);

export const issuances = sqliteTable(
  "issuances",
  {
    orderId: text("order_id")
      .notNull()
      .references(() => orders.orderId, { onDelete: "cascade" }),
    caCertificateId: text("ca_certificate_id").notNull(),
    /** 0 for the certificate in force, the others behind it. */
    place: integer("place").notNull().default(0),
    validFrom: moment("valid_from").notNull(),
    validTo: moment("valid_to").notNull(),
    certificateId: text("certificate_id"),
  },
  (table) => [primaryKey({ columns: [table.orderId, table.caCertificateId] })],
);

export const resendRequests = sqliteTable(
  "resend_requests",
  {
    requestId: text("request_id").primaryKey(),
    orderId: text("order_id")
      .notNull()
      .references(() => orders.orderId),
    kind: text("kind").notNull(),
    idempotencyKey: text("idempotency_key").notNull(),
    confirmedRecipients: list("confirmed_recipients").notNull(),
    chosenRecipients: list("chosen_recipients").notNull().default([]),
    format: text("format"),
    /** Only until the request has ended. */
    message: text("message"),
    personId: text("person_id").notNull(),
    personName: text("person_name").notNull(),
    requestedAt: moment("requested_at").notNull(),
    status: text("status").notNull(),
    notBefore: moment("not_before").notNull(),
    attempts: integer("attempts").notNull(),
    claimedAt: moment("claimed_at"),
    settledAt: moment("settled_at"),
    reason: text("reason"),
    caMessage: text("ca_message"),
    answeredInMs: integer("answered_in_ms"),
    evidence: text("evidence").notNull().default("none"),
    evidenceAt: moment("evidence_at"),
    evidenceAddress: text("evidence_address"),
    evidenceCode: text("evidence_code"),
    /** The refusing server's words, at most a line. */
    evidenceWords: text("evidence_words"),
    evidenceMailId: text("evidence_mail_id"),
    caSentAt: moment("ca_sent_at"),
  },
  (table) => [
    uniqueIndex("resend_key").on(table.idempotencyKey),
    uniqueIndex("resend_open")
      .on(table.orderId, table.kind)
      .where(sql`${table.status} in ('requested', 'forwarding')`),
    index("resend_of_order").on(table.orderId, table.requestedAt),
    index("resend_due").on(table.status, table.notBefore),
    index("resend_recent").on(table.kind, table.requestedAt),
    index("resend_silent")
      .on(table.settledAt)
      .where(sql`${table.evidence} = 'none' and ${table.status} in ('accepted', 'outcome-unknown')`),
  ],
);

/** Mails that CAs sent, as far as they concern orders. Never a subject or a body. */
export const receivedMails = sqliteTable(
  "received_mails",
  {
    mailId: text("mail_id").primaryKey(),
    mailboxId: text("mailbox_id").notNull(),
    messageId: text("message_id").notNull(),
    folder: text("folder").notNull(),
    uidValidity: text("uid_validity").notNull(),
    uid: integer("uid").notNull(),
    receivedAt: moment("received_at").notNull(),
    sentAt: moment("sent_at"),
    sender: text("sender"),
    recipients: list("recipients").notNull(),
    dkim: text("dkim").notNull(),
    dmarc: text("dmarc").notNull(),
    senderVerdict: text("sender_verdict").notNull(),
    kind: text("kind").notNull(),
    orderId: text("order_id").references(() => orders.orderId),
    matchedBy: list("matched_by").notNull(),
    contradictions: list("contradictions").notNull(),
    requestId: text("request_id").references(() => resendRequests.requestId),
    /** Only while no order is known. */
    orderNumbers: list("order_numbers").notNull(),
    /** Only while no order is known. */
    names: list("names").notNull(),
    holdsPrivateKey: integer("holds_private_key", { mode: "boolean" }).notNull(),
    /** When somebody said that it is about no order of ours. */
    putAwayAt: moment("put_away_at"),
  },
  (table) => [
    uniqueIndex("mail_of_mailbox").on(table.mailboxId, table.messageId),
    index("mail_by_message_id").on(table.messageId),
    index("mail_of_order").on(table.orderId, table.receivedAt),
    index("mail_arrived").on(table.receivedAt).where(sql`${table.orderId} is not null`),
    index("mail_unmatched")
      .on(table.receivedAt)
      .where(sql`${table.orderId} is null and ${table.putAwayAt} is null`),
  ],
);

export const certificates = sqliteTable(
  "certificates",
  {
    certificateId: text("certificate_id").primaryKey(),
    fingerprintSha256: text("fingerprint_sha256").notNull(),
    spkiSha256: text("spki_sha256").notNull(),
    serialNumber: text("serial_number").notNull(),
    commonName: text("common_name").notNull(),
    dnsNames: list("dns_names").notNull(),
    organization: text("organization"),
    issuer: text("issuer").notNull(),
    keyType: text("key_type").notNull(),
    signatureAlgorithm: text("signature_algorithm").notNull(),
    validFrom: moment("valid_from").notNull(),
    validTo: moment("valid_to").notNull(),
    isChainComplete: integer("is_chain_complete", { mode: "boolean" }).notNull(),
    chainNames: list("chain_names").notNull(),
    mode: text("mode").notNull(),
    certificateRef: text("certificate_ref"),
    keyRef: text("key_ref"),
    orderId: text("order_id").references(() => orders.orderId),
    caCertificateId: text("ca_certificate_id"),
    version: integer("version").notNull(),
    isCurrent: integer("is_current", { mode: "boolean" }).notNull().default(true),
    notes: text("notes").notNull(),
    importedAt: moment("imported_at").notNull(),
    importedBy: text("imported_by").notNull(),
  },
  (table) => [
    uniqueIndex("certificate_fingerprint").on(table.fingerprintSha256),
    index("certificate_by_end").on(table.validTo, table.certificateId),
    index("certificate_of_order").on(table.orderId),
    index("certificate_by_key").on(table.spkiSha256),
    index("certificate_by_serial").on(table.serialNumber),
  ],
);

export const personPreferences = sqliteTable("person_preferences", {
  personId: text("person_id").primaryKey(),
  views: text("views", { mode: "json" }).$type<readonly ViewRow[]>().notNull(),
  columns: list("columns"),
  hasSingleKeys: integer("has_single_keys", { mode: "boolean" }).notNull(),
  language: text("language"),
  showsFirstSteps: integer("shows_first_steps", { mode: "boolean" }).notNull().default(true),
  dismissedMails: list("dismissed_mails").notNull().default([]),
});

export interface ViewRow {
  readonly name: string;
  readonly query: string;
}

export const mailboxes = sqliteTable(
  "mailboxes",
  {
    mailboxId: text("mailbox_id").primaryKey(),
    label: text("label").notNull(),
    host: text("host").notNull(),
    port: integer("port").notNull(),
    security: text("security").notNull(),
    userName: text("user_name").notNull(),
    credentialRef: text("credential_ref"),
    folders: list("folders").notNull(),
    lookBackDays: integer("look_back_days").notNull(),
    state: text("state").notNull(),
    connectedAt: moment("connected_at").notNull(),
    seenAt: moment("seen_at"),
    lastMailAt: moment("last_mail_at"),
    faultKind: text("fault_kind"),
    faultMessage: text("fault_message"),
    faultFolders: list("fault_folders"),
    faultAt: moment("fault_at"),
  },
  (table) => [uniqueIndex("mailbox_label").on(sql`lower(${table.label})`)],
);

export const mailboxPositions = sqliteTable(
  "mailbox_positions",
  {
    mailboxId: text("mailbox_id")
      .notNull()
      .references(() => mailboxes.mailboxId, { onDelete: "cascade" }),
    folder: text("folder").notNull(),
    uidValidity: text("uid_validity").notNull(),
    lastUid: integer("last_uid").notNull(),
  },
  (table) => [primaryKey({ columns: [table.mailboxId, table.folder] })],
);

export const auditEntries = sqliteTable(
  "audit_entries",
  {
    sequence: integer("sequence").primaryKey({ autoIncrement: true }),
    auditId: text("audit_id").notNull(),
    at: moment("at").notNull(),
    actorKind: text("actor_kind").notNull(),
    actorId: text("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    act: text("act").notNull(),
    subjectKind: text("subject_kind").notNull(),
    subjectId: text("subject_id").notNull(),
    subjectLabel: text("subject_label").notNull(),
    outcome: text("outcome").notNull(),
    code: text("code"),
    details: text("details", { mode: "json" }).$type<AuditEntry["details"]>().notNull(),
    /** Over the entry and the hash before it; empty in entries from before the chain. */
    hash: text("hash").notNull().default(""),
    mac: text("mac").notNull().default(""),
  },
  (table) => [
    uniqueIndex("audit_id").on(table.auditId),
    index("audit_of").on(table.subjectKind, table.subjectId, table.sequence),
    index("audit_by_actor").on(table.actorId, table.sequence),
    index("audit_by_act").on(table.act, table.sequence),
    index("audit_refused").on(table.sequence).where(sql`${table.outcome} = 'refused'`),
  ],
);

/** One row: where the audit chain ends, signed. */
export const auditHead = sqliteTable("audit_head", {
  only: integer("only").primaryKey(),
  sequence: integer("sequence").notNull(),
  hash: text("hash").notNull(),
  signedAt: moment("signed_at").notNull(),
  publicKey: text("public_key").notNull(),
  signature: text("signature").notNull(),
});
