import type { Answer } from "../../play-fault.ts";

/** Ends a call early with the service's error body ("Errors", Services API): codes are `name|detail`. */
export class DigicertError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, text: string) {
    super(text);
    this.status = status;
    this.code = code;
  }
}

export function spokenError({ status, code, message }: DigicertError): Answer {
  return { status, body: { errors: [{ code, message }] } };
}

export function notFound(what: "order" | "certificate" | "route"): DigicertError {
  return new DigicertError(404, `not_found|${what}`, `The specified ${what} could not be found.`);
}

/** The code for a wrong key is published nowhere; this one is ours. */
export function wrongKey(): DigicertError {
  return new DigicertError(401, "access_denied|invalid_api_key", "The API key is not valid.");
}

export function missingPermission(): DigicertError {
  return new DigicertError(
    403,
    "access_denied|missing_permission",
    "You do not have permission to perform this action.",
  );
}

export function overLimit(): DigicertError {
  return new DigicertError(429, "request_limit_exceeded", "Service unavailable, please limit request volume");
}

export function badRequest(code: string, text: string): DigicertError {
  return new DigicertError(400, code, text);
}
