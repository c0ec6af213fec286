import { personIdSchema } from "@sealpost/domain";
import { accountsRouter } from "./accounts.ts";
import { auditRouter } from "./audit.ts";
import { certificatesRouter } from "./certificates.ts";
import { mailboxesRouter } from "./mailboxes.ts";
import { ordersRouter } from "./orders.ts";
import { peopleRouter } from "./people.ts";
import { preferencesRouter } from "./preferences.ts";
import { createCallerFactory, openProcedure, router } from "./trpc.ts";

export const appRouter = router({
  orders: ordersRouter,
  certificates: certificatesRouter,
  accounts: accountsRouter,
  mailboxes: mailboxesRouter,
  preferences: preferencesRouter,
  audit: auditRouter,
  people: peopleRouter,
  session: router({
    /** Who is signed in, what they may do and how they want the console; null for nobody. */
    me: openProcedure.query(async ({ ctx }) => {
      if (!ctx.person || !ctx.actor) return null;
      const preferences = await ctx.services.ports.store.preferences(
        personIdSchema.parse(ctx.person.personId),
      );
      return { ...ctx.person, rights: [...ctx.actor.rights], preferences };
    }),
  }),
});

export type AppRouter = typeof appRouter;
/** Calls the router without HTTP. */
export const createCaller = createCallerFactory(appRouter);
