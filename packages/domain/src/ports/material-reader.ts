import type { MaterialReading } from "../import/material-facts.ts";
import type { MailFacts } from "../mail/mail-facts.ts";

/** One thing the person dropped or pasted. `name` is a file name, or a word such as "pasted text". */
export interface MaterialInput {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ReadOptions {
  readonly passphrase: string | null;
  readonly now: Date;
  /** SHA-256 of the certificate meant, where a person has chosen among several; else the one that fits best. */
  readonly certificate?: string | null;
  /** Whether the material is proved by a handshake, where there is a key (usual), or only read. */
  readonly proof?: "handshake" | "none";
}

/**
 * Reads whatever a CA or a person sent. Detects by content, never by name. Never throws for bad input: what is wrong
 * stands in the findings. Keeps nothing, writes nothing, and is done or has given up (`resource-limit`) within 2 s.
 */
export interface MaterialReader {
  read(inputs: readonly MaterialInput[], options: ReadOptions): Promise<MaterialReading>;
  /** What a mail is about, within the same bounds; of one that goes beyond them what its header alone tells. */
  readMail(bytes: Uint8Array): Promise<MailFacts>;
}
