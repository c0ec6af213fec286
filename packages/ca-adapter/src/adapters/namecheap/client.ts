import { CaError, type CancelSignal } from "@sealpost/domain";
import type { z } from "zod";
import { askCa, type CallNature, rateLimited, unreadable } from "../../ask.ts";
import { type CaAnswer, type PinAddress, readable } from "../../http.ts";
import type { RateLimiter } from "../../rate-limiter.ts";
import { failureOf } from "./failure.ts";
import { wireAnswer } from "./wire.ts";
import { parseXml } from "./xml.ts";

/** Longest time of one HTTP call. */
export const usualTimeoutMs = 30_000;
/** A page of a hundred orders has 30 KB, an order with its chain less; XML costs more to read than to send. */
const longestBodyBytes = 256 * 1024;

export interface NamecheapClient {
  readonly baseUrl: string;
  readonly apiUser: string;
  readonly apiKey: string;
  readonly userName: string;
  readonly clientIp: string;
  readonly timeoutMs: number;
  readonly pin: PinAddress | null;
  readonly limiter: RateLimiter;
}

export interface NamecheapCall {
  /** Behind `namecheap.ssl.` */
  readonly command: "getList" | "getInfo" | "resendfulfillmentemail" | "resendApproverEmail";
  readonly parameters: Readonly<Record<string, string>>;
  readonly signal: CancelSignal;
}

/** Long enough for the window of a minute. A reading and a mail with their waits end before the worker gives up on them. */
export const usualWaitMs = 65_000;
/** A mail is claimed before it is asked for: rather back to the queue than to hold the claim. */
const changingWaitMs = 10_000;

/** Calls one command and reads what it responds by `schema`. Throws CaError; never retries. */
export async function callNamecheap<Schema extends z.ZodType>(
  client: NamecheapClient,
  call: NamecheapCall,
  nature: CallNature,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const answer = await ask(client, call, nature);
  const secrets = [client.apiKey];
  const read = wireAnswer.safeParse(parseXml(answer.text));
  const said = read.success ? read.data : { isOk: false, faults: [], response: undefined };
  const [first, ...others] = said.faults;
  // The service answers 200 to everything; other statuses come from what stands before it.
  if (answer.status >= 500)
    throw new CaError(nature === "changing" ? "outcome-unknown" : "unavailable", wordsOf(answer, secrets));
  if (first && !said.isOk) throw failureOf([first, ...others], nature, secrets);
  // By 405 it turns calls away before it looks at them, says the transport of the vendor's Go SDK.
  if (answer.status === 405 || answer.status === 429) throw rateLimited(answer, wordsOf(answer, secrets));
  const parsed = schema.safeParse(said.response);
  // Success and an error in one is neither.
  if (answer.status !== 200 || !said.isOk || first || !parsed.success)
    throw unreadable(answer.text, nature, secrets);
  return parsed.data;
}

function wordsOf({ text }: CaAnswer, secrets: readonly string[]): { caMessage?: string } {
  const caMessage = readable(text, secrets);
  return caMessage === null ? {} : { caMessage };
}

/** Waits for a turn and makes the call. The key goes in the body: addresses end in logs. */
async function ask(
  client: NamecheapClient,
  { command, parameters, signal }: NamecheapCall,
  nature: CallNature,
): Promise<CaAnswer> {
  const isChanging = nature === "changing";
  await client.limiter.take({
    longestWaitMs: isChanging ? changingWaitMs : usualWaitMs,
    signal,
  });
  const { apiUser, apiKey, userName, clientIp, timeoutMs, pin } = client;
  const body = new URLSearchParams({
    ApiUser: apiUser,
    ApiKey: apiKey,
    UserName: userName,
    ClientIp: clientIp,
    Command: `namecheap.ssl.${command}`,
    ...parameters,
  }).toString();
  const headers = {
    accept: "application/xml",
    "content-type": "application/x-www-form-urlencoded",
    "user-agent": "Sealpost",
  };
  const url = endpointOf(client.baseUrl);
  return await askCa(
    { url, method: "POST", headers, body, timeoutMs, longestBodyBytes, signal, pin },
    nature,
  );
}

/** People copy the address from the documentation, where it ends in the one path there is. */
function endpointOf(baseUrl: string): URL {
  return new URL(`${baseUrl.replace(/\/(xml\.response\/?)?$/, "")}/xml.response`);
}
