import type { MailPlace } from "../ports/mailbox.ts";
import type { MailboxId, MailId, OrderId, ResendRequestId } from "../values/ids.ts";
import type { MailKind, SenderVerdict } from "./mail-kind.ts";
import type { MailContradiction, MailMatchReason } from "./match-mail.ts";

/** What is kept of a mail: where it lies, who wrote it to whom, and which order it is about. Nothing of its content. */
export interface ReceivedMail {
  readonly mailId: MailId;
  readonly mailboxId: MailboxId;
  /** As the mail names itself, or `sha256:` and the hash of its bytes. Unique in its mailbox. */
  readonly messageId: string;
  readonly place: MailPlace;
  readonly receivedAt: Date;
  readonly sentAt: Date | null;
  readonly sender: string | null;
  readonly recipients: readonly string[];
  readonly verdict: SenderVerdict;
  readonly kind: MailKind;
  readonly orderId: OrderId | null;
  /** Why it is thought to be about the order. */
  readonly matchedBy: readonly MailMatchReason[];
  readonly contradictions: readonly MailContradiction[];
  /** The request it answers. */
  readonly requestId: ResendRequestId | null;
  /** Numbers and names it speaks of, by which an order that becomes known later is found; empty once one is. */
  readonly orderNumbers: readonly string[];
  readonly names: readonly string[];
  readonly holdsPrivateKey: boolean;
  /** When somebody said that it is about no order of ours; it is not listed then. */
  readonly putAwayAt: Date | null;
}
