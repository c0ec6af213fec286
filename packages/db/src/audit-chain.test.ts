import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuditEntry, type AuditQuery, chainStart } from "@sealpost/domain";
import Database from "better-sqlite3";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type OpenedStore, openStore } from "./index.ts";
import { testSeal } from "./test-seal.ts";

const now = new Date("2026-11-23T12:00:00.123Z");
const start = { sequence: 0, hash: chainStart };

let directory: string;
let file: string;
let opened: OpenedStore;
const open = (seal = testSeal()) => openStore({ file, seal, now: () => now });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "sealpost-audit-"));
  file = join(directory, "sealpost.db");
  opened = open();
});
afterEach(() => {
  opened.close();
  rmSync(directory, { recursive: true });
});

function entry(about: Partial<AuditEntry> = {}): AuditEntry {
  return {
    auditId: randomUUID(),
    at: now,
    actor: { kind: "person", actorId: "ana", name: "Ana" },
    act: "certificate.edit-notes",
    subject: { kind: "certificate", id: "1", label: "example.test" },
    outcome: "done",
    code: null,
    details: {},
    ...about,
  };
}

async function trace(count: number, about: Partial<AuditEntry> = {}): Promise<void> {
  const audit = Array.from({ length: count }, () => entry(about));
  await opened.store.commit({ writes: [], audit });
}

/** What somebody does who may write the file: the console's own guards are gone first. */
function tamper(...statements: readonly string[]): void {
  opened.close();
  const raw = new Database(file);
  raw.exec("drop trigger if exists audit_entries_keep; drop trigger if exists audit_entries_stay");
  for (const statement of statements) raw.exec(statement);
  raw.close();
  opened = open();
}

const check = async () => await opened.store.checkAudit(start, 1000);

describe("the audit chain", () => {
  it("begins with an entry that says so, and holds over every later one, checked in pieces or at once", async () => {
    await trace(7);
    const whole = await check();
    expect(whole).toMatchObject({ fault: null, newest: 8, reached: { sequence: 8 } });
    expect(whole.head).toMatchObject(whole.reached);
    const [genesis] = await opened.store.auditAfter(0, 1);
    expect(genesis?.entry).toMatchObject({ act: "audit.begin", details: { earlierEntries: 0 } });
    let place = start;
    for (let pieces = 0; ; pieces++) {
      const piece = await opened.store.checkAudit(place, 3);
      expect(piece.fault).toBeNull();
      place = piece.reached;
      if (!piece.head) continue;
      expect([pieces, place]).toEqual([2, whole.reached]);
      break;
    }
  });

  it("takes any text that an entry may hold, half pairs and nulls among it", async () => {
    const text = fc.string({ unit: "binary", maxLength: 20 });
    const halves = fc.constantFrom("\ud800", "x\udfff", "\u0000", "\u2028", "é", "\ue000");
    const word = fc.oneof(text, halves);
    await fc.assert(
      fc.asyncProperty(
        word,
        word,
        fc.dictionary(word, fc.oneof(word, fc.integer(), fc.boolean())),
        async (name, label, details) => {
          await trace(1, {
            actor: { kind: "person", actorId: "a", name },
            subject: { kind: "person", id: label, label },
            details,
          });
        },
      ),
      { numRuns: 60 },
    );
    expect((await check()).fault).toBeNull();
  });

  it.each([
    ["a word of an entry", "update audit_entries set actor_name = 'Ben' where sequence = 4", "changed", 4],
    ["its moment", "update audit_entries set at = at + 1 where sequence = 4", "changed", 4],
    ["its moment to none", "update audit_entries set at = 9e18 where sequence = 4", "changed", 4],
    ["its act to an unknown word", "update audit_entries set act = 'x' where sequence = 4", "changed", 4],
    ["its details", "update audit_entries set details = '{\"a\":1}' where sequence = 4", "changed", 4],
    ["a hash", "update audit_entries set hash = '00' where sequence = 4", "changed", 4],
    [
      "a hash away, as if from before the chain",
      "update audit_entries set hash = '', actor_name = 'Ben' where sequence = 4",
      "changed",
      5,
    ],
    ["a seal", "update audit_entries set mac = '00' where sequence = 4", "forged", 4],
    ["an entry away", "delete from audit_entries where sequence = 4", "missing", 4],
    ["the first away", "delete from audit_entries where sequence = 1", "missing", 1],
    ["the newest away", "delete from audit_entries where sequence = 8", "cut-off", 8],
    ["all away", "delete from audit_entries", "cut-off", 1],
    [
      "the newest away, and the head with it",
      "delete from audit_entries where sequence = 8; update audit_head set sequence = 7, hash = (select hash from audit_entries where sequence = 7)",
      "unsigned",
      7,
    ],
    [
      "two entries round",
      "update audit_entries set sequence = -1 where sequence = 4; update audit_entries set sequence = 4 where sequence = 5; update audit_entries set sequence = 5 where sequence = -1",
      "changed",
      4,
    ],
    [
      "an entry in",
      "insert into audit_entries select 9, 'new', at, actor_kind, actor_id, actor_name, act, subject_kind, subject_id, subject_label, outcome, code, details, hash, mac from audit_entries where sequence = 8",
      "changed",
      9,
    ],
    ["the head's moment", "update audit_head set signed_at = signed_at + 1", "unsigned", 8],
  ])("finds it when somebody with the file has taken %s", async (_, statement, problem, sequence) => {
    await trace(7);
    tamper(...statement.split("; "));
    expect((await check()).fault).toEqual({ problem, sequence });
  });

  it("finds a chain that was hashed anew without the vault's key", async () => {
    await trace(3);
    opened.close();
    const raw = new Database(file);
    raw.exec(
      "drop trigger audit_entries_keep; drop trigger audit_entries_stay; delete from audit_entries; delete from audit_head",
    );
    raw.close();
    opened = open(testSeal(2));
    await trace(3);
    expect((await check()).fault).toBeNull();
    opened.close();
    expect(() => open(testSeal(1))).toThrow("sealed by another vault's key");
    opened = openStore({ file, seal: null, now: () => now });
    expect((await check()).fault).toBeNull();
  });

  it("is begun in an older database behind what stands there, which is fixed from then on", async () => {
    await trace(5);
    tamper("delete from audit_head", "update audit_entries set hash = '', mac = ''");
    const [genesis] = await opened.store.auditAfter(6, 1);
    expect(genesis?.entry).toMatchObject({ act: "audit.begin", details: { earlierEntries: 6 } });
    await trace(2);
    expect(await check()).toMatchObject({ fault: null, newest: 9 });
    tamper("update audit_entries set actor_name = 'Ben' where sequence = 3");
    expect((await check()).fault).toEqual({ problem: "changed", sequence: 7 });
  });

  it("lets nothing be traced while the vault is closed, and nothing be done that is traced", async () => {
    await trace(1);
    opened.close();
    opened = openStore({ file, seal: null, now: () => now });
    await expect(trace(1)).rejects.toMatchObject({ refusal: { code: "vault-locked" } });
    expect((await check()).newest).toBe(2);
  });

  it("is neither changed nor shortened through the console's own connection", () => {
    expect(() => opened.database.raw.exec("update audit_entries set actor_name = 'Ben'")).toThrow(
      "append-only",
    );
    expect(() => opened.database.raw.exec("delete from audit_entries")).toThrow("append-only");
  });
});

