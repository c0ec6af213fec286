import { CaError, type CancelSignal } from "@sealpost/domain";
import type { z } from "zod";
import { askCa, type CallNature, parseJson, rateLimited, unreadable } from "../../ask.ts";
import { type CaAnswer, type PinAddress, readable } from "../../http.ts";
import type { RateLimiter } from "../../rate-limiter.ts";
import { type WireFault, wireFaults } from "./wire.ts";

/** Longest time of one HTTP call: a page of a thousand orders takes the service several seconds. */
export const usualTimeoutMs = 30_000;
/** A thousand orders of 250 names each. */
const longestBodyBytes = 32 * 1024 * 1024;

export interface DigicertClient {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly timeoutMs: number;
  readonly pin: PinAddress | null;
  readonly limiter: RateLimiter;
}

export interface DigicertCall {
  /** Behind the base URL. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly signal: CancelSignal;
  /** How long to wait for a turn under the rate limit, in milliseconds; `usualWaitMs` without. */
  readonly longestWaitMs?: number;
}

/** Long enough for the short window. Three readings and a mail with these waits end before the worker gives up on them. */
export const usualWaitMs = 15_000;
/** A mail is claimed before it is asked for: rather back to the queue than to hold the claim. */
const changingWaitMs = 10_000;

/** Reads JSON by `schema`. Throws CaError; never retries. */
export async function readDigicert<Schema extends z.ZodType>(
  client: DigicertClient,
  call: DigicertCall,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const answer = await ask(client, call, "reading");
  const body = parseJson(answer.text);
  const parsed = schema.safeParse(body);
  if (wireFaults.safeParse(body).success || !parsed.success)
    throw unreadable(answer.text, "reading", [client.apiKey]);
  return parsed.data;
}

/** Reads a file as text: what the service hands out is PEM. */
export async function downloadDigicert(client: DigicertClient, call: DigicertCall): Promise<string> {
  const { text } = await ask(client, call, "reading");
  if (!/-----BEGIN CERTIFICATE-----/.test(text)) throw unreadable(text, "reading", [client.apiKey]);
  return text;
}

/**
 * Changes something. Resolves when the service has accepted: any 2xx with nothing in it, as documented, or with JSON
 * that is no error. A page of HTML is somebody else's answer.
 */
export async function changeDigicert(
  client: DigicertClient,
  call: DigicertCall & { readonly body?: unknown },
): Promise<void> {
  const answer = await ask(client, call, "changing", JSON.stringify(call.body ?? {}));
  if (answer.text.trim() === "") return;
  const body = parseJson(answer.text);
  const isAcceptance = typeof body === "object" && body !== null && !wireFaults.safeParse(body).success;
  if (!isAcceptance) throw unreadable(answer.text, "changing", [client.apiKey]);
}

/** Waits for a turn and makes the call. Resolves to a 2xx. */
async function ask(
  { baseUrl, apiKey, timeoutMs, pin, limiter }: DigicertClient,
  call: DigicertCall,
  nature: CallNature,
  body?: string,
): Promise<CaAnswer> {
  const url = new URL(call.path, baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  const { signal } = call;
  const isChanging = nature === "changing";
  await limiter.take({
    longestWaitMs: isChanging ? changingWaitMs : (call.longestWaitMs ?? usualWaitMs),
    signal,
  });
  const headers = {
    "x-dc-devkey": apiKey,
    accept: "*/*",
    "content-type": "application/json",
    "user-agent": "Sealpost",
  };
  const sent = body === undefined ? ({ method: "GET" } as const) : ({ method: "PUT", body } as const);
  const answer = await askCa({ url, ...sent, headers, timeoutMs, longestBodyBytes, signal, pin }, nature);
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw failure(answer, nature, [apiKey]);
}

/** What a status other than 2xx means. Codes are `name|detail` ("Errors", Services API). */
function failure(answer: CaAnswer, nature: CallNature, secrets: readonly string[]): CaError {
  const faults = wireFaults.safeParse(parseJson(answer.text));
  const said = faults.success ? faults.data : [];
  const message = readable(said.length === 0 ? answer.text : wordsOf(said), secrets);
  const options = message === null ? {} : { caMessage: message };
  const { status } = answer;
  const code = said[0]?.code ?? "";
  const name = code.split("|")[0] ?? "";
  if (status === 429 || name === "request_limit_exceeded") return rateLimited(answer, options);
  if (status >= 500) return new CaError(nature === "changing" ? "outcome-unknown" : "unavailable", options);
  if (status === 401) return new CaError("unauthorized", options);
  if (status === 403 || name === "access_denied") return new CaError(deniedKind(said), options);
  if (status < 400 || said.length === 0) return unreadable(answer.text, nature, secrets);
  if (code === "not_found|route")
    return new CaError(nature === "changing" ? "invalid-input" : "unexpected-response", options);
  if (status === 404) return new CaError("not-found", options);
  return new CaError(isComplaint(name) ? "invalid-input" : "state-conflict", options);
}

/** An account may take calls from some addresses only; the code for it is published nowhere, the sentence names it. */
function deniedKind(said: readonly WireFault[]): "ip-not-allowed" | "forbidden" {
  return /\bip( |_|-|$)/i.test(wordsOf(said)) ? "ip-not-allowed" : "forbidden";
}

/** Whether it was the request that was wrong, not the order's state. */
function isComplaint(name: string): boolean {
  return name.startsWith("invalid") || name.startsWith("bad_request") || name.startsWith("missing");
}

function wordsOf(said: readonly WireFault[]): string {
  return said.map(({ code, message }) => message || code || "").join(" ");
}
