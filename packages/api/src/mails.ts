import {
  assignMail,
  getMail,
  listArrivals,
  listUnmatchedMails,
  mailIdSchema,
  orderIdSchema,
  putMailAway,
} from "@sealpost/domain";
import { z } from "zod";
import { procedure, router } from "./trpc.ts";
import { arrivalView, mailView, unmatchedMailsView } from "./views.ts";

const mailInput = z.object({ mailId: mailIdSchema });

export const mailsRouter = router({
  /** What has arrived and waits to be imported. */
  arrivals: procedure.query(async ({ ctx }) => (await listArrivals(ctx.verb)).map(arrivalView)),

  get: procedure.input(mailInput).query(async ({ ctx, input }) => {
    return mailView(await getMail(ctx.verb, input.mailId));
  }),

  /** Mails of CAs that are about no known order, and why. */
  unmatched: procedure.query(async ({ ctx }) => {
    return unmatchedMailsView(await listUnmatchedMails(ctx.verb));
  }),

  /** Takes a mail for one about this order. */
  assign: procedure.input(mailInput.extend({ orderId: orderIdSchema })).mutation(async ({ ctx, input }) => {
    return mailView(await assignMail(ctx.verb, input.mailId, input.orderId, ctx.signal));
  }),

  /** Takes a mail off the list, or puts it back. */
  putAway: procedure.input(mailInput.extend({ isPutAway: z.boolean() })).mutation(async ({ ctx, input }) => {
    await putMailAway(ctx.verb, input.mailId, input.isPutAway);
  }),
});
