import { hkdfSync } from "node:crypto";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { betterAuth } from "better-auth/minimal";
import { twoFactor } from "better-auth/plugins/two-factor";
import type { Config } from "./env.ts";
import type { Logger } from "./logger.ts";
import { passkeySignIn } from "./passkey-sign-in.ts";
import type { Passkeys } from "./passkeys.ts";
import { hashPassword, isPassword } from "./password-hash.ts";
import type { PasswordJudge } from "./password-judge.ts";
import { type ProviderSignInOptions, providerSignIn } from "./provider-sign-in.ts";
import { type SignInEvent, signInAudit } from "./sign-in-audit.ts";
import { strongPassword } from "./strong-password.ts";
import { totpOnce } from "./totp-once.ts";
import { trustNoDevice } from "./trust-no-device.ts";

/** Shortest and longest password, in characters (NIST SP 800-63B section 3.1.1 asks for at least 15 or a second factor; 12 with slow-down). */
export const passwordLength = { min: 12, max: 128 } as const;
/** The header in which we tell the auth library who the client is; whatever came in under this name is overwritten. */
export const clientHeader = "x-sealpost-client";
/** How long a session lasts that nobody uses, in seconds. */
const idleS = 12 * 60 * 60;
/** A used session is written anew this often, so that idle time is known to about this much. In seconds. */
const renewEveryS = 15 * 60;

/** Whether a session that ends then has to be renewed, or has ended. */
export function isDueForRenewal(expiresAt: Date): boolean {
  return (expiresAt.getTime() - Date.now()) / 1000 <= idleS - renewEveryS;
}

export interface AuthOptions {
  readonly config: Pick<Config, "publicUrl" | "origins" | "port">;
  /** The drizzle handle and the tables of the auth library. */
  readonly database: Parameters<typeof drizzleAdapter>[0];
  readonly schema: Record<string, unknown>;
  /** 32 bytes that the vault holds; cookies are signed with a key derived from it. */
  readonly secret: Uint8Array;
  readonly log: Logger;
  readonly judge: PasswordJudge;
  /** Null: this console can have none. */
  readonly passkeys: Passkeys | null;
  /** Whether a person who proved who they are may come in; somebody disabled may not. */
  readonly mayEnter: (personId: string) => Promise<boolean>;
  /** Whether a passkey may let a person in; somebody from an identity provider comes in there alone. */
  readonly signsInHere: (personId: string) => Promise<boolean>;
  readonly onSignInEvent: (event: SignInEvent) => Promise<void>;
  /** Where people may sign in beside here; null: nowhere. */
  readonly provider: Omit<ProviderSignInOptions, "origin"> | null;
}

export type Auth = ReturnType<typeof createAuth>;

/** Sign-in with email, password and, where switched on, a second factor. Nobody signs up: people come by one-time link. */
export function createAuth({
  config,
  database,
  schema,
  secret,
  log,
  judge,
  passkeys,
  mayEnter,
  signsInHere,
  onSignInEvent,
  provider,
}: AuthOptions) {
  const isHttps = config.publicUrl.protocol === "https:";
  return betterAuth({
    baseURL: config.publicUrl.origin,
    basePath: "/api/auth",
    secret: Buffer.from(hkdfSync("sha256", secret, "", "sealpost session cookies", 32)).toString("base64"),
    trustedOrigins: [...config.origins],
    database: drizzleAdapter(database, { provider: "sqlite", schema }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
      password: { hash: hashPassword, verify: isPassword },
    },
    user: {
      additionalFields: {
        role: { type: "string", required: true, defaultValue: "viewer", input: false },
        scope: { type: "string", required: false, input: false },
        disabledAt: { type: "date", required: false, input: false },
      },
    },
    session: {
      expiresIn: idleS,
      updateAge: renewEveryS,
      additionalFields: { provenAt: { type: "date", required: false, input: false } },
    },
    verification: { storeIdentifier: "hashed" },
    rateLimit: {
      enabled: true,
      storage: "database",
      window: 60,
      max: 100,
      customRules: {
        "/sign-in/email": { window: 60, max: 5 },
        "/sign-in/passkey": { window: 60, max: 5 },
        "/passkey/challenge": { window: 60, max: 20 },
        "/change-password": { window: 60, max: 5 },
      },
    },
    advanced: {
      useSecureCookies: false,
      cookiePrefix: cookieName(config, isHttps),
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", path: "/", secure: isHttps },
      cookies: {
        session_token: {
          name: cookieName(config, isHttps),
          attributes: { httpOnly: true, sameSite: "lax", path: "/", secure: isHttps },
        },
      },
      ipAddress: { ipAddressHeaders: [clientHeader] },
    },
    databaseHooks: {
      session: { create: { before: async ({ userId }) => ((await mayEnter(userId)) ? undefined : false) } },
    },
    plugins: [
      totpOnce(),
      trustNoDevice(),
      strongPassword(judge),
      twoFactor({ issuer: "Sealpost" }),
      passkeySignIn(passkeys, signsInHere),
      signInAudit(onSignInEvent, (credentialId) => passkeys?.ownerOf(credentialId) ?? null),
      ...(provider ? [providerSignIn({ ...provider, origin: config.publicUrl.origin })] : []),
    ],
    telemetry: { enabled: false },
    logger: {
      level: "warn",
      log: (level, message) => log.debug({ level, message: String(message).slice(0, 200) }, "sign-in"),
    },
  });
}

/** Cookies know no port: two consoles on one machine each need a name of their own (RFC 6265 section 8.5). */
function cookieName(config: Pick<Config, "port">, isHttps: boolean): string {
  return isHttps ? "__Host-sealpost" : `sealpost-${config.port}`;
}
