import { auditActs, checkAudit, getAuditHead, listAudit, listAuditActors } from "@sealpost/domain";
import { z } from "zod";
import { toJson } from "./json.ts";
import { procedure, router } from "./trpc.ts";
import { auditRowView } from "./views.ts";

const listInput = z.object({
  actorId: z.string().max(100).nullable().default(null),
  act: z.enum(auditActs).nullable().default(null),
  subject: z.string().max(200).default(""),
  outcome: z.enum(["done", "refused"]).nullable().default(null),
  from: z.coerce.date().nullable().default(null),
  before: z.coerce.date().nullable().default(null),
  /** Only entries with a lower number than this. */
  cursor: z.int().min(0).nullable().default(null),
  limit: z.int().min(1).max(200).default(50),
});

const placeInput = z.object({ sequence: z.int().min(0), hash: z.string().length(64) });

export const auditRouter = router({
  list: procedure.input(listInput).query(async ({ ctx, input }) => {
    const { cursor, ...query } = input;
    const { entries, nextBelow } = await listAudit(ctx.verb, { ...query, belowSequence: cursor });
    return { entries: entries.map(auditRowView), nextCursor: nextBelow };
  }),

  /** Everybody who stands in the log. */
  actors: procedure.query(async ({ ctx }) =>
    (await listAuditActors(ctx.verb)).map(({ kind, actorId, name }) => ({ kind, actorId, name })),
  ),

  head: procedure.query(async ({ ctx }) => {
    const head = await getAuditHead(ctx.verb);
    return head && toJson({ sequence: head.sequence, signedAt: head.signedAt, text: headText(head) });
  }),

  /** One stretch; the page asks again from where it got, until the head or a fault is reached. */
  check: procedure.input(placeInput).mutation(async ({ ctx, input }) => {
    const { reached, fault, head, newest } = await checkAudit(ctx.verb, input);
    return { reached, fault, newest, headText: head && headText(head) };
  }),
});

function headText({ sequence, hash, keyId }: { sequence: number; hash: string; keyId: string }): string {
  return `${sequence}.${hash}.${keyId}`;
}
