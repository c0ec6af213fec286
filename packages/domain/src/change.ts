import type { CaAccount, SyncState } from "./account/ca-account.ts";
import type { Role, Scope } from "./actor.ts";
import type { AuditEntry } from "./audit/audit-entry.ts";
import type { ImportedCertificate } from "./certificate/imported-certificate.ts";
import type { ReceivedMail } from "./mail/received-mail.ts";
import type { Mailbox, MailboxFault } from "./mailbox/mailbox.ts";
import type { Order } from "./order/order.ts";
import type { ProviderIdentity } from "./people/admit-from-provider.ts";
import type { Passkey } from "./people/passkeys.ts";
import type { PersonRecord } from "./people/person-record.ts";
import type { Preferences } from "./people/preferences.ts";
import type { FolderPosition, MailPlace } from "./ports/mailbox.ts";
import type { ProvenPasskey } from "./ports/passkey-ceremony.ts";
import type { EvidenceKind, ResendEvidence } from "./resend/resend-evidence.ts";
import type { ResendRequest, ResendStatus } from "./resend/resend-request.ts";
import type {
  CaAccountId,
  CertificateId,
  MailboxId,
  MailId,
  PasskeyId,
  PersonId,
  ResendRequestId,
  SessionId,
} from "./values/ids.ts";

