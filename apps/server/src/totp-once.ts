import { APIError, createAuthMiddleware, getSessionFromCtx } from "better-auth/api";
import type { BetterAuthPlugin } from "better-auth/types";

/** A code is good for its own half minute and one to either side; for that long it is remembered. */
const rememberedMs = 2 * 60 * 1000;

/**
 * A one-time password counts once (RFC 6238 section 5.2): the first use reserves it, in one step that two uses at once
 * cannot both win. Also for the code that switches the second factor on.
 */
export function totpOnce(): BetterAuthPlugin {
  const before = createAuthMiddleware(async (ctx) => {
    const { internalAdapter } = ctx.context;
    const refused = new APIError("UNAUTHORIZED", { code: "INVALID_CODE", message: "Invalid code" });
    const code: unknown = ctx.body?.code;
    if (typeof code !== "string" || !/^\d{6}$/.test(code)) throw refused;
    const cookie = ctx.context.createAuthCookie("two_factor");
    const challenge = await ctx.getSignedCookie(cookie.name, ctx.context.secret);
    const pending = challenge ? await internalAdapter.findVerificationValue(challenge) : null;
    const personId = (await getSessionFromCtx(ctx))?.user.id ?? pending?.value;
    if (personId === undefined) return;
    const isFirst = await internalAdapter.reserveVerificationValue({
      identifier: `totp-${personId}-${code}`,
      value: "used",
      expiresAt: new Date(Date.now() + rememberedMs),
    });
    if (!isFirst) throw refused;
  });
  return {
    id: "sealpost-totp-once",
    hooks: { before: [{ matcher: ({ path }) => path === "/two-factor/verify-totp", handler: before }] },
  };
}
