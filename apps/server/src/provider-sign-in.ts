import { createHash, createHmac, randomBytes } from "node:crypto";
import { type AdmissionProblem, isOwnPath, type PersonId, RefusalError } from "@sealpost/domain";
import { createAuthEndpoint, getSessionFromCtx } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import type { BetterAuthPlugin } from "better-auth/types";
import { z } from "zod";
import type { Binding, IdentityProvider, ProvenClaims } from "./identity-provider.ts";
import { ProviderFault } from "./provider-fault.ts";

/** How long somebody may take at the provider. */
const patienceMs = 10 * 60 * 1000;
const callbackPath = "/oidc/callback";
/** The pages that hear what became of it: of a sign-in, and of signing in again beside a page that stays. */
const pages = { enter: "/sign-in", again: "/sign-in/again" } as const;

export interface ProviderSignInOptions {
  readonly provider: IdentityProvider;
  /** Where browsers reach the console. */
  readonly origin: string;
  /** Whether anybody may sign in yet: the first person is made by a link. */
  readonly isOpen: () => Promise<boolean>;
  /** The person of whom this is said. Throws `not-admitted`, traced. */
  readonly admit: (claims: ProvenClaims) => Promise<PersonId>;
  /** Traces that nobody came in; `why` is for the log. */
  readonly onProblem: (problem: AdmissionProblem, why: string) => Promise<void>;
}

/** A sign-in under way. */
const begunSchema = z.object({
  /** The SHA-256 of the browser's cookie. */
  browser: z.string(),
  next: z.string(),
  /** Beside a page that stays as it is, by somebody who is signed in or was. */
  isAgain: z.boolean(),
  at: z.coerce.date(),
});
type Begun = z.infer<typeof begunSchema>;

const beginInput = z.object({ next: z.string().max(2000).refine(isOwnPath), isAgain: z.boolean() });

/**
 * Sign-in at the identity provider: a call that says where to go, and the address to which one comes back. A sign-in
 * belongs to the browser that began it, works once, and for ten minutes; several may be under way side by side. What
 * went wrong is told to a page by a code; nothing that the provider wrote is shown.
 */
export function providerSignIn(options: ProviderSignInOptions): BetterAuthPlugin {
  const { provider, origin } = options;

  const start = createAuthEndpoint("/oidc/start", { method: "POST", body: beginInput }, async (ctx) => {
    const cookie = ctx.context.createAuthCookie("oidc", { maxAge: patienceMs / 1000 });
    const known = await ctx.getSignedCookie(cookie.name, ctx.context.secret);
    const browser = known || randomBytes(32).toString("base64url");
    const state = randomBytes(32).toString("base64url");
    const begun: Begun = { ...ctx.body, browser: sha256(browser), at: new Date() };
    try {
      if (!(await options.isOpen())) throw new ProviderFault("no-role", "nobody is here yet");
      const url = await provider.signInUrl(
        `${origin}/api/auth${callbackPath}`,
        bindingOf(browser, state, begun),
      );
      await ctx.context.internalAdapter.createVerificationValue({
        identifier: identifierOf(state),
        value: JSON.stringify(begun),
        expiresAt: new Date(begun.at.getTime() + patienceMs),
      });
      await ctx.setSignedCookie(cookie.name, browser, ctx.context.secret, cookie.attributes);
      return ctx.json({ url: url.href });
    } catch (error) {
      return ctx.json({ problem: await problemOf(error) });
    }
  });

  const callback = createAuthEndpoint(callbackPath, { method: "GET", requireRequest: true }, async (ctx) => {
    const { internalAdapter } = ctx.context;
    const answer = new URL(ctx.request.url);
    const state = answer.searchParams.get("state") ?? "";
    const cookie = ctx.context.createAuthCookie("oidc");
    const browser = (await ctx.getSignedCookie(cookie.name, ctx.context.secret)) || "";
    const found = await internalAdapter.findVerificationValue(identifierOf(state));
    const begun = found && begunSchema.parse(JSON.parse(found.value));
    const { isAgain = false, next = "" } = begun ?? {};
    try {
      // Looked at before it is used up, so that no other browser can spoil it.
      const isOwn = begun?.browser === sha256(browser);
      if (!isOwn || !(await internalAdapter.consumeVerificationValue(identifierOf(state))))
        throw new ProviderFault("expired", "the sign-in was not begun here, is over, or took too long");
      const claims = await provider.claimsOf(answer, bindingOf(browser, state, begun));
      const personId = await options.admit(claims);
      const before = isAgain ? await getSessionFromCtx(ctx) : null;
      if (before && before.user.id !== personId)
        throw new ProviderFault("another-person", "somebody else signed in");
      const session = await internalAdapter.createSession(personId, false, { provenAt: provenAt(claims) });
      const user = await internalAdapter.findUserById(personId);
      if (!session || !user) throw new ProviderFault("disabled", "may not come in");
      await setSessionCookie(ctx, { session, user });
    } catch (error) {
      const query = new URLSearchParams({ problem: await problemOf(error), ...(isAgain ? {} : { next }) });
      throw ctx.redirect(`${pages[isAgain ? "again" : "enter"]}?${query}`);
    }
    throw ctx.redirect(isAgain ? `${pages.again}?done=1` : next);
  });

  /** What is told, having been traced; everything unexpected goes on. */
  async function problemOf(error: unknown): Promise<AdmissionProblem> {
    if (error instanceof RefusalError && error.refusal.code === "not-admitted") return error.refusal.reason;
    if (!(error instanceof ProviderFault)) throw error;
    await options.onProblem(error.problem, error.message);
    return error.problem;
  }

  return { id: "sealpost-provider", endpoints: { startAtProvider: start, comeFromProvider: callback } };
}

/** Code verifier and nonce are made from the browser's cookie and kept nowhere: without it an answer is worth nothing. */
function bindingOf(browser: string, state: string, { isAgain, at }: Begun): Binding {
  const derived = (what: string) =>
    createHmac("sha256", browser).update(`${what} ${state}`).digest("base64url");
  return {
    state,
    nonce: derived("nonce"),
    codeVerifier: derived("verifier"),
    askedAgainAt: isAgain ? at : null,
  };
}

/** A provider that does not say when somebody signed in may have known them for long; and none says a time to come. */
function provenAt({ signedInAt }: ProvenClaims): Date {
  return new Date(Math.min(signedInAt?.getTime() ?? 0, Date.now()));
}

function identifierOf(state: string): string {
  return `oidc-${state}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
