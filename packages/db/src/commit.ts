import {
  type AuditSeal,
  type Change,
  Conflict,
  type ConflictReason,
  isDiskFull,
  type Write,
} from "@sealpost/domain";
import { and, count, desc, eq, isNull, lt, sql } from "drizzle-orm";
import { appendAudit } from "./audit-chain.ts";
import { movePosition, restartMailbox, saveMailbox, saveSeen } from "./mailbox-rows.ts";
import type { Db } from "./open-database.ts";
import {
  derived,
  insertOrder,
  searchWords,
  selectIssued,
  toIssuances,
  toOrder,
  toOrderValues,
  updateOrder,
} from "./order-rows.ts";
import { moveCount, readRecord, storedOrder } from "./orders-store.ts";
import { addPasskey, removePasskey, renamePasskey } from "./passkey-store.ts";
import {
  changePerson,
  disablePerson,
  endSessions,
  insertPerson,
  linkIdentity,
  recoverPerson,
  resetPerson,
  unlockPerson,
} from "./people-store.ts";
import {
  fromAccount,
  fromCertificate,
  fromEvidence,
  fromMail,
  fromPreferences,
  fromProgress,
  fromRequest,
  fromSync,
} from "./rows.ts";
import {
  accounts,
  certificates,
  issuances,
  orders,
  personPreferences,
  receivedMails,
  resendRequests,
} from "./schema.ts";

/**
 * Applies a change in one synchronous transaction, or nothing of it. No I/O but the database's can happen inside:
 * better-sqlite3 is synchronous, and an `async` callback would commit before its work was done.
 */
export function applyChange(db: Db, change: Change, seal: AuditSeal | null, now: Date): void {
  try {
    // Whoever waits for the disk holds up everybody, and what a CA lists or a mailbox holds can be read again.
    if (isRepeatable(change)) db.raw.pragma("synchronous = NORMAL");
    db.transaction(
      () => {
        for (const write of change.writes) apply(db, write, now);
        appendAudit(db, seal, change.audit, now);
      },
      { behavior: "immediate" },
    );
  } catch (error) {
    const reason = conflictReason(error);
    throw reason ? new Conflict(reason) : error;
  } finally {
    if (isRepeatable(change)) db.raw.pragma("synchronous = FULL");
  }
}

/** A power cut may take the last of these, never a part of one: they are written to the log in turn. */
function isRepeatable({ writes, audit }: Change): boolean {
  return audit.length === 0 && writes.every(({ write }) => repeatable.has(write));
}

/** Whether it comes of reading a list or a mailbox, for which nobody waits. */
export function isOfReading(change: Change): boolean {
  return isRepeatable(change) && change.writes.some(({ write }) => write !== "order-synced");
}

const repeatable: ReadonlySet<Write["write"]> = new Set([
  "order-synced",
  "account-sync",
  "mail-placed",
  "mailbox-position",
  "mailbox-seen",
]);

