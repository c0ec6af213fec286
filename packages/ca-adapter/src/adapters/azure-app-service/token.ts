import { CaError, type CancelSignal } from "@sealpost/domain";
import { askCa, parseJson, rateLimited } from "../../ask.ts";
import { type CaAnswer, type PinAddress, readable } from "../../http.ts";
import { wireRefusal, wireToken } from "./wire.ts";

const azureHost = "management.azure.com";
const signInOrigin = "https://login.microsoftonline.com/";
const scope = `https://${azureHost}/.default`;
const longestBodyBytes = 256 * 1024;
/** A token is not used up to its last second: calls take time, and clocks differ. */
const marginMs = 120_000;
const longestLifeMs = 24 * 60 * 60 * 1000;

export interface SignIn {
  readonly baseUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly timeoutMs: number;
  readonly pin: PinAddress | null;
}

/** The token of one opened account, in memory only. */
export interface TokenKeeper {
  /** Asks for one where there is none that still holds. Throws CaError; never retries. */
  take(signal: CancelSignal): Promise<string>;
  /** The service has turned it away. The next call asks for another. */
  forget(token: string): void;
}

/**
 * Where the secret goes: for Azure's own address to Microsoft's sign-in, else to the very address a person gave for the
 * API, so that none but those two ever sees it.
 */
export function tokenUrl(baseUrl: string, tenantId: string): URL {
  const base = new URL(baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`);
  const isAzure = base.hostname === azureHost || base.hostname.endsWith(`.${azureHost}`);
  return new URL(`${encodeURIComponent(tenantId)}/oauth2/v2.0/token`, isAzure ? signInOrigin : base);
}

export function keepToken(signIn: SignIn): TokenKeeper {
  let kept: { readonly token: string; readonly untilMs: number } | null = null;
  return {
    async take(signal) {
      if (kept && Date.now() < kept.untilMs) return kept.token;
      const { access_token: token, expires_in: lifeS } = await askForToken(signIn, signal);
      const lifeMs = Math.min((lifeS ?? 0) * 1000, longestLifeMs);
      kept = { token, untilMs: Date.now() + lifeMs - marginMs };
      return token;
    },
    forget(token) {
      if (kept?.token === token) kept = null;
    },
  };
}

/** "Client credentials grant" (RFC 6749 section 4.4), with the secret in the body: addresses end in logs. */
async function askForToken(signIn: SignIn, signal: CancelSignal) {
  const { baseUrl, tenantId, clientId, clientSecret, timeoutMs, pin } = signIn;
  const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret, scope };
  const headers = {
    accept: "application/json",
    "content-type": "application/x-www-form-urlencoded",
    "user-agent": "Sealpost",
  };
  const url = tokenUrl(baseUrl, tenantId);
  const body = new URLSearchParams(form).toString();
  const answer = await askCa(
    { url, method: "POST", headers, body, timeoutMs, longestBodyBytes, signal, pin },
    "reading",
  );
  const parsed = wireToken.safeParse(parseJson(answer.text));
  if (answer.status === 200 && parsed.success) return parsed.data;
  throw refusal(answer, [clientSecret]);
}

/**
 * What else than a token may come. A wrong secret is a 401, a tenant or an application that does not exist a 400: all of
 * them are the account form's. Nothing but the error's own words is shown, since the rest may hold a token.
 */
function refusal(answer: CaAnswer, secrets: readonly string[]): CaError {
  const refused = wireRefusal.safeParse(parseJson(answer.text));
  const said = refused.success ? refused.data : null;
  const message = readable(said?.error_description || said?.error || "", secrets);
  const options = message === null ? {} : { caMessage: message };
  const { status } = answer;
  if (status === 429) return rateLimited(answer, options);
  if (status >= 500 || said?.error === "temporarily_unavailable" || said?.error === "server_error")
    return new CaError("unavailable", options);
  if (status === 401 || (status >= 400 && said)) return new CaError("unauthorized", options);
  return new CaError("unexpected-response", options);
}
