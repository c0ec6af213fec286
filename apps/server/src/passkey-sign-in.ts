import { APIError, createAuthEndpoint, getSessionFromCtx } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import type { BetterAuthPlugin } from "better-auth/types";
import { challengeLastsMs, newChallenge, type Passkeys, signedPasskey } from "./passkeys.ts";

/**
 * Signing in with a passkey. The challenge is bound to the browser by a signed cookie and counts once. Every answer that
 * does not hold hears the same, whatever is wrong with it. The sign-in library's own plugin requires no verified user,
 * and is not kept in step with the library.
 */
export function passkeySignIn(
  passkeys: Passkeys | null,
  signsInHere: (personId: string) => Promise<boolean>,
): BetterAuthPlugin {
  const refused = () => new APIError("UNAUTHORIZED", { code: "INVALID_PASSKEY", message: "Invalid passkey" });
  const challenge = createAuthEndpoint("/passkey/challenge", { method: "POST" }, async (ctx) => {
    if (!passkeys) throw refused();
    const { adapter, internalAdapter, secret } = ctx.context;
    const value = newChallenge();
    const cookie = ctx.context.createAuthCookie("passkey", { maxAge: challengeLastsMs / 1000 });
    await ctx.setSignedCookie(cookie.name, value, secret, cookie.attributes);
    // What was asked and never answered nobody else clears away.
    const where = [{ field: "expiresAt", operator: "lt" as const, value: new Date() }];
    await adapter.deleteMany({ model: "verification", where });
    const expiresAt = new Date(Date.now() + challengeLastsMs);
    await internalAdapter.createVerificationValue({
      identifier: identifierOf(value),
      value: "asked",
      expiresAt,
    });
    const session = await getSessionFromCtx(ctx);
    // Whoever is signed in is asked for a passkey of theirs.
    const known = session ? passkeys.credentialsOf(session.user.id) : [];
    return ctx.json({ challenge: value, rpId: passkeys.rpId, known });
  });
  const signIn = createAuthEndpoint(
    "/sign-in/passkey",
    { method: "POST", body: signedPasskey },
    async (ctx) => {
      const { internalAdapter, secret } = ctx.context;
      const cookie = ctx.context.createAuthCookie("passkey");
      const asked = await ctx.getSignedCookie(cookie.name, secret);
      ctx.setCookie(cookie.name, "", { ...cookie.attributes, maxAge: 0 });
      if (!passkeys || !asked || !(await internalAdapter.consumeVerificationValue(identifierOf(asked))))
        throw refused();
      const personId = await passkeys.signerOf(ctx.body, asked);
      const isHere = personId && (await signsInHere(personId));
      const user = isHere && (await internalAdapter.findUserById(personId));
      // Null for who may not enter.
      const session = user && (await internalAdapter.createSession(user.id));
      if (!session) throw refused();
      await setSessionCookie(ctx, { session, user });
      return ctx.json({ isSignedIn: true });
    },
  );
  return { id: "sealpost-passkey", endpoints: { passkeyChallenge: challenge, signInPasskey: signIn } };
}

function identifierOf(challenge: string): string {
  return `passkey-${challenge}`;
}