function apply(db: Db, write: Write, now: Date): void {
  switch (write.write) {
    case "order-synced":
      return saveOrder(db, write.order, now);
    case "orders-gone":
      return markGone(db, write);
    case "resend-requested":
      return void db.insert(resendRequests).values(fromRequest(write.request)).run();
    case "resend-moved":
      return moveRequest(db, write);
    case "resend-evidence":
      return proveRequest(db, write);
    case "mail-received":
      return void db.insert(receivedMails).values(fromMail(write.mail)).run();
    case "mail-matched": {
      const { mailId, ...row } = fromMail(write.mail);
      const own = and(eq(receivedMails.mailId, mailId), isNull(receivedMails.orderId));
      return need(db.update(receivedMails).set(row).where(own).run(), "row-gone");
    }
    case "mail-placed": {
      const { folder, uidValidity, uid } = write.place;
      const own = eq(receivedMails.mailId, write.mailId);
      return need(db.update(receivedMails).set({ folder, uidValidity, uid }).where(own).run(), "row-gone");
    }
    case "mail-put-away": {
      const { putAwayAt } = write;
      const own = and(eq(receivedMails.mailId, write.mailId), isNull(receivedMails.orderId));
      return need(db.update(receivedMails).set({ putAwayAt }).where(own).run(), "row-gone");
    }
    case "certificate-imported":
      return saveCertificate(db, write, now);
    case "certificate-completed":
      return completeCertificate(db, write);
    case "certificate-made-current":
      return makeCurrent(db, write);
    case "certificate-notes": {
      const { certificateId, notes } = write;
      const own = eq(certificates.certificateId, certificateId);
      return need(db.update(certificates).set({ notes }).where(own).run(), "row-gone");
    }
    case "certificate-deleted":
      return deleteCertificate(db, write, now);
    case "person-invited":
      return insertPerson(db, write);
    case "identity-linked":
      return linkIdentity(db, write);
    case "person-changed":
      return changePerson(db, write);
    case "person-disabled":
      return disablePerson(db, write);
    case "person-reset":
      return resetPerson(db, write);
    case "person-recovered":
      return recoverPerson(db, write);
    case "person-unlocked":
      return unlockPerson(db, write);
    case "sessions-ended":
      return endSessions(db, write);
    case "passkey-added":
      return addPasskey(db, write);
    case "passkey-renamed":
      return renamePasskey(db, write);
    case "passkey-removed":
      return removePasskey(db, write);
    case "account-saved":
      return saveAccount(db, write);
    case "preferences-saved":
      return savePreferences(db, write);
    case "account-sync": {
      const own = eq(accounts.caAccountId, write.caAccountId);
      return need(db.update(accounts).set(fromSync(write.sync)).where(own).run(), "row-gone");
    }
    case "mailbox-saved":
      return saveMailbox(db, write);
    case "mailbox-restarted":
      return restartMailbox(db, write);
    case "mailbox-position":
      return need(movePosition(db, write), "row-gone");
    case "mailbox-seen":
      return need(saveSeen(db, write), "row-gone");
  }
}

type WriteOf<Name extends Write["write"]> = Extract<Write, { write: Name }>;

/** A guard: exactly one row must have been touched. */
function need(result: { readonly changes: number }, reason: ConflictReason): void {
  if (result.changes !== 1) throw new Conflict(reason);
}

function saveOrder(db: Db, order: WriteOf<"order-synced">["order"], now: Date): void {
  // Two readers of a new order may each have made an id; the first one stays.
  const known = storedOrder(db, order.caAccountId, order.caOrderId);
  const orderId = known?.orderId ?? order.orderId;
  const searchRow = saveWords(db, orderId, known?.searchRow ?? null, searchWords(order));
  const values = { ...toOrderValues(order, searchRow, now), orderId };
  if (!known) db.statement(insertOrder).run(values);
  for (const [place, { caCertificateId, validFrom, validTo }] of order.issuances.entries())
    db.statement(
      `insert into issuances (order_id, ca_certificate_id, place, valid_from, valid_to) values (?, ?, ?, ?, ?)
       on conflict do update set place = excluded.place, valid_from = excluded.valid_from, valid_to = excluded.valid_to`,
    ).run(orderId, caCertificateId, place, validFrom.getTime(), validTo.getTime());
  const issued = readIssued(db, orderId);
  const whole = { ...values, issued, ...derived({ ...order, ...toIssuances(issued) }, now) };
  db.statement(updateOrder).run(whole);
  moveCount(db, order.caAccountId, known?.attention ?? null, whole.attention);
  saveNames(db, orderId, known ? storedNames(db, orderId) : [], [...new Set(order.dnsNames)].sort());
}

function readIssued(db: Db, orderId: string): string {
  return db.statement<string>(selectIssued).pluck().get(orderId) ?? "[]";
}

function storedNames(db: Db, orderId: string): string[] {
  return db
    .statement<string>("select dns_name from order_names where order_id = ? order by dns_name")
    .pluck()
    .all(orderId);
}

/** Most syncs change none of them. */
function saveNames(db: Db, orderId: string, stored: readonly string[], wanted: readonly string[]): void {
  if (stored.join(" ") === wanted.join(" ")) return;
  if (stored.length > 0) db.statement("delete from order_names where order_id = ?").run(orderId);
  for (const dnsName of wanted)
    db.statement("insert into order_names (order_id, dns_name) values (?, ?)").run(orderId, dnsName);
}

