import {
  addPasskey,
  addPasskeyInput,
  beginPasskey,
  listPasskeys,
  passkeyIdSchema,
  removePasskey,
  renamePasskey,
  renamePasskeyInput,
} from "@sealpost/domain";
import { z } from "zod";
import { procedure, router } from "./trpc.ts";
import { passkeyView } from "./views.ts";

/** One's own passkeys. */
export const passkeysRouter = router({
  list: procedure.query(async ({ ctx }) => (await listPasskeys(ctx.verb)).map(passkeyView)),

  /** Begins to add one: what the browser is to be asked for. */
  begin: procedure.mutation(({ ctx }) => beginPasskey(ctx.verb, ctx.sessionId)),

  add: procedure
    .input(addPasskeyInput)
    .mutation(({ ctx, input }) => addPasskey(ctx.verb, ctx.sessionId, input)),

  rename: procedure.input(renamePasskeyInput).mutation(({ ctx, input }) => renamePasskey(ctx.verb, input)),

  remove: procedure
    .input(z.object({ passkeyId: passkeyIdSchema }))
    .mutation(({ ctx, input }) => removePasskey(ctx.verb, input.passkeyId)),
});
