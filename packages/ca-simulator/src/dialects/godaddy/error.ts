import type { Answer } from "../../play-fault.ts";

/** Ends a call early with the service's error body. The specification has the form; most codes are ours. */
export class GodaddyError extends Error {
  readonly status: number;
  readonly code: string;
  /** Only with a 429, where it is required. */
  readonly retryAfterSec: number | null;

  constructor(status: number, code: string, text: string, retryAfterSec: number | null = null) {
    super(text);
    this.status = status;
    this.code = code;
    this.retryAfterSec = retryAfterSec;
  }
}

export function spokenError({ status, code, message, retryAfterSec }: GodaddyError): Answer {
  return { status, body: { code, message, ...(retryAfterSec === null ? {} : { retryAfterSec }) } };
}

export function wrongKey(): GodaddyError {
  return new GodaddyError(
    401,
    "UNABLE_TO_AUTHENTICATE",
    "Unauthorized : Could not authenticate API key/secret",
  );
}

export function noAccess(): GodaddyError {
  return new GodaddyError(403, "ACCESS_DENIED", "Authenticated user is not allowed access");
}

export function notFound(what: "certificate" | "path"): GodaddyError {
  return new GodaddyError(404, "NOT_FOUND", `The ${what} was not found`);
}

/** What the order's state does not allow, or does not have. */
export function conflict(code: string, text: string): GodaddyError {
  return new GodaddyError(409, code, text);
}

export function noSuchMail(): GodaddyError {
  return conflict("EMAIL_ID_NOT_FOUND", "Email id not found");
}

export function overLimit(): GodaddyError {
  return new GodaddyError(429, "TOO_MANY_REQUESTS", "Too many requests received within interval", 30);
}

export function invalid(text: string): GodaddyError {
  return new GodaddyError(422, "INVALID_VALUE_ENUM", text);
}