/** The row that holds the words. They are found by it: the index has no other way to one order than through all of them. */
function saveWords(db: Db, orderId: string, row: number | null, words: string): number {
  if (row === null) {
    const written = db
      .statement("insert into order_search (order_id, words) values (?, ?)")
      .run(orderId, words);
    return Number(written.lastInsertRowid);
  }
  const stored = db.statement("select words from order_search where rowid = ?").pluck().get(row);
  if (stored !== words) db.statement("update order_search set words = ? where rowid = ?").run(words, row);
  return row;
}

function refreshDerived(db: Db, orderId: string, now: Date): void {
  const record = readRecord(db, orderId);
  if (!record) return;
  const issued = readIssued(db, orderId);
  const values = { issued, ...derived(toOrder({ ...record, issued }), now) };
  db.statement(
    `update orders set issued = @issued, attention = @attention, expires_at = @expiresAt, sort_end = @sortEnd,
      latest_valid_to = @latestValidTo where order_id = @orderId`,
  ).run({ ...values, orderId });
  moveCount(db, record.caAccountId, record.attention, values.attention);
}

function markGone(db: Db, { caAccountId, before, goneAt }: WriteOf<"orders-gone">): void {
  const vanished = and(
    eq(orders.caAccountId, caAccountId),
    lt(orders.syncedAt, before),
    isNull(orders.goneAt),
  );
  const counted = db
    .select({ attention: orders.attention, n: count() })
    .from(orders)
    .where(vanished)
    .groupBy(orders.attention)
    .all();
  db.update(orders).set({ goneAt, attention: 2 }).where(vanished).run();
  for (const { attention, n } of counted) moveCount(db, caAccountId, attention, 2, n);
}

function moveRequest(db: Db, { request, from }: WriteOf<"resend-moved">): void {
  const own = and(eq(resendRequests.requestId, request.requestId), eq(resendRequests.status, from));
  need(db.update(resendRequests).set(fromProgress(request)).where(own).run(), "resend-moved-on");
}

function proveRequest(db: Db, { requestId, evidence, from }: WriteOf<"resend-evidence">): void {
  const own = and(eq(resendRequests.requestId, requestId), eq(resendRequests.evidence, from));
  const { caSentAt } = evidence;
  // What a CA's history has said stays said.
  const set = { ...fromEvidence(evidence), ...(caSentAt === null ? {} : { caSentAt }) };
  need(db.update(resendRequests).set(set).where(own).run(), "resend-moved-on");
}

function saveCertificate(db: Db, { certificate }: WriteOf<"certificate-imported">, now: Date): void {
  const { orderId, caCertificateId, certificateId, isCurrent } = certificate;
  if (orderId !== null && isCurrent) endCurrent(db, orderId);
  db.insert(certificates).values(fromCertificate(certificate)).run();
  if (orderId === null) return;
  if (caCertificateId !== null) {
    const own = and(eq(issuances.orderId, orderId), eq(issuances.caCertificateId, caCertificateId));
    db.update(issuances).set({ certificateId }).where(own).run();
  }
  refreshDerived(db, orderId, now);
}

function endCurrent(db: Db, orderId: string): void {
  db.update(certificates).set({ isCurrent: false }).where(eq(certificates.orderId, orderId)).run();
}

function completeCertificate(db: Db, { certificate, from }: WriteOf<"certificate-completed">): void {
  const { certificateId, ...facts } = fromCertificate(certificate);
  const same = and(
    eq(certificates.certificateId, certificateId),
    sql`${certificates.certificateRef} is ${from.certificateRef}`,
    sql`${certificates.keyRef} is ${from.keyRef}`,
  );
  need(db.update(certificates).set(facts).where(same).run(), "row-gone");
}

