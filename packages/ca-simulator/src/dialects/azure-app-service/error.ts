import type { Answer } from "../../play-fault.ts";

/** Ends a call early with the error body of Azure Resource Manager. */
export class AzureError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, text: string) {
    super(text);
    this.status = status;
    this.code = code;
  }
}

export function spokenError({ status, code, message }: AzureError): Answer {
  const error = { code, message, target: null, details: [] };
  return { status, body: { error }, headers: status === 429 ? { "retry-after": "17" } : {} };
}

/** Ends a call for a token early, in the words of the sign-in (RFC 6749 section 5.2). */
export class SignInError extends Error {
  readonly status: number;
  readonly error: string;

  constructor(status: number, error: string, text: string) {
    super(text);
    this.status = status;
    this.error = error;
  }
}

export function spokenRefusal({ status, error, message }: SignInError): Answer {
  return { status, body: { error, error_description: message } };
}

export function missingApiVersion(): AzureError {
  return new AzureError(
    400,
    "MissingApiVersionParameter",
    "The api-version query parameter (?api-version=) is required for all requests.",
  );
}

export function wrongToken(): AzureError {
  return new AzureError(401, "InvalidAuthenticationToken", "The access token is invalid.");
}

export function expiredToken(): AzureError {
  return new AzureError(401, "ExpiredAuthenticationToken", "The access token has expired.");
}

export function unauthorizedClient(): AzureError {
  return new AzureError(
    403,
    "AuthorizationFailed",
    "The client does not have authorization to perform this action over this scope.",
  );
}

export function noSubscription(): AzureError {
  return new AzureError(404, "SubscriptionNotFound", "The subscription could not be found.");
}

export function noOrder(): AzureError {
  return new AzureError(404, "ResourceNotFound", "The certificate order was not found.");
}

export function noRoute(): AzureError {
  return new AzureError(404, "InvalidResourceType", "The resource type could not be found.");
}

/** What the service says of a mail that an order does not have is published nowhere; code and sentence are ours. */
export function noSuchMail(): AzureError {
  return new AzureError(409, "Conflict", "There is no such email for an order in this state.");
}

export function throttled(): AzureError {
  return new AzureError(
    429,
    "TooManyRequests",
    "The request is being throttled as the limit has been reached.",
  );
}
