import { authorize } from "../actor.ts";
import { auditDone, type Ctx } from "../context.ts";
import type { AuditCheck, AuditPage, AuditQuery } from "../ports/store.ts";
import type { AuditEntry } from "./audit-entry.ts";
import { exportedEntry, exportedHead, exportOpening } from "./audit-export.ts";
import type { AuditHead, ChainPlace } from "./chain.ts";

/** How many entries are checked or exported at a time, so that nobody waits behind them for long. */
const atOnce = 1000;

/** One page of the audit log, newest first. */
export async function listAudit(ctx: Ctx, query: AuditQuery): Promise<AuditPage> {
  authorize(ctx.actor, "audit:see");
  return await ctx.store.listAudit(query);
}

/** Everybody who stands in it, for choosing among them. */
export async function listAuditActors(ctx: Ctx): Promise<readonly AuditEntry["actor"][]> {
  authorize(ctx.actor, "audit:see");
  return await ctx.store.auditActors();
}

/** Where the chain ends. */
export async function getAuditHead(ctx: Ctx): Promise<AuditHead | null> {
  authorize(ctx.actor, "audit:see");
  return await ctx.store.auditHead();
}

/** Checks the next stretch of the chain, from a place that holds; the caller goes on from where it got. */
export async function checkAudit(ctx: Ctx, from: ChainPlace): Promise<AuditCheck> {
  authorize(ctx.actor, "audit:see");
  return await ctx.store.checkAudit(from, atOnce);
}

/** The whole log as lines of text, up to an entry that tells of this export. Whoever reads it can verify it offline. */
export async function exportAudit(ctx: Ctx): Promise<AsyncIterable<string>> {
  authorize(ctx.actor, "audit:see");
  const subject = { kind: "console", id: "console", label: "Sealpost" } as const;
  const audit = [auditDone(ctx, ctx.clock.now(), { act: "audit.export", subject })];
  await ctx.store.commit({ writes: [], audit });
  const head = await ctx.store.auditHead();
  return linesUpTo(ctx, head);
}

async function* linesUpTo({ store }: Ctx, head: AuditHead | null): AsyncGenerator<string> {
  yield `${exportOpening}\n`;
  const end = head?.sequence ?? 0;
  let sequence = 0;
  while (sequence < end) {
    const entries = (await store.auditAfter(sequence, atOnce)).filter((one) => one.sequence <= end);
    if (entries.length === 0) break;
    yield entries.map((one) => `${exportedEntry(one)}\n`).join("");
    sequence = entries.at(-1)?.sequence ?? end;
  }
  if (head) yield `${exportedHead(head)}\n`;
}
