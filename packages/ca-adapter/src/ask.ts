import { CaError } from "@sealpost/domain";
import { type CaAnswer, type CaCall, callCa, NoAnswer, readable, retryAfterS } from "./http.ts";

/** Whether a call changes something at the CA: then a lost answer is an unknown outcome. */
export type CallNature = "reading" | "changing";

/** Makes one call. Throws CaError `unavailable` or `outcome-unknown` where no whole answer came; never retries. */
export async function askCa(call: CaCall, nature: CallNature): Promise<CaAnswer> {
  try {
    return await callCa(call);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    const code = error.cause instanceof Error && "code" in error.cause ? String(error.cause.code) : null;
    const options = { cause: error, ...(code ? { caMessage: code } : {}) };
    if (nature === "changing" && error.how !== "never-left") throw new CaError("outcome-unknown", options);
    throw new CaError(error.how === "too-long" ? "unexpected-response" : "unavailable", options);
  }
}

/** An answer that is none of the CA's. */
export function unreadable(text: string, nature: CallNature, secrets: readonly string[]): CaError {
  const message = readable(text, secrets);
  return new CaError(
    nature === "changing" ? "outcome-unknown" : "unexpected-response",
    message === null ? {} : { caMessage: message },
  );
}

/** `rate-limited`, with the time to come back when the CA names one. */
export function rateLimited(answer: CaAnswer, options: { readonly caMessage?: string }): CaError {
  const seconds = retryAfterS(answer.headers["retry-after"], new Date());
  return new CaError("rate-limited", { ...options, ...(seconds === null ? {} : { retryAfterS: seconds }) });
}

/** Undefined for anything that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
