import { CaError, type CancelSignal } from "@sealpost/domain";
import type { z } from "zod";
import { askCa, type CallNature, parseJson, rateLimited, unreadable } from "../../ask.ts";
import { type CaAnswer, type PinAddress, readable } from "../../http.ts";
import { wireError } from "./wire.ts";

/** Longest time one call may take; the service itself answers within seconds or not at all. */
export const usualTimeoutMs = 30_000;
/** The list cannot be paged: an account's whole history comes at once. */
const longestBodyBytes = 32 * 1024 * 1024;

export interface IbmClientOptions {
  readonly baseUrl: string;
  readonly username: string;
  readonly apiKey: string;
  readonly timeoutMs: number;
  readonly pin: PinAddress | null;
}

export interface IbmCall {
  /** `SoftLayer_Service[/id]/method`, without `.json`. */
  readonly path: string;
  readonly objectMask?: string;
  /** Positional, hence POST; without them GET. */
  readonly parameters?: readonly unknown[];
  readonly signal: CancelSignal;
}

/** Calls one method and reads its answer by `schema`. Throws CaError; never retries. */
export async function callIbm<Schema extends z.ZodType>(
  options: IbmClientOptions,
  call: IbmCall,
  nature: CallNature,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const answer = await ask(options, call, nature);
  const secrets = [options.apiKey, basicOf(options)];
  const body = parseJson(answer.text);
  const error = wireError.safeParse(body);
  const isOk = answer.status >= 200 && answer.status < 300;
  if (!isOk) throw failure(answer, error.success ? error.data : null, nature, secrets);
  // An error inside 200 is the service's overload; an empty body is none of its answers either.
  const parsed = schema.safeParse(body);
  if (error.success || !parsed.success) throw unreadable(answer.text, nature, secrets);
  return parsed.data;
}

async function ask(options: IbmClientOptions, call: IbmCall, nature: CallNature): Promise<CaAnswer> {
  const { baseUrl, timeoutMs, pin } = options;
  const url = new URL(`${call.path}.json`, baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`);
  if (call.objectMask) url.searchParams.set("objectMask", call.objectMask);
  const body = call.parameters === undefined ? {} : { body: JSON.stringify({ parameters: call.parameters }) };
  const headers = {
    authorization: `Basic ${basicOf(options)}`,
    accept: "application/json",
    "content-type": "application/json",
  };
  const method = call.parameters === undefined ? "GET" : "POST";
  const { signal } = call;
  return await askCa({ url, method, headers, ...body, timeoutMs, longestBodyBytes, signal, pin }, nature);
}

function basicOf({ username, apiKey }: IbmClientOptions): string {
  return Buffer.from(`${username}:${apiKey}`).toString("base64");
}

/** What a status other than 2xx means. A well-formed error body is the service's own word, also behind a 500. */
function failure(
  answer: CaAnswer,
  said: { readonly error: string; readonly code?: string | null | undefined } | null,
  nature: CallNature,
  secrets: readonly string[],
): CaError {
  const message = readable(said?.error ?? answer.text, secrets);
  const options = message === null ? {} : { caMessage: message };
  if (answer.status === 401) return new CaError("unauthorized", options);
  if (answer.status === 403) return new CaError("forbidden", options);
  if (answer.status === 429 || said?.code === "SoftLayer_Exception_WebService_RateLimitExceeded")
    return rateLimited(answer, options);
  if (answer.status === 404 || said?.code === "SoftLayer_Exception_ObjectNotFound")
    return new CaError("not-found", options);
  if (said?.code === "SoftLayer_Exception_Account_Authentication_AccessTokenValidation")
    return new CaError("unauthorized", options);
  if (said?.code === "SoftLayer_Exception_InvalidValue" || answer.status === 400)
    return new CaError("invalid-input", options);
  if (said?.code?.startsWith("SoftLayer_Exception")) return new CaError("state-conflict", options);
  if (answer.status >= 500)
    return new CaError(nature === "changing" ? "outcome-unknown" : "unavailable", options);
  return new CaError(nature === "changing" ? "outcome-unknown" : "unexpected-response", options);
}
