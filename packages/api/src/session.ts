import {
  endOtherSessions,
  endSession,
  listSessions,
  personIdSchema,
  sessionIdSchema,
} from "@sealpost/domain";
import { z } from "zod";
import { openProcedure, procedure, router } from "./trpc.ts";
import { sessionView } from "./views.ts";

export const sessionRouter = router({
  /** Who is signed in, what they may do and how they want the console; null for nobody. */
  me: openProcedure.query(async ({ ctx }) => {
    if (!ctx.person || !ctx.actor) return null;
    const preferences = await ctx.services.ports.store.preferences(personIdSchema.parse(ctx.person.personId));
    return { ...ctx.person, rights: [...ctx.actor.rights], preferences };
  }),

  /** Where else one is signed in. */
  list: procedure.query(async ({ ctx }) =>
    (await listSessions(ctx.verb)).map((session) => sessionView(session, ctx.sessionId)),
  ),

  end: procedure
    .input(z.object({ sessionId: sessionIdSchema }))
    .mutation(({ ctx, input }) => endSession(ctx.verb, input.sessionId)),

  endOthers: procedure.mutation(({ ctx }) => endOtherSessions(ctx.verb, ctx.sessionId)),
});
