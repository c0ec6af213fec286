import type { Capability } from "@sealpost/domain";

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

/** What the console knows of a CA before any account: plain data, also for the browser. */
export interface CaManifest {
  readonly id: string;
  readonly name: string;
  readonly docsUrl: string;
  readonly defaultBaseUrl: string;
  readonly capabilities: readonly Capability[];
  readonly fields: readonly AccountField[];
  /** What one should know before connecting. */
  readonly about: Words;
}
