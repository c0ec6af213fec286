import { isDiskFull } from "../disk-full.ts";
import { CaError } from "../ports/certificate-authority.ts";
import type { ResendRequest, ResendStatus, SettleReason } from "./resend-request.ts";

/** How long to wait before the next try, in seconds, when the CA did not say: 5, 15, 45, then 120. */
const backoffS = [5, 15, 45, 120] as const;

export interface Settlement {
  readonly status: Extract<ResendStatus, "accepted" | "refused" | "outcome-unknown" | "not-sent">;
  readonly reason: SettleReason | null;
  readonly caMessage?: string | null;
  readonly answeredInMs?: number;
}

/** Ends a request, and forgets the words that were to go into the mail. Ended requests never change again. */
export function settled(request: ResendRequest, settlement: Settlement, now: Date): ResendRequest {
  return {
    ...request,
    status: settlement.status,
    reason: settlement.reason,
    settledAt: now,
    message: null,
    caMessage: settlement.caMessage ?? null,
    answeredInMs: settlement.answeredInMs ?? null,
  };
}

/** Claims a request for one attempt. */
export function claimed(request: ResendRequest, now: Date): ResendRequest {
  return { ...request, status: "forwarding", claimedAt: now, attempts: request.attempts + 1 };
}

/** Puts a request back for what provably left nothing at the CA. */
export function requeued(
  request: ResendRequest,
  retryAfterS: number | null,
  caMessage: string | null,
  now: Date,
): ResendRequest {
  const waitS = retryAfterS ?? backoffS[Math.min(request.attempts, backoffS.length) - 1] ?? 5;
  const notBefore = new Date(now.getTime() + waitS * 1000);
  return { ...request, status: "requested", notBefore, claimedAt: null, caMessage };
}

/** Where a failed call stood: reading the order changes nothing at the CA, asking for the mail may have. */
export type CallStage = "reading" | "asking";

/**
 * What a failure means. `requeue` only where the mail was provably not asked for and asking later may help.
 * While reading, nothing was asked for yet, so nothing is ever unknown.
 */
export function judgeFailure(error: unknown, stage: CallStage): Settlement | "requeue" {
  if (!(error instanceof CaError)) {
    if (stage === "asking") return unknown("answer-lost", null);
    return isDiskFull(error) ? "requeue" : { status: "not-sent", reason: "interrupted" };
  }
  switch (error.kind) {
    case "rate-limited":
    case "unavailable":
      return "requeue";
    case "outcome-unknown":
    case "unexpected-response":
      return stage === "asking" ? unknown("answer-lost", error.caMessage) : "requeue";
    case "unauthorized":
    case "forbidden":
    case "ip-not-allowed":
      return refusedBy("unauthorized", error.caMessage);
    case "not-found":
      return refusedBy("order-gone", error.caMessage);
    case "no-earlier-email":
      return refusedBy("no-earlier-email", null);
    case "state-conflict":
    case "invalid-input":
      return refusedBy("ca-refused", error.caMessage);
  }
}

function unknown(reason: SettleReason, caMessage: string | null): Settlement {
  return { status: "outcome-unknown", reason, caMessage };
}

function refusedBy(reason: SettleReason, caMessage: string | null): Settlement {
  return { status: "refused", reason, caMessage };
}
