import {
  changePerson,
  changePersonInput,
  invitePerson,
  invitePersonInput,
  listPeople,
  personIdSchema,
  resetPerson,
  setPersonState,
} from "@sealpost/domain";
import { z } from "zod";
import { toJson } from "./json.ts";
import { procedure, router } from "./trpc.ts";
import { personView } from "./views.ts";

const personInput = z.object({ personId: personIdSchema });

export const peopleRouter = router({
  list: procedure.query(async ({ ctx }) =>
    (await listPeople(ctx.verb)).map((person) => personView(person, ctx.verb.groupRoles)),
  ),

  /** Makes a person, and the link by which they set their password. The console sends no mail: whoever invites hands it on. */
  invite: procedure.input(invitePersonInput).mutation(async ({ ctx, input }) => {
    const person = await invitePerson(ctx.verb, input);
    return toJson(ctx.services.issueLink("invite", person.personId));
  }),

  change: procedure.input(changePersonInput).mutation(({ ctx, input }) => changePerson(ctx.verb, input)),

  setState: procedure
    .input(personInput.extend({ state: z.enum(["active", "disabled"]) }))
    .mutation(({ ctx, input }) => setPersonState(ctx.verb, input.personId, input.state)),

  /** Takes every way to sign in away, and makes the link by which they set a new password. */
  reset: procedure.input(personInput).mutation(async ({ ctx, input }) => {
    const { personId } = await resetPerson(ctx.verb, input.personId);
    return toJson(ctx.services.issueLink("reset", personId));
  }),
});
