import { CaError, type CancelSignal } from "@sealpost/domain";
import type { z } from "zod";
import { askCa, type CallNature, parseJson, rateLimited, unreadable } from "../../ask.ts";
import { type CaAnswer, type PinAddress, readable } from "../../http.ts";
import type { RateLimiter } from "../../rate-limiter.ts";
import { type WireFault, wireFault } from "./wire.ts";

/** Longest time of one HTTP call. */
export const usualTimeoutMs = 30_000;
/** A page of fifty orders has less than 100 KB; the history of an order holds its mails word for word. */
const longestBodyBytes = 8 * 1024 * 1024;

export interface GodaddyClient {
  readonly baseUrl: string;
  readonly customerId: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly timeoutMs: number;
  readonly pin: PinAddress | null;
  readonly limiter: RateLimiter;
}

export interface GodaddyCall {
  /** Behind the base URL. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly signal: CancelSignal;
  /** Whether the answer holds what mails say, so that not even a spoiled one may be quoted. */
  readonly isConfidential?: boolean;
}

/** Long enough for the window of a minute. */
export const usualWaitMs = 65_000;
/** A mail is claimed before it is asked for: rather back to the queue than to hold the claim. */
const changingWaitMs = 10_000;

/** Reads JSON by `schema`. Throws CaError; never retries. */
export async function readGodaddy<Schema extends z.ZodType>(
  client: GodaddyClient,
  call: GodaddyCall,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const answer = await ask(client, call, "reading");
  const parsed = schema.safeParse(parseJson(answer.text));
  const quoted = call.isConfidential ? "" : answer.text;
  if (answer.status !== 200 || !parsed.success) throw unreadable(quoted, "reading", secretsOf(client));
  return parsed.data;
}

/** Changes something. Resolves to a 204 without a body, which is how all calls used here are accepted. */
export async function changeGodaddy(client: GodaddyClient, call: GodaddyCall): Promise<void> {
  const answer = await ask(client, call, "changing");
  if (answer.status !== 204 || answer.text !== "")
    throw unreadable(answer.text, "changing", secretsOf(client));
}

/** Waits for a turn and makes the call, without a body. Resolves to a 2xx. */
async function ask(client: GodaddyClient, call: GodaddyCall, nature: CallNature): Promise<CaAnswer> {
  const { baseUrl, apiKey, apiSecret, timeoutMs, pin, limiter } = client;
  const { signal } = call;
  const url = new URL(call.path, baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  const isChanging = nature === "changing";
  await limiter.take({ longestWaitMs: isChanging ? changingWaitMs : usualWaitMs, signal });
  const headers = {
    authorization: `sso-key ${apiKey}:${apiSecret}`,
    accept: "application/json",
    "user-agent": "Sealpost",
  };
  // A POST without a body says that it has none.
  const sent = isChanging ? ({ method: "POST", body: "" } as const) : ({ method: "GET" } as const);
  const answer = await askCa({ url, ...sent, headers, timeoutMs, longestBodyBytes, signal, pin }, nature);
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw failure(answer, call, nature, secretsOf(client));
}

function secretsOf({ apiKey, apiSecret }: GodaddyClient): readonly string[] {
  return [`${apiKey}:${apiSecret}`, apiKey, apiSecret];
}

/** What a status other than 2xx means. The codes of the body are published nowhere; its words are handed on. */
function failure(
  answer: CaAnswer,
  { isConfidential = false }: Pick<GodaddyCall, "isConfidential">,
  nature: CallNature,
  secrets: readonly string[],
): CaError {
  const parsed = wireFault.safeParse(parseJson(answer.text));
  const fault = parsed.success ? parsed.data : null;
  const quoted = isConfidential ? "" : answer.text;
  const message = readable(fault ? wordsOf(fault) : quoted, secrets);
  const options = message === null ? {} : { caMessage: message };
  const { status } = answer;
  if (status === 429) return overLimit(answer, fault, options);
  if (status >= 500) return new CaError(nature === "changing" ? "outcome-unknown" : "unavailable", options);
  if (status === 401) return new CaError("unauthorized", options);
  if (status === 403) return new CaError("forbidden", options);
  if (status < 400 || fault === null) return unreadable(quoted, nature, secrets);
  if (status === 404) return new CaError("not-found", options);
  return new CaError(status === 409 ? "state-conflict" : "invalid-input", options);
}

/** The body names the seconds; where it does not, a header may. */
function overLimit(
  answer: CaAnswer,
  fault: WireFault | null,
  options: { readonly caMessage?: string },
): CaError {
  const seconds = fault?.retryAfterSec ?? null;
  if (seconds === null) return rateLimited(answer, options);
  return new CaError("rate-limited", { ...options, retryAfterS: Math.ceil(seconds) });
}

/** With what is said of single fields, which is where a 422 tells what was wrong. */
function wordsOf({ code, message, fields }: WireFault): string {
  const ofFields = (fields ?? []).map((field) =>
    [field.path, field.message].filter((part) => part).join(": "),
  );
  return [message || code, ...ofFields].filter((part) => part !== "").join(" ");
}
