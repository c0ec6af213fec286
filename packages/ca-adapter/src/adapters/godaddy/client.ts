import { CaError, type CancelSignal } from "@sealpost/domain";
import type { z } from "zod";
import { askCa, type CallNature, parseJson, rateLimited, unreadable } from "../../ask.ts";
import { type CaAnswer, readable } from "../../http.ts";
import type { RateLimiter } from "../../rate-limiter.ts";
import { type WireFault, wireFault } from "./wire.ts";

/** Longest time of one HTTP call. */
export const usualTimeoutMs = 30_000;
/** A page of fifty orders, or the history of an order with what its mails said. */
const longestBodyBytes = 8 * 1024 * 1024;

export interface GodaddyClient {
  readonly baseUrl: string;
  readonly customerId: string;
  readonly key: string;
  readonly secret: string;
  readonly timeoutMs: number;
  readonly limiter: RateLimiter;
}

export interface GodaddyCall {
  /** Behind the base URL. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly signal: CancelSignal;
}

/** The vendor names no windows; a turn comes at once. */
const longestWaitMs = 10_000;

/** Reads JSON by `schema`. Throws CaError; never retries. */
export async function readGodaddy<Schema extends z.ZodType>(
  client: GodaddyClient,
  call: GodaddyCall,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const answer = await ask(client, call, "reading");
  const parsed = schema.safeParse(parseJson(answer.text));
  if (!parsed.success) throw unreadable(answer.text, "reading", secretsOf(client));
  return parsed.data;
}

/** Asks for something to be done; success is any 2xx without a body (204 by the description). Throws CaError. */
export async function changeGodaddy(client: GodaddyClient, call: GodaddyCall): Promise<void> {
  const answer = await ask(client, call, "changing");
  if (answer.text.trim() !== "") throw unreadable(answer.text, "changing", secretsOf(client));
}

/** The credential in every form in which the service could repeat it. */
function secretsOf({ key, secret }: GodaddyClient): readonly string[] {
  return [`${key}:${secret}`, key, secret];
}

/** Waits for a turn and makes the call. Resolves to a 2xx. */
async function ask(client: GodaddyClient, call: GodaddyCall, nature: CallNature): Promise<CaAnswer> {
  const { baseUrl, key, secret, timeoutMs, limiter } = client;
  const url = new URL(call.path, baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  const { signal } = call;
  await limiter.take({ longestWaitMs, signal });
  const headers = {
    authorization: `sso-key ${key}:${secret}`,
    accept: "application/json",
    "user-agent": "Sealpost",
  };
  const sent = nature === "changing" ? ({ method: "POST", body: "" } as const) : ({ method: "GET" } as const);
  const answer = await askCa({ url, ...sent, headers, timeoutMs, longestBodyBytes, signal }, nature);
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw failure(answer, nature, secretsOf(client));
}

/** What a status other than 2xx means, by the description's list of them. */
function failure(answer: CaAnswer, nature: CallNature, secrets: readonly string[]): CaError {
  const parsed = wireFault.safeParse(parseJson(answer.text));
  const said = parsed.success ? parsed.data : null;
  const caMessage = readable(said ? wordsOf(said) : answer.text, secrets);
  const options = caMessage === null ? {} : { caMessage };
  const { status } = answer;
  if (status === 429) return slowedDown(answer, said, options);
  if (status >= 500) return new CaError(nature === "changing" ? "outcome-unknown" : "unavailable", options);
  if (status === 401) return new CaError("unauthorized", options);
  if (status === 403) return new CaError("forbidden", options);
  if (status < 400 || said === null) return unreadable(answer.text, nature, secrets);
  if (status === 404) return new CaError("not-found", options);
  return new CaError(status === 409 ? "state-conflict" : "invalid-input", options);
}

/** The body names the seconds; a header may. */
function slowedDown(
  answer: CaAnswer,
  said: WireFault | null,
  options: { readonly caMessage?: string },
): CaError {
  if (said?.retryAfterSec == null) return rateLimited(answer, options);
  return new CaError("rate-limited", { ...options, retryAfterS: Math.ceil(said.retryAfterSec) });
}

function wordsOf({ code, message }: WireFault): string {
  return message || code;
}
