import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import {
  type AuditSeal,
  caAccountIdSchema,
  type DueResend,
  mailWatchOf,
  noPreferences,
  type SilentWindow,
  type Store,
  type VaultLabel,
  type VaultRef,
  vaultRefSchema,
} from "@sealpost/domain";
import { and, asc, desc, eq, gte, inArray, sql } from "drizzle-orm";
import { beginChain } from "./audit-chain.ts";
import { auditReads } from "./audit-reads.ts";
import { applyChange, isOfReading, settleAttention } from "./commit.ts";
import { createLinkStore, type LinkStore } from "./link-store.ts";
import { listCertificates } from "./list-certificates.ts";
import { listOrders } from "./list-orders.ts";
import { readMailbox, readMailboxes } from "./mailbox-rows.ts";
import { mailReads } from "./mails-store.ts";
import { type Db, openDatabase } from "./open-database.ts";
import {
  countOrders,
  countOrdersOf,
  hasAcceptedMail,
  readOrder,
  readOrderRow,
  readOrdersByCaOrderIds,
  readOrdersByName,
  readOrdersByNumber,
  readOrdersBySpki,
  readOrdersWithoutDetails,
} from "./orders-store.ts";
import { createPasskeyStore, type PasskeyStore, readPasskeys } from "./passkey-store.ts";
import {
  readPeople,
  readPerson,
  readPersonOfIdentity,
  readSession,
  readSessionsOf,
  type SessionRecord,
} from "./people-store.ts";
import { noticeRestore } from "./restored.ts";
import { toAccount, toCertificate, toPreferences, toRequest } from "./rows.ts";
import {
  accounts,
  certificates,
  mailboxes,
  personPreferences,
  receivedMails,
  resendRequests,
} from "./schema.ts";

export interface OpenedStore {
  readonly store: Store;
  readonly links: LinkStore;
  readonly passkeys: PasskeyStore;
  /** The session of this token; null when it is none, or has been ended. Whether it has expired is the asker's to see. */
  session(token: string): SessionRecord | null;
  /** For the sign-in library, which keeps its own tables in the same file. */
  readonly database: Db;
  /** The file is a backup put back: what it had queued may have been sent long ago. */
  readonly isRestored: boolean;
  /** Writes a copy of the database as it is at one moment, while others go on reading and writing. */
  backup(file: string): Promise<void>;
  /** Gives back the memory in which pages are kept that nobody reads at the moment. */
  shrink(): void;
  close(): void;
}

export interface StoreOptions {
  readonly file: string;
  /** What seals audit entries; null while the vault is closed: then nothing that is traced can be committed. */
  readonly seal: AuditSeal | null;
  /** Decides what has expired while rows are written. */
  readonly now?: () => Date;
  /** Nobody else works with this store: commits need not leave time in between. */
  readonly isAlone?: boolean;
  /** Whether somebody is being answered: reading lists and mailboxes gives way to them. */
  readonly isAnybodyWaiting?: () => boolean;
}

/** How many times as long as it took a change gives way at most: it goes on where somebody always waits, too. */
const mostGivenWay = 8;

