import {
  authorize,
  connectMailbox,
  mailboxIdSchema,
  mailboxToChange,
  mailSecurities,
  setMailboxState,
  testMailbox,
} from "@sealpost/domain";
import { z } from "zod";
import { procedure, router } from "./trpc.ts";
import { mailboxView } from "./views.ts";

/** Each is a connection of its own, and servers count those. */
const mostFolders = 5;

const mailboxInput = z.object({ mailboxId: mailboxIdSchema });

const connectInput = z.object({
  mailboxId: mailboxIdSchema.nullable().default(null),
  label: z.string().trim().min(1).max(80),
  /** A name or an address, without a port. */
  host: z
    .string()
    .trim()
    .toLowerCase()
    .min(1)
    .max(253)
    .regex(/^[a-z0-9._:-]+$/),
  port: z.int().min(1).max(65535),
  security: z.enum(mailSecurities),
  userName: z.string().trim().min(1).max(320),
  /** Empty keeps the stored one. */
  password: z.string().max(1000),
  folders: z.array(z.string().min(1).max(500)).min(1).max(mostFolders).default(["INBOX"]),
  lookBackDays: z.int().min(1).max(365).default(14),
});

export const mailboxesRouter = router({
  list: procedure.query(async ({ ctx }) => {
    authorize(ctx.actor, "orders:see");
    return (await ctx.verb.store.listMailboxes()).map(mailboxView);
  }),

  /** Connects or changes a mailbox, then follows it. */
  connect: procedure.input(connectInput).mutation(async ({ ctx, input }) => {
    const password = input.password === "" ? null : input.password;
    // What is still under way belongs to the mailbox as it was: it must not move the positions of the new one.
    if (input.mailboxId) {
      await mailboxToChange(ctx.verb, input.mailboxId);
      await ctx.services.unwatchMailbox(input.mailboxId);
    }
    try {
      const mailbox = await connectMailbox(ctx.verb, { ...input, password });
      ctx.services.watchMailbox(mailbox.mailboxId);
      return mailboxView(mailbox);
    } catch (error) {
      if (input.mailboxId) ctx.services.watchMailbox(input.mailboxId);
      throw error;
    }
  }),

  test: procedure.input(mailboxInput).mutation(async ({ ctx, input }) => {
    return await testMailbox(ctx.verb, input.mailboxId, ctx.signal);
  }),

  setState: procedure
    .input(mailboxInput.extend({ state: z.enum(["connected", "paused", "disconnected"]) }))
    .mutation(async ({ ctx, input }) => {
      const mailbox = await setMailboxState(ctx.verb, input.mailboxId, input.state);
      if (input.state === "connected") ctx.services.watchMailbox(input.mailboxId);
      else await ctx.services.unwatchMailbox(input.mailboxId);
      return mailboxView(mailbox);
    }),
});
