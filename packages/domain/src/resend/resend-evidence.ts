import type { MailId } from "../values/ids.ts";
import type { ResendRequest } from "./resend-request.ts";

/**
 * What shows that a mail came, or did not. `none`: nothing yet. `unconfirmed`: nothing for as long as a mail may take;
 * it may still come.
 */
export const evidenceKinds = ["none", "received", "bounced", "unconfirmed"] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

export interface ResendEvidence {
  readonly kind: EvidenceKind;
  /** When the mail arrived or was returned, or when waiting for it ended. */
  readonly at: Date | null;
  /** Where it arrived, or whom it did not reach. */
  readonly address: string | null;
  /** Why it was returned: the code of RFC 3463, and the refusing server's words. */
  readonly code: string | null;
  readonly words: string | null;
  readonly mailId: MailId | null;
  /** When the CA's own history says that it sent the mail; null: it keeps none, or does not list it. */
  readonly caSentAt: Date | null;
}

export const noEvidence: ResendEvidence = {
  kind: "none",
  at: null,
  address: null,
  code: null,
  words: null,
  mailId: null,
  caSentAt: null,
};

/** Whether a mail may have left, so that it makes sense to wait for it. */
export function mayHaveLeft({ status }: Pick<ResendRequest, "status">): boolean {
  return status === "forwarding" || status === "accepted" || status === "outcome-unknown";
}