function makeCurrent(db: Db, { certificateId }: WriteOf<"certificate-made-current">): void {
  const own = eq(certificates.certificateId, certificateId);
  const row = db.select({ orderId: certificates.orderId }).from(certificates).where(own).get();
  if (row?.orderId) endCurrent(db, row.orderId);
  need(db.update(certificates).set({ isCurrent: true }).where(own).run(), "row-gone");
}

function deleteCertificate(db: Db, { certificateId }: WriteOf<"certificate-deleted">, now: Date): void {
  const own = eq(certificates.certificateId, certificateId);
  const row = db.select().from(certificates).where(own).get();
  need(db.delete(certificates).where(own).run(), "row-gone");
  if (!row?.orderId) return;
  const rest = db
    .select()
    .from(certificates)
    .where(eq(certificates.orderId, row.orderId))
    .orderBy(desc(certificates.version))
    .all();
  const before = rest.find(({ caCertificateId }) => caCertificateId === row.caCertificateId);
  db.update(issuances)
    .set({ certificateId: before?.certificateId ?? null })
    .where(eq(issuances.certificateId, certificateId))
    .run();
  // One that was imported later may have ended before what was there, and was never in its place.
  const [next] = rest.toSorted((one, other) => other.validTo.getTime() - one.validTo.getTime());
  if (row.isCurrent && next)
    db.update(certificates)
      .set({ isCurrent: true })
      .where(eq(certificates.certificateId, next.certificateId))
      .run();
  refreshDerived(db, row.orderId, now);
}

function saveAccount(db: Db, { account }: WriteOf<"account-saved">): void {
  const { caAccountId, ...row } = fromAccount(account);
  db.insert(accounts)
    .values({ caAccountId, ...row })
    .onConflictDoUpdate({ target: accounts.caAccountId, set: row })
    .run();
}

function savePreferences(db: Db, { personId, preferences }: WriteOf<"preferences-saved">): void {
  const row = fromPreferences(preferences);
  db.insert(personPreferences)
    .values({ personId, ...row })
    .onConflictDoUpdate({ target: personPreferences.personId, set: row })
    .run();
}

/**
 * Moves orders whose certificate has ended out of "needs action"; touches only those. Without the index's name SQLite
 * takes the one that also begins with `attention`, and looks at every order that needs action.
 */
export function settleAttention(db: Db, now: Date): void {
  const due = "indexed by order_due where attention = 0 and latest_valid_to < ?";
  const ended = db
    .statement<{ readonly caAccountId: string; readonly n: number }>(
      `select ca_account_id as caAccountId, count(*) as n from orders ${due} group by ca_account_id`,
    )
    .all(now.getTime());
  // Reads do not wait for whoever writes.
  if (ended.length === 0) return;
  const settle = db.raw.transaction(() => {
    db.statement(
      `update orders indexed by order_due set attention = 2 where attention = 0 and latest_valid_to < ?`,
    ).run(now.getTime());
    for (const { caAccountId, n } of ended) moveCount(db, caAccountId, 0, 2, n);
  });
  try {
    settle();
  } catch (error) {
    // Who only reads is answered all the same, with what was due before.
    if (!isDiskFull(error)) throw error;
  }
}

const guards: ReadonlyArray<readonly [index: string, reason: ConflictReason]> = [
  ["resend_requests.idempotency_key", "idempotency-key-used"],
  ["resend_requests.order_id, resend_requests.kind", "resend-open"],
  ["received_mails.mailbox_id, received_mails.message_id", "mail-known"],
  ["certificates.fingerprint_sha256", "fingerprint-known"],
  ["account_label", "label-taken"],
  ["user.email", "email-taken"],
  ["passkey.credential_id", "passkey-known"],
  ["account.provider_id, account.account_id", "identity-taken"],
  ["mailbox_label", "label-taken"],
];

/** Which guard a unique index has upheld; SQLite names the columns, or the index where it is over an expression. */
function conflictReason(error: unknown): ConflictReason | null {
  if (error instanceof Conflict) return error.reason;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { message } = cause;
    if ("code" in cause && cause.code === "SQLITE_CONSTRAINT_UNIQUE") {
      return guards.find(([words]) => message.includes(words))?.[1] ?? null;
    }
  }
  return null;
}
