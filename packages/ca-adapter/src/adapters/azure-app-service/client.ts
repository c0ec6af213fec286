import { CaError, type CancelSignal } from "@sealpost/domain";
import type { z } from "zod";
import { askCa, type CallNature, parseJson, rateLimited, unreadable } from "../../ask.ts";
import { type CaAnswer, type PinAddress, readable } from "../../http.ts";
import type { RateLimiter } from "../../rate-limiter.ts";
import type { TokenKeeper } from "./token.ts";
import { wireFault } from "./wire.ts";

/** Longest time of one HTTP call. */
export const usualTimeoutMs = 30_000;
/** An order comes with its certificates, some ten kilobytes; a page of the list has no documented size. */
const longestBodyBytes = 32 * 1024 * 1024;
const apiVersion = "2022-03-01";

export interface AzureClient {
  readonly baseUrl: string;
  readonly subscriptionId: string;
  readonly clientSecret: string;
  readonly tokens: TokenKeeper;
  readonly timeoutMs: number;
  readonly pin: PinAddress | null;
  readonly limiter: RateLimiter;
}

export interface AzureCall {
  /** Some readings are POSTs here too. */
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly body?: unknown;
  readonly signal: CancelSignal;
}

/** How long to wait for a turn, should there ever be a limit to keep. */
export const usualWaitMs = 15_000;
/** A mail is claimed before it is asked for: rather back to the queue than to hold the claim. */
const changingWaitMs = 10_000;

/** The address of a resource of the subscription, given by its parts. */
export function addressOf({ baseUrl, subscriptionId }: AzureClient, ...parts: readonly string[]): URL {
  const path = ["subscriptions", subscriptionId, ...parts].map(encodeURIComponent).join("/");
  return new URL(path, baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`);
}

/** Reads JSON by `schema`. Throws CaError; never retries. */
export async function readAzure<Schema extends z.ZodType>(
  client: AzureClient,
  call: AzureCall,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const { answer, secrets } = await ask(client, call, "reading");
  const parsed = answer.status === 200 ? schema.safeParse(parseJson(answer.text)) : null;
  if (!parsed?.success) throw unreadable(wordsOf(answer), "reading", secrets);
  return parsed.data;
}

/** Changes something. Resolves on 204, which alone is documented; another 2xx is nobody's known word. */
export async function changeAzure(client: AzureClient, call: AzureCall): Promise<void> {
  const { answer, secrets } = await ask(client, call, "changing");
  if (answer.status !== 204) throw unreadable(wordsOf(answer), "changing", secrets);
}

/** Waits for a turn, makes the call, and resolves to a 2xx. A token that is turned away is forgotten, not tried again. */
async function ask(client: AzureClient, call: AzureCall, nature: CallNature) {
  const { tokens, timeoutMs, pin, limiter, clientSecret } = client;
  const { method, signal } = call;
  await limiter.take({ longestWaitMs: nature === "changing" ? changingWaitMs : usualWaitMs, signal });
  const signedIn = tokens.take(signal);
  const token = await (nature === "changing" ? signedIn.catch(nothingLeft) : signedIn);
  const url = new URL(call.url);
  url.searchParams.set("api-version", apiVersion);
  const headers = {
    authorization: `Bearer ${token}`,
    accept: "application/json",
    "content-type": "application/json",
    "user-agent": "Sealpost",
  };
  const body = method === "GET" ? {} : { body: call.body === undefined ? "" : JSON.stringify(call.body) };
  const answer = await askCa(
    { url, method, headers, ...body, timeoutMs, longestBodyBytes, signal, pin },
    nature,
  );
  const secrets = [clientSecret, token];
  if (answer.status >= 200 && answer.status < 300) return { answer, secrets };
  if (answer.status === 401) tokens.forget(token);
  throw failure(answer, nature, secrets);
}

/** The token is read before a mail is asked for: whatever that met, nothing has left that could be unknown. */
function nothingLeft(error: unknown): never {
  if (!(error instanceof CaError) || error.kind !== "unexpected-response") throw error;
  throw new CaError("unavailable", { cause: error });
}

/** What a status other than 2xx means. Codes are words, "Common errors" of Azure Resource Manager names the usual. */
function failure(answer: CaAnswer, nature: CallNature, secrets: readonly string[]): CaError {
  const fault = wireFault.safeParse(parseJson(answer.text));
  const code = fault.success ? (fault.data.error.code ?? "") : null;
  const message = readable(wordsOf(answer), secrets);
  const options = message === null ? {} : { caMessage: message };
  const { status } = answer;
  if (status === 429) return rateLimited(answer, options);
  // 408: the gateway gave up waiting, the service behind it perhaps not.
  if (status >= 500 || status === 408)
    return new CaError(nature === "changing" ? "outcome-unknown" : "unavailable", options);
  if (status === 401) return new CaError("unauthorized", options);
  if (status === 403) return new CaError("forbidden", options);
  if (status < 400 || code === null) return unreadable(wordsOf(answer), nature, secrets);
  // The account form names a subscription that this tenant does not have.
  if (/^(SubscriptionNotFound|InvalidSubscriptionId)$/i.test(code))
    return new CaError("unauthorized", options);
  if (status === 404) return new CaError("not-found", options);
  const isComplaint = status === 400 && /^(Invalid|Missing|NoRegisteredProvider)/i.test(code);
  return new CaError(isComplaint ? "invalid-input" : "state-conflict", options);
}

/** An error's own words, or a text. JSON that is no error may be an order with its certificate: none of it is shown. */
function wordsOf({ text }: CaAnswer): string {
  const fault = wireFault.safeParse(parseJson(text));
  if (fault.success) return fault.data.error.message || fault.data.error.code || "";
  return /[[{]/.test(text) ? "" : text;
}