/** Opens the store over one SQLite file. Throws StoreOpenError. */
export function openStore({
  file,
  seal,
  now = () => new Date(),
  isAlone = false,
  isAnybodyWaiting = () => false,
}: StoreOptions): OpenedStore {
  const db = openDatabase(file);
  if (seal) beginChain(db, seal, randomUUID(), now());
  const isRestored = noticeRestore(db, file);
  const store: Store = {
    async commit(change) {
      const startedAt = performance.now();
      applyChange(db, change, seal, now());
      // SQLite works while everybody waits: who commits again and again lets the others have as long in between.
      const ms = performance.now() - startedAt;
      if (!isAlone) await setTimeout(ms);
      if (isOfReading(change))
        for (let time = 0; time < mostGivenWay && isAnybodyWaiting(); time++) await setTimeout(ms);
    },
    order: async (orderId) => readOrder(db, orderId),
    ordersByCaOrderIds: async (caAccountId, ids) => readOrdersByCaOrderIds(db, caAccountId, ids),
    async orderRow(orderId, moment) {
      settleAttention(db, moment);
      return readOrderRow(db, orderId);
    },
    listOrders: async (query) => listOrders(db, query),
    async countOrders(moment, scope) {
      settleAttention(db, moment);
      return countOrders(db, scope);
    },
    hasAcceptedMail: async (scope) => hasAcceptedMail(db, scope),
    countOrdersOf: async (caAccountId) => countOrdersOf(db, caAccountId),
    ordersBySpki: async (spkiSha256, scope) => readOrdersBySpki(db, spkiSha256, scope),
    ordersByNumber: async (caOrderIds, scope) => readOrdersByNumber(db, caOrderIds, scope),
    ordersByName: async (dnsNames, limit, scope) => readOrdersByName(db, dnsNames, limit, scope),
    ordersWithoutDetails: async (caAccountId, limit) => readOrdersWithoutDetails(db, caAccountId, limit),
    ...resendReads(db),
    ...mailReads(db),
    ...certificateReads(db),
    person: async (personId) => readPerson(db, personId),
    personOfIdentity: async (identity) => readPersonOfIdentity(db, identity),
    listPeople: async () => readPeople(db),
    sessionsOf: async (personId) => readSessionsOf(db, personId),
    passkeysOf: async (personId) => readPasskeys(db, personId),
    ...auditReads(db, seal),
    ...otherReads(db),
  };
  return {
    store,
    links: createLinkStore(db),
    passkeys: createPasskeyStore(db),
    session: (token) => readSession(db, token),
    database: db,
    isRestored,
    backup: async (target) => void (await db.raw.backup(target)),
    shrink: () => void db.raw.pragma("shrink_memory"),
    close: () => void db.raw.close(),
  };
}

type ResendReads = Pick<
  Store,
  | "resendRequest"
  | "resendByKey"
  | "resendHistory"
  | "resendsToForward"
  | "resendsForwarding"
  | "resendsWithoutEvidence"
  | "countMailsTo"
>;

function resendReads(db: Db): ResendReads {
  const table = resendRequests;
  return {
    async resendRequest(requestId) {
      const row = db.select().from(table).where(eq(table.requestId, requestId)).get();
      return row ? toRequest(row) : null;
    },
    async resendByKey(key) {
      const row = db.select().from(table).where(eq(table.idempotencyKey, key)).get();
      return row ? toRequest(row) : null;
    },
    async resendHistory(orderId) {
      const rows = db
        .select()
        .from(table)
        .where(eq(table.orderId, orderId))
        .orderBy(desc(table.requestedAt), desc(sql`rowid`));
      return rows.all().map(toRequest);
    },
    resendsToForward: async (due, perAccount) => dueResends(db, due, perAccount),
    async resendsForwarding() {
      return db.select().from(table).where(eq(table.status, "forwarding")).all().map(toRequest);
    },
    resendsWithoutEvidence: async (window, limit) => silentResends(db, window, limit),
    async countMailsTo(address, kind, since) {
      const counted = and(
        eq(table.kind, kind),
        gte(table.requestedAt, since),
        inArray(table.status, ["requested", "forwarding", "accepted", "outcome-unknown"]),
        sql`exists (select 1 from json_each(${table.confirmedRecipients}) where lower(value) = ${address.toLowerCase()})`,
      );
      return db.select({ n: sql<number>`count(*)` }).from(table).where(counted).get()?.n ?? 0;
    },
  };
}

function dueResends(
  db: Db,
  { by, notBehind }: { readonly by: Date; readonly notBehind: Date },
  perAccount: number,
): DueResend[] {
  const due = db
    .statement<{ readonly requestId: string; readonly caAccountId: string }>(
      `select request_id as requestId, ca_account_id as caAccountId from (
        select r.request_id, r.not_before, o.ca_account_id, r.rowid as written,
            row_number() over (partition by o.ca_account_id order by r.not_before, r.rowid) as place
          from resend_requests r join orders o on o.order_id = r.order_id
          where r.status = 'requested' and (r.not_before <= ? or r.not_before > ?))
        where place <= ? order by not_before, written`,
    )
    .all(by.getTime(), notBehind.getTime(), perAccount);
  const ids = due.map(({ requestId }) => requestId);
  const rows = db.select().from(resendRequests).where(inArray(resendRequests.requestId, ids)).all();
  const requests = new Map(rows.map((row) => [row.requestId, toRequest(row)]));
  return due.flatMap(({ requestId, caAccountId }) => {
    const request = requests.get(requestId);
    return request ? [{ request, caAccountId: caAccountIdSchema.parse(caAccountId) }] : [];
  });
}

