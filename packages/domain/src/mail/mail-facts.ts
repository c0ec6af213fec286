import type { CertificateFacts } from "../import/material-facts.ts";

/** What a mail's own words say it is about. */
export const mailTopics = ["issued", "approval", "confirmation", "expiry"] as const;
export type MailTopic = (typeof mailTopics)[number];

/** A server's certificate found in a mail, as far as it tells which order it belongs to. */
export type MailCertificate = Pick<
  CertificateFacts,
  "fingerprintSha256" | "spkiSha256" | "commonName" | "dnsNames" | "validFrom" | "validTo" | "isSelfSigned"
>;

/** `none`: not looked at, or nothing could be told. */
export const authenticationVerdicts = ["pass", "fail", "none"] as const;
export type AuthenticationVerdict = (typeof authenticationVerdicts)[number];

/** One Authentication-Results field (RFC 8601). */
export interface AuthenticationResult {
  /** Who says so, lower case. */
  readonly authservId: string;
  /** It stands above every Received field that a foreign server had a hand in, where no sender can have put it. */
  readonly isAboveArrival: boolean;
  /** Whether a signature holds whose domain is the sender's own, or one above it. */
  readonly dkim: AuthenticationVerdict;
  readonly dmarc: AuthenticationVerdict;
}

/** What became of a mail for one recipient (RFC 3464 section 2.3). */
export interface DeliveryReport {
  readonly action: "failed" | "delayed" | "delivered" | "relayed" | "expanded";
  readonly recipient: string | null;
  /** As the mail was addressed first, where the report tells. */
  readonly originalRecipient: string | null;
  /** As `5.1.1` (RFC 3463). */
  readonly status: string | null;
  /** The refusing server's words, one line, cut. */
  readonly diagnostic: string | null;
}

/**
 * What is learned from a mail. Nothing of its text: numbers, names and hashes that tell which order it is about, and
 * what kind of mail it is. Of a report that returns a mail, numbers, names and certificates are those of the mail returned.
 */
export interface MailFacts {
  /** As the mail names itself, without brackets; null: it does not. */
  readonly messageId: string | null;
  readonly sentAt: Date | null;
  /** The address alone: what is written before it is not looked at. */
  readonly sender: string | null;
  readonly recipients: readonly string[];
  readonly authentication: readonly AuthenticationResult[];
  /** Written by a program in answer to another mail (RFC 3464, RFC 3834). */
  readonly automatic: "bounce" | "auto-reply" | null;
  readonly reports: readonly DeliveryReport[];
  readonly topic: MailTopic | null;
  /** A person's answer to an earlier mail, by its subject. */
  readonly isReply: boolean;
  /** Numbers in the subject that may be order numbers; of the text, only where the subject has none and the text one. */
  readonly orderNumbers: readonly string[];
  /** Host names in the subject, else in the text, as A-labels. */
  readonly names: readonly string[];
  readonly certificates: readonly MailCertificate[];
  /** Somebody's private key, readable or locked. */
  readonly holdsPrivateKey: boolean;
}
