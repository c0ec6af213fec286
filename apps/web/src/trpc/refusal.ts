import type { AppRouter } from "@sealpost/api/client";
import { TRPCClientError } from "@trpc/client";

type ApiError = TRPCClientError<AppRouter>;
/** Why the server said no, as it came over the wire: moments are text. */
export type RefusalView = NonNullable<NonNullable<ApiError["data"]>["refusal"]>;

/** A refusal by one of the server's routes beside tRPC. */
export class RefusedAnswer extends Error {
  override readonly name = "RefusedAnswer";
  readonly refusal: RefusalView | null;

  constructor(refusal: RefusalView | null) {
    super("refused");
    this.refusal = refusal;
  }
}

/** The refusal in what a route beside tRPC answered: it writes them as they come over tRPC. */
export function refusalIn(body: unknown): RefusalView | null {
  return typeof body === "object" && body !== null && "refusal" in body
    ? (body.refusal as RefusalView)
    : null;
}

export function refusalOf(error: unknown): RefusalView | null {
  if (error instanceof RefusedAnswer) return error.refusal;
  return error instanceof TRPCClientError ? ((error as ApiError).data?.refusal ?? null) : null;
}

/** The id by which the log knows a fault that is ours. */
export function requestIdOf(error: unknown): string | null {
  return error instanceof TRPCClientError ? ((error as ApiError).data?.requestId ?? null) : null;
}

/** Whether nobody answered at all, or something on the way that is not our server. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof TRPCClientError && !(error as ApiError).data;
}

export function isSignedOut(error: unknown): boolean {
  return refusalOf(error)?.code === "not-signed-in";
}
