import type { Answer } from "../../play-fault.ts";

/** Ends a call early with the service's error body ("Error", OpenAPI description). */
export class GodaddyError extends Error {
  readonly status: number;
  readonly code: string;
  /** Of 429 alone: seconds. */
  readonly retryAfterSec: number | null;

  constructor(status: number, code: string, text: string, retryAfterSec: number | null = null) {
    super(text);
    this.status = status;
    this.code = code;
    this.retryAfterSec = retryAfterSec;
  }
}

export function spokenError({ status, code, message, retryAfterSec }: GodaddyError): Answer {
  const wait = retryAfterSec === null ? {} : { retryAfterSec };
  return { status, body: { code, message, ...wait } };
}

export function wrongKey(): GodaddyError {
  return new GodaddyError(
    401,
    "UNABLE_TO_AUTHENTICATE",
    "Unauthorized : Could not authenticate API key/secret",
  );
}

/** What accounts hear that are not let in at all. */
export function accessDenied(): GodaddyError {
  return new GodaddyError(403, "ACCESS_DENIED", "Authenticated user is not allowed access");
}

export function notFound(what: string): GodaddyError {
  return new GodaddyError(404, "NOT_FOUND", `The ${what} was not found.`);
}

export function overLimit(): GodaddyError {
  return new GodaddyError(429, "TOO_MANY_REQUESTS", "Too many requests received within interval", 30);
}

export function wrongState(text: string): GodaddyError {
  return new GodaddyError(409, "INVALID_STATE", text);
}
