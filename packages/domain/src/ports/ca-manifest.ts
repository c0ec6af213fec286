import type { CaErrorKind, Capability, MailFormat } from "./certificate-authority.ts";

export type Words = Readonly<Record<"en" | "de", string>>;

/** One field of the account form. The page draws it from here; nothing about a CA stands in the page. */
export interface AccountField {
  readonly name: string;
  readonly label: Words;
  readonly help: Words;
  /** Secret fields go to the vault, the others stand in the account's row. */
  readonly isSecret: boolean;
  readonly isRequired: boolean;
}

/** An address the CA's API is known to have. */
export interface BaseUrl {
  readonly label: Words;
  readonly url: string;
}

/** At most `calls` within any `perS` seconds. */
export interface RateLimit {
  readonly calls: number;
  readonly perS: number;
}

/** What the console knows of a CA before any account: plain data, also for the browser. */
export interface CaManifest {
  readonly id: string;
  readonly name: string;
  readonly docsUrl: string;
  readonly defaultBaseUrl: string;
  /** The first is the default. */
  readonly baseUrls: readonly BaseUrl[];
  readonly capabilities: readonly Capability[];
  /** The most addresses one mail may go to with `choose-recipient`; left out: as many as one likes. */
  readonly mostRecipients?: number;
  /** What the fulfillment mail holds as the CA usually sends it: the certificate, or only where to fetch it. */
  readonly fulfillmentMail: "certificate" | "link";
  /** The forms a person may choose from with `choose-format`; the first is the usual one. */
  readonly mailFormats: readonly MailFormat[];
  /** As the CA publishes them, or else as people know them; empty: nobody does. All hold at once. */
  readonly rateLimits: readonly RateLimit[];
  readonly fields: readonly AccountField[];
  /** What one should know before connecting. */
  readonly about: Words;
  /** Where people stumble at this CA: what to do about an error, beside the CA's words. */
  readonly help: Readonly<Partial<Record<CaErrorKind, Words>>>;
}
