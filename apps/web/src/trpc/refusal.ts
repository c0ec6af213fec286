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

export function refusalOf(error: unknown): RefusalView | null {
  if (error instanceof RefusedAnswer) return error.refusal;
  return error instanceof TRPCClientError ? ((error as ApiError).data?.refusal ?? null) : null;
}

/** The id by which the log knows a fault that is ours. */
export function requestIdOf(error: unknown): string | null {
  return error instanceof TRPCClientError ? ((error as ApiError).data?.requestId ?? null) : null;
}

export function isSignedOut(error: unknown): boolean {
  return refusalOf(error)?.code === "not-signed-in";
}
