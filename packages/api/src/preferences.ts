import { changePreferences, preferenceChange } from "@sealpost/domain";
import { procedure, router } from "./trpc.ts";

/** How the person who is signed in wants the console; `session.me` tells it. */
export const preferencesRouter = router({
  change: procedure
    .input(preferenceChange)
    .mutation(async ({ ctx, input }) => await changePreferences(ctx.verb, input)),
});
