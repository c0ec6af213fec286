import type { CertificateDesk } from "../certificate-desk.ts";
import type { Handler } from "../listener.ts";
import type { Addressing, Mail } from "../mime.ts";
import type { BookOrder, Validation } from "../order-book.ts";
import type { SeedRow } from "../seed.ts";

/** One CA as the sandbox plays it: how its API speaks, what it sells, what its mails look like. */
export interface Dialect {
  /** The id of the adapter that speaks with it. */
  readonly ca: string;
  /** Where its API begins on the sandbox's host, with a slash at both ends. All under the first part is its own. */
  readonly path: string;
  /** What is sold for each way of validating, unless an order names a product. */
  readonly products: Readonly<Record<Validation, string>>;
  /** Whether certificates hold for whole days (UTC), where the API names nothing finer. */
  readonly isInWholeDays?: boolean;
  /** Invented orders of a new sandbox. */
  readonly seed: readonly SeedRow[];
  /** The secrets of a new account; they are kept with the sandbox. */
  newSecrets(): Secrets;
  /** The account form's fields for an account with these secrets. */
  account(secrets: Secrets): AccountFields;
  /** A credential that may only read, where the CA has such. */
  readOnlyCredential?(secrets: Secrets): AccountFields["credential"];
  /** By what the CA names the order with this id to others, where that is no number. */
  numberOf?(id: number): string;
  handler(world: DialectWorld): Handler;
  fulfillmentMail(order: BookOrder, chain: IssuingChain, how: MailHow): Promise<Mail>;
  /** To whom the fulfillment mail goes unless a request says otherwise. The approver's address, without. */
  recipients?(order: BookOrder): readonly string[];
}

export type Secrets = Readonly<Record<string, string>>;

export interface AccountFields {
  readonly settings: Readonly<Record<string, string>>;
  readonly credential: Readonly<Record<string, string>>;
}

export interface DialectWorld {
  readonly desk: CertificateDesk;
  readonly secrets: Secrets;
  readonly now: () => Date;
  /** The most orders a page of a list may hold at this moment; null: as the CA has it. */
  readonly largestPage: () => number | null;
}

export interface IssuingChain {
  readonly intermediatePem: string;
  readonly rootPem: string;
}

/** How the certificate goes out, where the CA leaves the choice. */
export const mailFormats = ["attachment", "plaintext", "link"] as const;
export type MailFormat = (typeof mailFormats)[number];

export interface MailHow extends Addressing {
  readonly format?: MailFormat;
  /** A sentence of whoever asks for the mail. */
  readonly message?: string;
  /** A certificate that a reissue has replaced, in place of the one in force. */
  readonly certificatePem?: string;
}
