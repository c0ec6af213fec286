import { createHash } from "node:crypto";
import {
  type AuditEntry,
  type AuditHead,
  type AuditSeal,
  type ChainedEntry,
  type ChainPlace,
  canonicalEntry,
  canonicalHead,
  chainStart,
  followChain,
  refuse,
} from "@sealpost/domain";
import { asc, gt } from "drizzle-orm";
import { type Db, StoreOpenError } from "./open-database.ts";
import { fromAuditEntry, toAuditEntry } from "./rows.ts";
import { auditEntries, auditHead } from "./schema.ts";

/**
 * Adds entries to the chain and signs its new head. Inside the transaction of the change they tell of. Throws
 * `vault-locked` where nothing can be sealed: what is traced cannot be done then.
 */
export function appendAudit(db: Db, seal: AuditSeal | null, entries: readonly AuditEntry[], now: Date): void {
  if (entries.length === 0) return;
  if (seal === null) throw refuse({ code: "vault-locked" });
  const head = readHead(db);
  if (head === null) throw new Error("the audit chain has not begun");
  append(db, seal, head, entries, now);
}

function append(db: Db, seal: AuditSeal, from: ChainPlace, entries: readonly AuditEntry[], now: Date): void {
  let { sequence, hash } = from;
  for (const entry of entries.map(wellFormed)) {
    sequence += 1;
    hash = sha256(canonicalEntry(hash, sequence, entry));
    const row = { sequence, ...fromAuditEntry(entry), hash, mac: seal.mac(hash) };
    db.insert(auditEntries).values(row).run();
  }
  const signature = seal.sign(canonicalHead({ sequence, hash, signedAt: now }));
  const row = { sequence, hash, signedAt: now, publicKey: seal.publicKey, signature };
  db.insert(auditHead)
    .values({ only: 1, ...row })
    .onConflictDoUpdate({ target: auditHead.only, set: row })
    .run();
}

/** SQLite keeps text as UTF-8, where half a pair cannot stand: what is hashed must be what is read again. */
function wellFormed(entry: AuditEntry): AuditEntry {
  const { actor, subject, details } = entry;
  return {
    ...entry,
    actor: { ...actor, actorId: actor.actorId.toWellFormed(), name: actor.name.toWellFormed() },
    subject: { ...subject, id: subject.id.toWellFormed(), label: subject.label.toWellFormed() },
    details: Object.fromEntries(
      Object.entries(details).map(([name, value]) => [
        name.toWellFormed(),
        typeof value === "string" ? value.toWellFormed() : value,
      ]),
    ),
  };
}

/**
 * Begins the chain in a database that has none: its first entry says so, and how many older entries it follows. Their
 * hash stands in it, so that they too are fixed from then on; what became of them before, nobody can tell.
 * Throws StoreOpenError when the chain was signed by another vault's key.
 */
export function beginChain(db: Db, seal: AuditSeal, auditId: string, now: Date): void {
  const known = readHead(db);
  if (known !== null) {
    if (known.publicKey === seal.publicKey) return;
    throw new StoreOpenError(
      "The audit log was sealed by another vault's key. Restore the vault and the database from the same backup.",
    );
  }
  const start = { sequence: 0, hash: chainStart };
  const { reached } = followChain(start, allEntries(db), { sha256, mac: null });
  const genesis: AuditEntry = {
    auditId,
    at: now,
    actor: { kind: "system", actorId: "system", name: "Sealpost" },
    act: "audit.begin",
    subject: { kind: "console", id: "console", label: "Sealpost" },
    outcome: "done",
    code: null,
    details: { earlierEntries: reached.sequence },
  };
  db.transaction(() => append(db, seal, reached, [genesis], now), { behavior: "immediate" });
}

export function readHead(db: Db): AuditHead | null {
  const row = db.select().from(auditHead).get();
  if (!row) return null;
  const { sequence, hash, signedAt, publicKey, signature } = row;
  return { sequence, hash, signedAt, publicKey, keyId: sha256(publicKey).slice(0, 16), signature };
}

/** Entries in the order of the chain, from after this number. */
export function entriesAfter(db: Db, sequence: number, limit: number): ChainedEntry[] {
  return db
    .select()
    .from(auditEntries)
    .where(gt(auditEntries.sequence, sequence))
    .orderBy(asc(auditEntries.sequence))
    .limit(limit)
    .all()
    .map((row) => ({ sequence: row.sequence, entry: toAuditEntry(row), hash: row.hash, mac: row.mac }));
}

/** All of them, a thousand at a time. */
function* allEntries(db: Db): Generator<ChainedEntry> {
  let page = entriesAfter(db, 0, 1000);
  while (page.length > 0) {
    yield* page;
    page = entriesAfter(db, page.at(-1)?.sequence ?? 0, 1000);
  }
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
