import type { CertificateMaterial } from "../import/certificate-material.ts";
import type { CancelSignal } from "./cancel-signal.ts";

/** Longest mail that is read whole, in bytes: the longest file the reader takes. Of a longer one only the header is read. */
export const longestMailBytes = 5 * 1024 * 1024;

/**
 * Where one mail lies. A UID names a mail only within its folder and only while the folder's UIDVALIDITY stays (RFC
 * 9051 section 2.3.1.1); a server that has lost its numbers gives another UIDVALIDITY, and all UIDs anew.
 */
export interface MailPlace {
  readonly folder: string;
  /** A number of 32 bits, as text. Empty: where the mail lies is not known until it is met again. */
  readonly uidValidity: string;
  readonly uid: number;
}

/** How far a folder has been read: every mail up to this UID has been handed on, or was too old to be looked at. */
export interface FolderPosition {
  readonly folder: string;
  readonly uidValidity: string;
  readonly lastUid: number;
}

/** A mail as it was found, never changed there: no flag is set by reading it. */
export interface ArrivedMail {
  readonly place: MailPlace;
  /** When the mailbox's own server took it in (INTERNALDATE), not what the sender wrote. */
  readonly receivedAt: Date;
  readonly sizeBytes: number;
  /** The mail as it travelled (RFC 5322), or only its header when it is longer than `longestMailBytes`. */
  readonly raw: CertificateMaterial;
  readonly isWhole: boolean;
  /** SHA-256 of `raw` in hex: the same mail again, even under another place. */
  readonly sha256: string;
}

/** What following a mailbox tells, in the order in which it became known. */
export type MailboxEvent =
  /** To be dealt with before the next event is asked for; with it the position moves to its place. */
  | { readonly event: "mail"; readonly mail: ArrivedMail }
  /** Nothing between the position before and this one is to be looked at. Also the first of a folder whose UIDs are new. */
  | { readonly event: "position"; readonly position: FolderPosition }
  /** The folder has been read to its end, and is being listened to. Comes again whenever the server has answered. */
  | { readonly event: "caught-up"; readonly folder: string }
  /** The folder is not there (any more). The others are followed all the same, and it is looked for now and then. */
  | { readonly event: "folder-missing"; readonly folder: string };

export interface FollowRequest {
  readonly folders: readonly string[];
  /** Where reading ended before; a folder without one is new. */
  readonly positions: readonly FolderPosition[];
  /** Of a new folder, and of one whose UIDVALIDITY has changed, mails that were received earlier are passed over. */
  readonly notBefore: Date;
}

export interface MailboxFolder {
  /** The full path, as the server writes it; how `FollowRequest` names it. */
  readonly folder: string;
  /** What the server says the folder is for (RFC 6154), as far as it matters here. */
  readonly use: "inbox" | "junk" | "archive" | "all" | "sent" | "drafts" | "trash" | null;
}

export interface MailboxProbe {
  /** What the server calls itself, when it does (RFC 2971). */
  readonly serverName: string | null;
  /** Those that can be opened, the inbox first. */
  readonly folders: readonly MailboxFolder[];
  /** Whether the server tells of new mail by itself (RFC 2177); else it is asked every half minute. */
  readonly canIdle: boolean;
}

export const mailboxErrorKinds = [
  /** User name or password were not accepted. */
  "unauthorized",
  /** No such name, no connection, no answer in time, the connection was lost, or the server asks to come back later. */
  "unavailable",
  /** TLS could not be agreed on, or the server's certificate is not trusted or names another host. */
  "tls",
  /** The host has an address on this machine or in a private network, and the operator has not allowed those. */
  "address-not-allowed",
  /** None of the folders to follow is there. */
  "folder-missing",
  /** The mail is no longer where it was. */
  "mail-gone",
  "too-large",
  /** The server does not speak IMAP, or not as RFC 9051 has it. */
  "unexpected-response",
] as const;
export type MailboxErrorKind = (typeof mailboxErrorKinds)[number];

/** Every failure of a mailbox. */
export class MailboxError extends Error {
  override readonly name = "MailboxError";
  readonly kind: MailboxErrorKind;
  /** The server's own words, cut to a screenful, with the credential taken out; null when it said nothing readable. */
  readonly serverMessage: string | null;

  constructor(kind: MailboxErrorKind, options: { serverMessage?: string; cause?: unknown } = {}) {
    super(kind, { cause: options.cause });
    this.kind = kind;
    this.serverMessage = options.serverMessage ?? null;
  }
}

/**
 * One mailbox, read and never written. Implementations hold the credential, connect when asked, honour the signal, and
 * throw MailboxError and nothing else.
 */
export interface MailboxReader {
  /** Signs in and tells what is there. */
  probe(signal: CancelSignal): Promise<MailboxProbe>;
  /**
   * Hands on each mail of the folders, the old ones first and then whatever arrives, until the signal aborts (it then
   * ends), or the connection is lost or none of the folders is there (it then throws). Within a folder mails come in the order of their UIDs, and one at
   * a time: the next is asked for when the one before has been dealt with, so that at most a few are in memory. Called
   * again with the positions it has led to, it goes on with the first mail after them. A folder whose UIDVALIDITY has
   * changed is read again from `notBefore`: its mails come a second time, under new places.
   */
  follow(request: FollowRequest, signal: CancelSignal): AsyncIterable<MailboxEvent>;
  /** The whole mail once more; kept nowhere. Throws `mail-gone` also when the folder's UIDVALIDITY has changed. */
  fetch(place: MailPlace, signal: CancelSignal): Promise<CertificateMaterial>;
}
