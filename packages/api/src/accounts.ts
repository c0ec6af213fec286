import {
  accountsToSync,
  accountToChange,
  accountToStop,
  authorize,
  caAccountIdSchema,
  connectCaAccount,
  listAccounts,
  setAccountState,
  testCaAccount,
} from "@sealpost/domain";
import { z } from "zod";
import { procedure, router } from "./trpc.ts";
import { accountView } from "./views.ts";

const accountInput = z.object({ caAccountId: caAccountIdSchema });

const connectInput = z.object({
  caAccountId: caAccountIdSchema.nullable().default(null),
  adapter: z.string().max(50),
  label: z.string().trim().min(1).max(80),
  baseUrl: z.string().trim().max(500),
  /** The form's fields, secret ones among them; an empty secret keeps the stored one. */
  fields: z.record(z.string().max(50), z.string().max(4000)),
});

export const accountsRouter = router({
  list: procedure.query(async ({ ctx }) => (await listAccounts(ctx.verb)).map(accountView)),

  /** Every CA an account can be connected at, with its form. */
  catalog: procedure.query(({ ctx }) => {
    authorize(ctx.actor, "orders:see");
    return ctx.services.caCatalog;
  }),

  /** Connects or changes an account, then starts reading its orders. */
  connect: procedure.input(connectInput).mutation(async ({ ctx, input }) => {
    authorize(ctx.actor, "accounts:manage");
    const form = ctx.services.readAccountForm(input.adapter, input.baseUrl, input.fields);
    const { caAccountId, adapter, label } = input;
    const known = caAccountId ? await accountToChange(ctx.verb, caAccountId) : null;
    const isSandbox = known?.isSandbox ?? false;
    // What is still being read belongs to the account as it was: it must not write where it is into the new one.
    if (known) await ctx.services.stopSync(known.caAccountId);
    try {
      const account = await connectCaAccount(ctx.verb, { caAccountId, adapter, label, isSandbox, ...form });
      ctx.services.startSync(account.caAccountId);
      return accountView(account);
    } catch (error) {
      if (known) ctx.services.startSync(known.caAccountId);
      throw error;
    }
  }),

  test: procedure.input(accountInput).mutation(async ({ ctx, input }) => {
    return await testCaAccount(ctx.verb, input.caAccountId, ctx.signal);
  }),

  setState: procedure
    .input(accountInput.extend({ state: z.enum(["connected", "paused", "disconnected"]) }))
    .mutation(async ({ ctx, input }) => {
      const account = await setAccountState(ctx.verb, input.caAccountId, input.state);
      if (input.state === "connected") ctx.services.startSync(account.caAccountId);
      else await ctx.services.stopSync(account.caAccountId);
      return accountView(account);
    }),

  /** Starts reading the orders of one account, or of all connected ones. The progress stands in `accounts.list`. */
  syncNow: procedure
    .input(z.object({ caAccountId: caAccountIdSchema.nullable().default(null) }))
    .mutation(async ({ ctx, input }) => {
      const wanted = await accountsToSync(ctx.verb, input.caAccountId);
      for (const account of wanted) ctx.services.startSync(account.caAccountId);
      return { started: wanted.map((account) => account.caAccountId) };
    }),

  stopSync: procedure.input(accountInput).mutation(async ({ ctx, input }) => {
    const { caAccountId } = await accountToStop(ctx.verb, input.caAccountId);
    await ctx.services.stopSync(caAccountId);
  }),
});
