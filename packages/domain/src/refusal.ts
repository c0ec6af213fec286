import type { Right } from "./actor.ts";
import type { Finding } from "./import/findings.ts";
import type { PasskeyProblem } from "./people/passkeys.ts";
import type { CaErrorKind } from "./ports/certificate-authority.ts";
import type { MailboxErrorKind } from "./ports/mailbox.ts";

/**
 * The closed list of reasons for which a verb says no. Codes are stable; the sentence for the person is made from the
 * code and its facts at the edge, in the person's language. Nothing secret may stand in a refusal.
 */
export type Refusal =
  | { readonly code: "not-signed-in" }
  | { readonly code: "forbidden"; readonly right: Right }
  | { readonly code: "step-up-required" }
  | {
      readonly code: "not-found";
      readonly what:
        | "order"
        | "certificate"
        | "account"
        | "request"
        | "person"
        | "session"
        | "passkey"
        | "mailbox"
        | "mail";
    }
  | { readonly code: "invalid-input"; readonly field: string; readonly problem: string }
  | { readonly code: "conflict" }
  | { readonly code: "too-large"; readonly limitBytes: number }
  | { readonly code: "disk-full" }
  /** Without its master key a console only reads: nothing can be opened, sealed or traced. */
  | { readonly code: "vault-locked" }
  | { readonly code: "too-many-requests"; readonly retryAt: Date }
  | ResendRefusal
  | { readonly code: "import-blocked"; readonly findings: readonly Finding[] }
  | { readonly code: "order-required" }
  | { readonly code: "last-administrator" }
  | { readonly code: "passkey-refused"; readonly reason: PasskeyProblem }
  | { readonly code: "role-by-groups" }
  | { readonly code: "not-admitted"; readonly reason: AdmissionProblem }
  | { readonly code: "already-imported"; readonly certificateId: string; readonly importedAt: Date }
  | { readonly code: "download-unsupported" }
  | { readonly code: "key-not-stored" }
  | { readonly code: "material-not-stored" }
  | { readonly code: "account-label-taken" }
  | { readonly code: "address-not-allowed"; readonly field: string }
  | { readonly code: "ca-error"; readonly kind: CaErrorKind; readonly caMessage: string | null }
  | { readonly code: "mailbox-label-taken" }
  | { readonly code: "mailbox-not-connected" }
  | {
      readonly code: "mailbox-error";
      readonly kind: MailboxErrorKind;
      readonly serverMessage: string | null;
    };

/** Why a sign-in at the identity provider came to nothing. The page's sentences and the audit log's words go by these. */
export const admissionProblems = [
  /** Refused at the provider, by the person or by it. */
  "declined",
  /** Begun too long ago, in another browser, or used already. */
  "expired",
  "no-answer",
  /** What it said did not stand up to a check. */
  "untrusted",
  "no-role",
  "disabled",
  "email-unverified",
  "email-taken",
  /** Signing in again: somebody else did, or nobody was asked who they are. */
  "another-person",
  "not-fresh",
] as const;
export type AdmissionProblem = (typeof admissionProblems)[number];

/** Why a mail may not be asked for. The page greys *Send* with the same value that the server refuses with. */
export type ResendRefusal =
  | { readonly code: "resend-not-allowed" }
  | { readonly code: "resend-unsupported" }
  | { readonly code: "order-gone" }
  | { readonly code: "order-not-issued" }
  | { readonly code: "order-not-awaiting-approval" }
  | { readonly code: "approver-mail-ended"; readonly endedAt: Date }
  | { readonly code: "account-paused" }
  | { readonly code: "recipient-not-loaded" }
  | { readonly code: "no-recipient" }
  | { readonly code: "recipient-changed"; readonly recipients: readonly string[] }
  | { readonly code: "resend-under-way"; readonly requestedBy: string; readonly requestedAt: Date }
  | { readonly code: "cooling-down"; readonly until: Date; readonly requestedBy: string }
  | { readonly code: "daily-limit"; readonly count: number; readonly recipient: string }
  | { readonly code: "earlier-outcome-unknown"; readonly askedAt: Date }
  | { readonly code: "not-cancellable" };

export type RefusalCode = Refusal["code"];
export type ResendRefusalCode = ResendRefusal["code"];

/** Thrown once by a verb, mapped once at the edge. `cause` never leaves the server. */
export class RefusalError extends Error {
  override readonly name = "RefusalError";
  readonly refusal: Refusal;

  constructor(refusal: Refusal, cause?: unknown) {
    super(refusal.code, { cause });
    this.refusal = refusal;
  }
}

export function refuse(refusal: Refusal, cause?: unknown): RefusalError {
  return new RefusalError(refusal, cause);
}