/** One row's fate. A guard that does not hold at commit turns the whole change into a Conflict. */
export type Write =
  /** Inserts or replaces facts by (caAccountId, caOrderId); imports and ids of a known order stay. */
  | { readonly write: "order-synced"; readonly order: Order }
  /** Marks as gone every order of the account whose `syncedAt` is older than `before`. */
  | {
      readonly write: "orders-gone";
      readonly caAccountId: CaAccountId;
      readonly before: Date;
      readonly goneAt: Date;
    }
  /** Guards: the idempotency key is new; no other open request for this order and kind. */
  | { readonly write: "resend-requested"; readonly request: ResendRequest }
  /** Guard: the row still is in `from`. */
  | { readonly write: "resend-moved"; readonly request: ResendRequest; readonly from: ResendStatus }
  /** Guard: the evidence still is of the kind `from`. Leaves the rest of the request alone. */
  | {
      readonly write: "resend-evidence";
      readonly requestId: ResendRequestId;
      readonly evidence: ResendEvidence;
      readonly from: EvidenceKind;
    }
  /** Guard: the message id is new in its mailbox. */
  | { readonly write: "mail-received"; readonly mail: ReceivedMail }
  /** A mail whose order has become known. Guard: the row exists. */
  | { readonly write: "mail-matched"; readonly mail: ReceivedMail }
  /** Guard: the row exists. */
  | { readonly write: "mail-placed"; readonly mailId: MailId; readonly place: MailPlace }
  /** Null: taken up again. Guard: the mail is about no order. */
  | { readonly write: "mail-put-away"; readonly mailId: MailId; readonly putAwayAt: Date | null }
  /** Guard: the fingerprint is new. Links the order's issuance when `orderId` is set; a current one takes the place of the last. */
  | { readonly write: "certificate-imported"; readonly certificate: ImportedCertificate }
  /** Guard: the row still names these vault items. */
  | {
      readonly write: "certificate-completed";
      readonly certificate: ImportedCertificate;
      readonly from: Pick<ImportedCertificate, "certificateRef" | "keyRef">;
    }
  /** Guard: the row exists. The other versions of its order are earlier ones from then on. */
  | { readonly write: "certificate-made-current"; readonly certificateId: CertificateId }
  /** Guard: the row exists. */
  | { readonly write: "certificate-notes"; readonly certificateId: CertificateId; readonly notes: string }
  /** Guard: the row exists. The version before takes its place, at the order's issuance too where it is of the same. */
  | { readonly write: "certificate-deleted"; readonly certificateId: CertificateId }
  /** Guard: the row exists. An administrator of every account, let in, without any way to sign in. */
  | { readonly write: "person-recovered"; readonly personId: PersonId }
  /** Guard: the row exists. Wrong codes are forgotten, and the pause they led to. */
  | { readonly write: "person-unlocked"; readonly personId: PersonId }
  /** Guard: the one that is named is there, and this person's. */
  | {
      readonly write: "sessions-ended";
      readonly personId: PersonId;
      readonly which: { readonly only: SessionId } | { readonly except: SessionId };
    }
  /** Guard: nobody has this credential. */
  | {
      readonly write: "passkey-added";
      readonly personId: PersonId;
      readonly passkey: Passkey & ProvenPasskey;
    }
  /** Guard of these two: it is there, and this person's. */
  | {
      readonly write: "passkey-renamed";
      readonly personId: PersonId;
      readonly passkeyId: PasskeyId;
      readonly name: string;
    }
  | { readonly write: "passkey-removed"; readonly personId: PersonId; readonly passkeyId: PasskeyId }
  /** Guard: the label is not another account's. */
  | { readonly write: "account-saved"; readonly account: CaAccount }
  | { readonly write: "preferences-saved"; readonly personId: PersonId; readonly preferences: Preferences }
  | { readonly write: "account-sync"; readonly caAccountId: CaAccountId; readonly sync: SyncState }
  /** Guard: the label is not another mailbox's. Of a known one, how following goes stays as it is. */
  | { readonly write: "mailbox-saved"; readonly mailbox: Mailbox }
  /** Forgets how far the folders were read, where mails lie in them, and everything else about following. */
  | { readonly write: "mailbox-restarted"; readonly mailboxId: MailboxId }
  /** Guard: the mailbox exists. `receivedAt`: of the mail that moved the position; null: none did. */
  | {
      readonly write: "mailbox-position";
      readonly mailboxId: MailboxId;
      readonly position: FolderPosition;
      readonly receivedAt: Date | null;
    }
  /** Guard: the mailbox exists. `seenAt`: null leaves the time as it is. */
  | {
      readonly write: "mailbox-seen";
      readonly mailboxId: MailboxId;
      readonly seenAt: Date | null;
      readonly fault: MailboxFault | null;
    }
  /** Guard: the address is nobody else's. */
  | {
      readonly write: "person-invited";
      readonly person: Pick<PersonRecord, "personId" | "name" | "email" | "role" | "scope">;
      readonly at: Date;
    }
  /** Guards: the person has no way to sign in yet, and the identity is nobody else's. Links to set a password are void. */
  | {
      readonly write: "identity-linked";
      readonly personId: PersonId;
      readonly identity: ProviderIdentity;
      readonly at: Date;
    }
  /** Guards of these three: the person exists; an administrator who can sign in is left. */
  | {
      readonly write: "person-changed";
      readonly personId: PersonId;
      readonly role: Role;
      readonly scope: Scope;
    }
  | { readonly write: "person-disabled"; readonly personId: PersonId; readonly disabledAt: Date | null }
  | { readonly write: "person-reset"; readonly personId: PersonId };

/** What a decision wants done, all or nothing, together with its trace. */
export interface Change {
  readonly writes: readonly Write[];
  readonly audit: readonly AuditEntry[];
}

/** Which guard did not hold. */
export type ConflictReason =
  | "idempotency-key-used"
  | "resend-open"
  | "resend-moved-on"
  | "mail-known"
  | "fingerprint-known"
  | "row-gone"
  | "label-taken"
  | "email-taken"
  | "passkey-known"
  | "identity-taken"
  | "last-administrator";

/** Thrown by `Store.commit` when a guard does not hold; nothing of the change is kept. */
export class Conflict extends Error {
  override readonly name = "Conflict";
  readonly reason: ConflictReason;

  constructor(reason: ConflictReason) {
    super(reason);
    this.reason = reason;
  }
}
