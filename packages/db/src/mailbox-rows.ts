import {
  type FolderPosition,
  type Mailbox,
  type MailboxFault,
  mailboxErrorKinds,
  mailboxIdSchema,
  mailSecurities,
  vaultRefSchema,
  type Write,
} from "@sealpost/domain";
import { asc, eq } from "drizzle-orm";
import { oneOf } from "./one-of.ts";
import type { Db } from "./open-database.ts";
import { mailboxes, mailboxPositions, receivedMails } from "./schema.ts";

type MailboxRecord = typeof mailboxes.$inferSelect;
type PositionRecord = typeof mailboxPositions.$inferSelect;
type WriteOf<Name extends Write["write"]> = Extract<Write, { write: Name }>;

export function readMailbox(db: Db, mailboxId: string): Mailbox | null {
  const row = db.select().from(mailboxes).where(eq(mailboxes.mailboxId, mailboxId)).get();
  return row ? toMailbox(row, positionsOf(db, mailboxId)) : null;
}

export function readMailboxes(db: Db): readonly Mailbox[] {
  const rows = db.select().from(mailboxes).orderBy(asc(mailboxes.connectedAt)).all();
  return rows.map((row) => toMailbox(row, positionsOf(db, row.mailboxId)));
}

export function saveMailbox(db: Db, { mailbox }: WriteOf<"mailbox-saved">): void {
  const { mailboxId, connectedAt, ...row } = fromMailbox(mailbox);
  db.insert(mailboxes)
    .values({ mailboxId, connectedAt, ...row, ...fromFault(null), seenAt: null, lastMailAt: null })
    .onConflictDoUpdate({ target: mailboxes.mailboxId, set: row })
    .run();
}

export function restartMailbox(db: Db, { mailboxId }: WriteOf<"mailbox-restarted">): void {
  db.delete(mailboxPositions).where(eq(mailboxPositions.mailboxId, mailboxId)).run();
  db.update(mailboxes)
    .set({ seenAt: null, lastMailAt: null, ...fromFault(null) })
    .where(eq(mailboxes.mailboxId, mailboxId))
    .run();
  // Another mailbox may count as this one did: a place that was kept would be somebody else's mail there.
  db.update(receivedMails).set({ uidValidity: "" }).where(eq(receivedMails.mailboxId, mailboxId)).run();
}

/** Often, and so by prepared statements. Resolves to how many mailboxes there were to move: one, or none. */
export function movePosition(db: Db, write: WriteOf<"mailbox-position">): { readonly changes: number } {
  const { mailboxId, position, receivedAt } = write;
  const at = receivedAt?.getTime() ?? null;
  const result = db
    .statement(
      "update mailboxes set last_mail_at = coalesce(max(last_mail_at, ?), ?, last_mail_at) where mailbox_id = ?",
    )
    .run(at, at, mailboxId);
  if (result.changes === 0) return result;
  db.statement(
    `insert into mailbox_positions (mailbox_id, folder, uid_validity, last_uid) values (?, ?, ?, ?)
     on conflict do update set uid_validity = excluded.uid_validity, last_uid = excluded.last_uid`,
  ).run(mailboxId, position.folder, position.uidValidity, position.lastUid);
  return result;
}

export function saveSeen(db: Db, { mailboxId, seenAt, fault }: WriteOf<"mailbox-seen">) {
  return db
    .update(mailboxes)
    .set({ ...(seenAt ? { seenAt } : {}), ...fromFault(fault) })
    .where(eq(mailboxes.mailboxId, mailboxId))
    .run();
}

function positionsOf(db: Db, mailboxId: string): readonly FolderPosition[] {
  const rows = db.select().from(mailboxPositions).where(eq(mailboxPositions.mailboxId, mailboxId)).all();
  return rows.map(({ folder, uidValidity, lastUid }: PositionRecord) => ({ folder, uidValidity, lastUid }));
}

function toMailbox(row: MailboxRecord, positions: readonly FolderPosition[]): Mailbox {
  return {
    mailboxId: mailboxIdSchema.parse(row.mailboxId),
    label: row.label,
    host: row.host,
    port: row.port,
    security: oneOf(mailSecurities, row.security),
    userName: row.userName,
    credentialRef: row.credentialRef === null ? null : vaultRefSchema.parse(row.credentialRef),
    folders: row.folders,
    lookBackDays: row.lookBackDays,
    state: oneOf(["connected", "paused", "disconnected"], row.state),
    connectedAt: row.connectedAt,
    watch: { seenAt: row.seenAt, lastMailAt: row.lastMailAt, positions, fault: toFault(row) },
  };
}

function toFault({ faultKind, faultMessage, faultFolders, faultAt }: MailboxRecord): MailboxFault | null {
  if (faultKind === null || faultAt === null) return null;
  const kind = oneOf(mailboxErrorKinds, faultKind);
  return { kind, serverMessage: faultMessage, folders: faultFolders ?? [], at: faultAt };
}

function fromFault(fault: MailboxFault | null) {
  return {
    faultKind: fault?.kind ?? null,
    faultMessage: fault?.serverMessage ?? null,
    faultFolders: fault?.folders ?? null,
    faultAt: fault?.at ?? null,
  };
}

/** What a person sets; how following goes has writes of its own. */
function fromMailbox(mailbox: Mailbox) {
  return {
    mailboxId: mailbox.mailboxId,
    label: mailbox.label,
    host: mailbox.host,
    port: mailbox.port,
    security: mailbox.security,
    userName: mailbox.userName,
    credentialRef: mailbox.credentialRef,
    folders: mailbox.folders,
    lookBackDays: mailbox.lookBackDays,
    state: mailbox.state,
    connectedAt: mailbox.connectedAt,
  };
}
