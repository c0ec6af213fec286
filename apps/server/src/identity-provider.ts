import type { ProviderClaims } from "@sealpost/domain";
import * as client from "openid-client";
import { z } from "zod";
import { ProviderFault } from "./provider-fault.ts";
import type { ProviderFetch } from "./provider-fetch.ts";
import { isSafeAddress, type ProviderSettings } from "./provider-settings.ts";

/** How long what the provider says of itself is taken as known. */
const discoveredForMs = 60 * 60 * 1000;
/** How far its clock may be from ours, in seconds. */
const clockToleranceS = 30;
/** A provider that is asked for an age, however old, has to say when the person signed in (OpenID Connect Core 1.0, section 3.1.2.1). */
const oldestSignInS = 7 * 24 * 60 * 60;

/** What binds an answer to its question. */
export interface Binding {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** When somebody was asked to sign in again, whatever session they have there; null: they were not. */
  readonly askedAgainAt: Date | null;
}

export interface ProvenClaims extends ProviderClaims {
  /** When they signed in at the provider; null: it does not say. */
  readonly signedInAt: Date | null;
}

/**
 * The identity provider, by OpenID Connect's authorization code flow with PKCE. The library checks state, issuer (also
 * that of the answer, RFC 9207), audience, times, nonce and signature; each of our calls throws ProviderFault.
 */
export class IdentityProvider {
  readonly settings: ProviderSettings;
  readonly #secret: string;
  readonly #fetch: ProviderFetch;
  #known: { readonly configuration: client.Configuration; readonly until: number } | null = null;

  constructor(settings: ProviderSettings, secret: string, fetch: ProviderFetch) {
    this.settings = settings;
    this.#secret = secret;
    this.#fetch = fetch;
  }

  /** Where a browser is sent to sign in. */
  async signInUrl(redirectUri: string, { state, nonce, codeVerifier, askedAgainAt }: Binding): Promise<URL> {
    const configuration = await this.#configuration();
    const challenge = await client.calculatePKCECodeChallenge(codeVerifier);
    const url = await this.#ask(async () =>
      client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: ["openid", "profile", "email", ...this.settings.scopes].join(" "),
        state,
        nonce,
        code_challenge: challenge,
        code_challenge_method: "S256",
        ...(askedAgainAt ? { prompt: "login", max_age: "0" } : { max_age: String(oldestSignInS) }),
      }),
    );
    if (!isSafeAddress(url))
      throw new ProviderFault("untrusted", "it sends browsers to an address that is not https");
    return url;
  }

  /** Who has come back with this answer, a callback's address. */
  async claimsOf(answer: URL, { state, nonce, codeVerifier, askedAgainAt }: Binding): Promise<ProvenClaims> {
    const configuration = await this.#configuration();
    const { idToken, all } = await this.#ask(async () => {
      const tokens = await client.authorizationCodeGrant(configuration, answer, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      });
      const idToken = tokens.claims();
      if (!idToken) throw new ProviderFault("untrusted", "it sent no id_token");
      if (idToken.iat > Date.now() / 1000 + clockToleranceS)
        throw new ProviderFault("untrusted", "its id_token is of a time to come");
      const hasMore = configuration.serverMetadata().userinfo_endpoint !== undefined;
      const more = hasMore ? await client.fetchUserInfo(configuration, tokens.access_token, idToken.sub) : {};
      return { idToken, all: { ...more, ...idToken } };
    });
    const signedInAt = idToken.auth_time === undefined ? null : new Date(idToken.auth_time * 1000);
    const earliest = askedAgainAt && askedAgainAt.getTime() - clockToleranceS * 1000;
    if (earliest !== null && (signedInAt === null || signedInAt.getTime() < earliest))
      throw new ProviderFault("not-fresh", "nobody was asked again who they are");
    return { ...this.#claims(all, idToken), signedInAt };
  }

  #claims(all: Readonly<Record<string, unknown>>, { iss, sub }: client.IDToken): ProviderClaims {
    const { success, data } = claimsSchema.safeParse(all);
    if (!success) throw new ProviderFault("untrusted", "its claims are of a strange form");
    const { name, preferred_username: username, email, email_verified: isVerified } = data;
    const groups = groupsSchema.safeParse(all[this.settings.groupsClaim]);
    return {
      issuer: iss,
      subject: sub,
      name: (name || username || email || sub).slice(0, 100),
      verifiedEmail: email && (isVerified ?? this.settings.hasVerifiedEmails) ? email : null,
      groups: groups.success ? groups.data : [],
    };
  }

  /** What the provider says of itself: asked for when somebody wants to sign in, so that the console starts without it. */
  async #configuration(): Promise<client.Configuration> {
    if (this.#known && this.#known.until > Date.now()) return this.#known.configuration;
    const { issuer, clientId } = this.settings;
    const configuration = await this.#ask(() =>
      client.discovery(
        issuer,
        clientId,
        { [client.clockTolerance]: clockToleranceS },
        this.#authentication(),
        {
          [client.customFetch]: this.#fetch,
          execute: [
            // Signatures too, and not only the TLS connection on which an id_token came.
            client.enableNonRepudiationChecks,
            ...(issuer.protocol === "http:" ? [client.allowInsecureRequests] : []),
          ],
        },
      ),
    );
    if (configuration.serverMetadata().issuer.replace(/\/$/, "") !== issuer.href.replace(/\/$/, ""))
      throw new ProviderFault("untrusted", "it calls itself by another issuer");
    this.#known = { configuration, until: Date.now() + discoveredForMs };
    return configuration;
  }

  /** In the header, as every provider must be able to (RFC 6749 section 2.3.1), unless it says that it is not. */
  #authentication(): client.ClientAuth {
    const [inHeader, inBody] = [
      client.ClientSecretBasic(this.#secret),
      client.ClientSecretPost(this.#secret),
    ];
    return (server, ...rest) => {
      const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
      return (methods.includes("client_secret_basic") ? inHeader : inBody)(server, ...rest);
    };
  }

  async #ask<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw faultOf(error);
    }
  }
}

/** Sentences of ours and codes of the library; what the provider wrote stays outside. */
function faultOf(error: unknown): ProviderFault {
  if (error instanceof ProviderFault) return error;
  if (error instanceof Error && error.cause instanceof ProviderFault) return error.cause;
  if (error instanceof client.AuthorizationResponseError) {
    const isItsOwn = ["server_error", "temporarily_unavailable"].includes(error.error);
    return isItsOwn
      ? new ProviderFault("no-answer", "it could not sign anybody in")
      : new ProviderFault("declined", "it refused the sign-in");
  }
  const cause = error instanceof Error ? error.cause : null;
  const status =
    error instanceof client.ResponseBodyError ? error.status : cause instanceof Response ? cause.status : 0;
  if (status >= 500) return new ProviderFault("no-answer", `it answered ${status}`);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const isLate = code === "OAUTH_TIMEOUT" || code === "OAUTH_ABORT";
  if (code.startsWith("OAUTH_") && !isLate) return new ProviderFault("untrusted", code);
  return new ProviderFault("no-answer", code || "no answer");
}

const claimsSchema = z.object({
  sub: z.string().min(1).max(255),
  name: z.string().trim().optional(),
  preferred_username: z.string().trim().optional(),
  email: z.email().max(254).toLowerCase().optional().catch(undefined),
  // Some say it as a word.
  email_verified: z
    .union([z.boolean(), z.enum(["true", "false"]).transform((word) => word === "true")])
    .optional(),
});
const groupsSchema = z.union([z.array(z.string()), z.string().transform((one) => [one])]);
