import { isDiskFull, type Refusal, type RefusalCode, RefusalError, refuse } from "@sealpost/domain";
import { type TRPC_ERROR_CODE_KEY, TRPCError } from "@trpc/server";

/** Every refusal's class on the wire. Total: a new code does not compile without one. */
const trpcCodes = {
  "not-signed-in": "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  "step-up-required": "FORBIDDEN",
  "not-found": "NOT_FOUND",
  "invalid-input": "BAD_REQUEST",
  conflict: "CONFLICT",
  "too-large": "PAYLOAD_TOO_LARGE",
  "too-many-requests": "TOO_MANY_REQUESTS",
  "disk-full": "SERVICE_UNAVAILABLE",
  "vault-locked": "SERVICE_UNAVAILABLE",
  "resend-not-allowed": "FORBIDDEN",
  "resend-unsupported": "PRECONDITION_FAILED",
  "order-gone": "PRECONDITION_FAILED",
  "order-not-issued": "PRECONDITION_FAILED",
  "order-not-awaiting-approval": "PRECONDITION_FAILED",
  "approver-mail-ended": "PRECONDITION_FAILED",
  "account-paused": "PRECONDITION_FAILED",
  "recipient-not-loaded": "PRECONDITION_FAILED",
  "no-recipient": "PRECONDITION_FAILED",
  "recipient-changed": "CONFLICT",
  "resend-under-way": "CONFLICT",
  "cooling-down": "TOO_MANY_REQUESTS",
  "daily-limit": "PRECONDITION_FAILED",
  "earlier-outcome-unknown": "PRECONDITION_FAILED",
  "not-cancellable": "CONFLICT",
  "import-blocked": "UNPROCESSABLE_CONTENT",
  "order-required": "PRECONDITION_FAILED",
  "last-administrator": "PRECONDITION_FAILED",
  "passkey-refused": "PRECONDITION_FAILED",
  "role-by-groups": "PRECONDITION_FAILED",
  "not-admitted": "UNAUTHORIZED",
  "already-imported": "CONFLICT",
  "download-unsupported": "PRECONDITION_FAILED",
  "key-not-stored": "NOT_FOUND",
  "material-not-stored": "NOT_FOUND",
  "account-label-taken": "CONFLICT",
  "address-not-allowed": "BAD_REQUEST",
  "ca-error": "BAD_GATEWAY",
  "mailbox-label-taken": "CONFLICT",
  "mailbox-not-connected": "PRECONDITION_FAILED",
  "mailbox-error": "BAD_GATEWAY",
} as const satisfies Record<RefusalCode, TRPC_ERROR_CODE_KEY>;

/** The refusal in an error's chain, or null for an error that is nobody's business but ours. */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof RefusalError) return error.refusal;
  if (error instanceof TRPCError && error.cause) return refusalOf(error.cause);
  return null;
}

/** What was thrown as the refusal it is, or null for a fault: a full disk is found anywhere below. */
export function asRefusal(error: unknown): RefusalError | null {
  if (error instanceof RefusalError) return error;
  return isDiskFull(error) ? refuse({ code: "disk-full" }, error) : null;
}

/** A refusal as tRPC throws it. */
export function toTrpcError(error: RefusalError): TRPCError {
  return new TRPCError({ code: trpcCodes[error.refusal.code], message: error.refusal.code, cause: error });
}