describe("looking through the trace", () => {
  const query: AuditQuery = {
    actorId: null,
    act: null,
    subject: "",
    outcome: null,
    from: null,
    before: null,
    belowSequence: null,
    limit: 200,
  };
  const found = async (about: Partial<AuditQuery>) =>
    (await opened.store.listAudit({ ...query, ...about })).entries.map(({ sequence }) => sequence);

  it("filters by person, kind, subject, time and outcome, alone and together", async () => {
    await trace(1, { actor: { kind: "person", actorId: "ben", name: "Ben" } });
    await trace(1, { act: "key.export", outcome: "refused", code: "forbidden" });
    await trace(1, { subject: { kind: "order", id: "42", label: "100%_Shop.example.test" } });
    await trace(1, { at: new Date(now.getTime() + 1000) });
    expect(await found({})).toEqual([5, 4, 3, 2, 1]);
    expect(await found({ actorId: "ben" })).toEqual([2]);
    expect(await found({ act: "key.export" })).toEqual([3]);
    expect(await found({ outcome: "refused" })).toEqual([3]);
    expect(await found({ subject: "0%_sHop" })).toEqual([4]);
    expect(await found({ subject: "42" })).toEqual([4]);
    expect(await found({ from: new Date(now.getTime() + 1) })).toEqual([5]);
    expect(await found({ before: new Date(now.getTime() + 1), actorId: "ana" })).toEqual([4, 3]);
    expect(await found({ actorId: "ben", outcome: "refused" })).toEqual([]);
    expect((await opened.store.auditActors()).map(({ name }) => name).sort()).toEqual([
      "Ana",
      "Ben",
      "Sealpost",
    ]);
  });

  it("turns its pages without leaving out or repeating an entry, also while others come", async () => {
    await trace(9);
    const seen: number[] = [];
    let below: number | null = null;
    do {
      const page = await opened.store.listAudit({ ...query, limit: 4, belowSequence: below });
      seen.push(...page.entries.map(({ sequence }) => sequence));
      below = page.nextBelow;
      await trace(1);
    } while (below !== null);
    expect(seen).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });
});
