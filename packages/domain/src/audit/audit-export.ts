import { z } from "zod";
import type { AuditEntry } from "./audit-entry.ts";
import type { AuditHead, ChainedEntry } from "./chain.ts";

// An exported audit log is text, one JSON value a line: an opening line, the entries in the order of the chain, and the
// head at the end.

const openingSchema = z.object({ sealpost: z.literal("audit-export"), format: z.literal(1) });

const moment = z.iso.datetime({ precision: 3 }).transform((text) => new Date(text));

const entrySchema = z.object({
  sequence: z.int(),
  hash: z.string(),
  mac: z.string(),
  auditId: z.string(),
  at: moment,
  actor: z.object({ kind: z.string(), actorId: z.string(), name: z.string() }),
  act: z.string(),
  subject: z.object({ kind: z.string(), id: z.string(), label: z.string() }),
  outcome: z.string(),
  code: z.string().nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

const headSchema = z.object({
  head: z.object({
    sequence: z.int(),
    hash: z.string(),
    signedAt: moment,
    publicKey: z.string(),
    signature: z.string(),
  }),
});

export const exportOpening = JSON.stringify({ sealpost: "audit-export", format: 1 });

export function exportedEntry({ sequence, hash, mac, entry }: ChainedEntry): string {
  const { auditId, at, actor, act, subject, outcome, code, details } = entry;
  return JSON.stringify({ sequence, at, actor, act, subject, outcome, code, details, auditId, hash, mac });
}

export function exportedHead({ sequence, hash, signedAt, publicKey, signature }: AuditHead): string {
  return JSON.stringify({ head: { sequence, hash, signedAt, publicKey, signature } });
}

export type ExportLine =
  | { readonly line: "opening" }
  | { readonly line: "entry"; readonly chained: ChainedEntry }
  | { readonly line: "head"; readonly head: Omit<AuditHead, "keyId"> };

/** Null for what is no line of an export. */
export function readExportLine(text: string): ExportLine | null {
  const value = parsed(text);
  if (openingSchema.safeParse(value).success) return { line: "opening" };
  const head = headSchema.safeParse(value);
  if (head.success) return { line: "head", head: head.data.head };
  const entry = entrySchema.safeParse(value);
  if (!entry.success) return null;
  const { sequence, hash, mac, ...facts } = entry.data;
  return { line: "entry", chained: { sequence, hash, mac, entry: asStored(facts) } };
}

/** Words are taken as they stand: whether they are those that were hashed is for the chain to say. */
function asStored(facts: Omit<z.infer<typeof entrySchema>, "sequence" | "hash" | "mac">): AuditEntry {
  return facts as AuditEntry;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
