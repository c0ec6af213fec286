import { accountsRouter } from "./accounts.ts";
import { certificatesRouter } from "./certificates.ts";
import { mailboxesRouter } from "./mailboxes.ts";
import { ordersRouter } from "./orders.ts";
import { createCallerFactory, openProcedure, router } from "./trpc.ts";

export const appRouter = router({
  orders: ordersRouter,
  certificates: certificatesRouter,
  accounts: accountsRouter,
  mailboxes: mailboxesRouter,
  session: router({
    /** Who is signed in and what they may do; null for nobody. */
    me: openProcedure.query(({ ctx }) => {
      return ctx.person && ctx.actor ? { ...ctx.person, rights: [...ctx.actor.rights] } : null;
    }),
  }),
});

export type AppRouter = typeof appRouter;
/** Calls the router without HTTP. */
export const createCaller = createCallerFactory(appRouter);
