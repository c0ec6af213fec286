import { APIError, createAuthMiddleware, getSessionFromCtx } from "better-auth/api";
import type { BetterAuthPlugin } from "better-auth/types";
import type { PasswordJudge } from "./password-judge.ts";

/** Refuses a new password that is guessed too easily, for those who change their own. */
export function strongPassword(judge: PasswordJudge): BetterAuthPlugin {
  const before = createAuthMiddleware(async (ctx) => {
    const session = await getSessionFromCtx(ctx);
    const password: unknown = ctx.body?.newPassword;
    // The library says no to both by itself.
    if (!session || typeof password !== "string") return;
    if (await judge.isGuessable(password, session.user))
      throw new APIError("BAD_REQUEST", { code: "GUESSABLE_PASSWORD", message: "Guessable password" });
  });
  return {
    id: "sealpost-strong-password",
    hooks: { before: [{ matcher: ({ path }) => path === "/change-password", handler: before }] },
  };
}
