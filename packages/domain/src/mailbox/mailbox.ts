import type { ArrivedMail, FolderPosition, MailboxErrorKind } from "../ports/mailbox.ts";
import type { MailboxId, VaultRef } from "../values/ids.ts";

export type MailboxState = "connected" | "paused" | "disconnected";

/** TLS from the first byte, or asked for before anything else is said; never in the clear. */
export const mailSecurities = ["tls", "starttls"] as const;
export type MailSecurity = (typeof mailSecurities)[number];

/** Why a mailbox is not followed, or not wholly; the server's own words beside our kind. */
export interface MailboxFault {
  readonly kind: MailboxErrorKind;
  readonly serverMessage: string | null;
  /** The folders it is about; empty: the whole mailbox. */
  readonly folders: readonly string[];
  /** Since when as much of the mailbox is not followed; what the server said last may have come later. */
  readonly at: Date;
}

/** How following goes. */
export interface MailboxWatch {
  /** Up to when all its folders have been read to their ends, to the minute. */
  readonly seenAt: Date | null;
  /** When the newest mail we have met was received. */
  readonly lastMailAt: Date | null;
  /** How far each folder has been read. */
  readonly positions: readonly FolderPosition[];
  readonly fault: MailboxFault | null;
}

export const neverWatched: MailboxWatch = { seenAt: null, lastMailAt: null, positions: [], fault: null };

/** Over all mailboxes: none is connected, none of the connected can be read now, or at least one is followed. */
export type MailWatchState = "none" | "failing" | "watching";

export function mailWatchOf(mailboxes: readonly Mailbox[]): MailWatchState {
  const connected = mailboxes.filter(({ state }) => state === "connected");
  if (connected.length === 0) return "none";
  return connected.some(({ folders, watch: { fault } }) => isFollowed(folders, fault))
    ? "watching"
    : "failing";
}

/** Whether at least one of the folders is followed. */
export function isFollowed(
  folders: readonly string[],
  fault: Pick<MailboxFault, "kind" | "folders"> | null,
): boolean {
  if (fault === null) return true;
  return fault.kind === "folder-missing" && folders.some((folder) => !fault.folders.includes(folder));
}

/** A mailbox that is read for what CAs send. The mails stay there; of each, only facts are kept. */
export interface Mailbox {
  readonly mailboxId: MailboxId;
  /** What the person calls it; unique. */
  readonly label: string;
  readonly host: string;
  readonly port: number;
  readonly security: MailSecurity;
  readonly userName: string;
  readonly credentialRef: VaultRef | null;
  /** Full paths, as the server writes them. */
  readonly folders: readonly string[];
  /** How many days back a folder is read that has not been read before. */
  readonly lookBackDays: number;
  readonly state: MailboxState;
  readonly connectedAt: Date;
  readonly watch: MailboxWatch;
}

/**
 * Takes in one mail of a followed mailbox: commits what is learned from it together with the position that it moves
 * (`positionAfter`), so that neither is ever without the other. May get the same mail again under another place.
 */
export type ReceiveMail = (mailbox: Mailbox, mail: ArrivedMail) => Promise<void>;

/** How far a folder has been read once this mail is dealt with. */
export function positionAfter({ place }: ArrivedMail): FolderPosition {
  const { folder, uidValidity, uid } = place;
  return { folder, uidValidity, lastUid: uid };
}