/** Requests whose mail nothing has shown, the longest silent first; however many there have been of all others. */
export function silentResends(db: Db, { requestedSince, settledBefore }: SilentWindow, limit: number) {
  const ids = db
    .statement<string>(
      `select request_id from resend_requests indexed by resend_silent
        where evidence = 'none' and status in ('accepted', 'outcome-unknown') and requested_at >= ? and settled_at <= ?
        order by settled_at limit ?`,
    )
    .pluck()
    .all(requestedSince.getTime(), settledBefore.getTime(), limit);
  const rows = db.select().from(resendRequests).where(inArray(resendRequests.requestId, ids));
  return rows.orderBy(asc(resendRequests.settledAt)).all().map(toRequest);
}

function certificateReads(
  db: Db,
): Pick<Store, "certificate" | "certificateByFingerprint" | "certificatesOf" | "listCertificates"> {
  return {
    async certificate(certificateId) {
      const row = db.select().from(certificates).where(eq(certificates.certificateId, certificateId)).get();
      return row ? toCertificate(row) : null;
    },
    async certificateByFingerprint(fingerprint) {
      const row = db.select().from(certificates).where(eq(certificates.fingerprintSha256, fingerprint)).get();
      return row ? toCertificate(row) : null;
    },
    certificatesOf: async (orderId) =>
      db
        .select()
        .from(certificates)
        .where(eq(certificates.orderId, orderId))
        .orderBy(desc(certificates.version))
        .all()
        .map(toCertificate),
    listCertificates: async (query) => listCertificates(db, query),
  };
}

function otherReads(
  db: Db,
): Pick<
  Store,
  | "account"
  | "listAccounts"
  | "preferences"
  | "mailbox"
  | "mailboxOf"
  | "mailWatch"
  | "listMailboxes"
  | "vaultItems"
> {
  return {
    async account(caAccountId) {
      const row = db.select().from(accounts).where(eq(accounts.caAccountId, caAccountId)).get();
      return row ? toAccount(row) : null;
    },
    async listAccounts() {
      return db.select().from(accounts).orderBy(asc(accounts.connectedAt)).all().map(toAccount);
    },
    mailbox: async (mailboxId) => readMailbox(db, mailboxId),
    async mailboxOf(mailId) {
      const own = eq(receivedMails.mailId, mailId);
      const row = db.select({ id: receivedMails.mailboxId }).from(receivedMails).where(own).get();
      return row ? readMailbox(db, row.id) : null;
    },
    listMailboxes: async () => readMailboxes(db),
    mailWatch: async () => mailWatchOf(readMailboxes(db)),
    async preferences(personId) {
      const own = eq(personPreferences.personId, personId);
      const row = db.select().from(personPreferences).where(own).get();
      return row ? toPreferences(row) : noPreferences;
    },
    async vaultItems() {
      const labels = new Map<VaultRef, VaultLabel>();
      const name = (ref: string | null, kind: VaultLabel["kind"], boundTo: string) => {
        if (ref !== null) labels.set(vaultRefSchema.parse(ref), { kind, boundTo });
      };
      for (const { caAccountId, credentialRef } of db.select().from(accounts).all())
        name(credentialRef, "ca-credential", caAccountId);
      for (const { mailboxId, credentialRef } of db.select().from(mailboxes).all())
        name(credentialRef, "mailbox-credential", mailboxId);
      const { certificateRef, keyRef, fingerprintSha256 } = certificates;
      for (const row of db.select({ certificateRef, keyRef, fingerprintSha256 }).from(certificates).all()) {
        name(row.certificateRef, "certificate", row.fingerprintSha256);
        name(row.keyRef, "private-key", row.fingerprintSha256);
      }
      return labels;
    },
  };
}
