import { createPublicKey, verify } from "node:crypto";
import {
  type AuditHead,
  type AuditQuery,
  type AuditSeal,
  canonicalHead,
  followChain,
  headFault,
  type Store,
} from "@sealpost/domain";
import { and, desc, eq, gte, inArray, lt, or, sql } from "drizzle-orm";
import { entriesAfter, readHead, sha256 } from "./audit-chain.ts";
import type { Db } from "./open-database.ts";
import { toAuditEntry } from "./rows.ts";
import { auditEntries } from "./schema.ts";

type AuditReads = Pick<
  Store,
  "auditOf" | "listAudit" | "auditActors" | "auditAfter" | "auditHead" | "checkAudit"
>;

/** `seal` tells what the vault's key makes of each hash; null: hashes and the head's signature alone are compared. */
export function auditReads(db: Db, seal: AuditSeal | null): AuditReads {
  return {
    async auditOf({ kind, id }, acts, limit) {
      const own = and(eq(auditEntries.subjectKind, kind), eq(auditEntries.subjectId, id));
      const told = or(eq(auditEntries.outcome, "refused"), inArray(auditEntries.act, [...acts]));
      const newest = db
        .select()
        .from(auditEntries)
        .where(and(own, told))
        .orderBy(desc(auditEntries.sequence));
      return newest.limit(limit).all().map(toAuditEntry);
    },
    async listAudit(query) {
      const rows = db
        .select()
        .from(auditEntries)
        .where(filter(query))
        .orderBy(desc(auditEntries.sequence))
        .limit(query.limit + 1)
        .all();
      const page = rows.slice(0, query.limit);
      const entries = page.map((row) => ({ sequence: row.sequence, entry: toAuditEntry(row) }));
      return { entries, nextBelow: rows.length > query.limit ? (page.at(-1)?.sequence ?? null) : null };
    },
    async auditActors() {
      // From each to the next through the index: there are few people and many entries.
      const rows = db.statement(`
        with recursive actors (id) as (
          select min(actor_id) from audit_entries
          union all select (select min(actor_id) from audit_entries where actor_id > id) from actors where id is not null
        )
        select max(sequence) as sequence from actors join audit_entries on actor_id = id group by id`);
      const newest = new Set(rows.pluck().all());
      return [...newest]
        .flatMap((sequence) =>
          db
            .select()
            .from(auditEntries)
            .where(eq(auditEntries.sequence, Number(sequence)))
            .all(),
        )
        .map((row) => toAuditEntry(row).actor);
    },
    auditAfter: async (sequence, limit) => entriesAfter(db, sequence, limit),
    auditHead: async () => readHead(db),
    async checkAudit(from, limit) {
      const head = readHead(db);
      const entries = entriesAfter(db, from.sequence, limit);
      const { reached, fault } = followChain(from, entries, {
        sha256,
        mac: seal && ((hash) => seal.mac(hash)),
      });
      const newest = Math.max(head?.sequence ?? 0, reached.sequence);
      if (fault || head === null || entries.length === limit) return { reached, fault, head: null, newest };
      const isSigned = (one: AuditHead) => one.publicKey === seal?.publicKey && isSignedHead(one);
      return { reached, fault: headFault(reached, head, seal ? isSigned : isSignedHead), head, newest };
    },
  };
}

function isSignedHead(head: AuditHead): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(head.publicKey, "base64"), format: "der", type: "spki" });
    return verify(null, Buffer.from(canonicalHead(head)), key, Buffer.from(head.signature, "base64"));
  } catch {
    return false;
  }
}

function filter({ actorId, act, subject, outcome, from, before, belowSequence }: AuditQuery) {
  const words = subject.trim();
  const part = `%${words.replace(/[\\%_]/g, "\\$&")}%`;
  return and(
    belowSequence === null ? undefined : lt(auditEntries.sequence, belowSequence),
    actorId === null ? undefined : eq(auditEntries.actorId, actorId),
    act === null ? undefined : eq(auditEntries.act, act),
    outcome === null
      ? undefined
      : sql`${auditEntries.outcome} = ${sql.raw(outcome === "refused" ? "'refused'" : "'done'")}`,
    from === null ? undefined : gte(auditEntries.at, from),
    before === null ? undefined : lt(auditEntries.at, before),
    words === ""
      ? undefined
      : sql`(${auditEntries.subjectLabel} like ${part} escape '\\' or ${auditEntries.subjectId} like ${part} escape '\\')`,
  );
}
