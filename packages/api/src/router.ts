import { accountsRouter } from "./accounts.ts";
import { auditRouter } from "./audit.ts";
import { certificatesRouter } from "./certificates.ts";
import { mailboxesRouter } from "./mailboxes.ts";
import { mailsRouter } from "./mails.ts";
import { ordersRouter } from "./orders.ts";
import { passkeysRouter } from "./passkeys.ts";
import { peopleRouter } from "./people.ts";
import { preferencesRouter } from "./preferences.ts";
import { sessionRouter } from "./session.ts";
import { createCallerFactory, router } from "./trpc.ts";

export const appRouter = router({
  orders: ordersRouter,
  certificates: certificatesRouter,
  accounts: accountsRouter,
  mailboxes: mailboxesRouter,
  mails: mailsRouter,
  preferences: preferencesRouter,
  audit: auditRouter,
  people: peopleRouter,
  session: sessionRouter,
  passkeys: passkeysRouter,
});

export type AppRouter = typeof appRouter;
/** Calls the router without HTTP. */
export const createCaller = createCallerFactory(appRouter);
