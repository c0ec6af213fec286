import type {
  Actor,
  CaAccountId,
  CaManifest,
  Capability,
  MailboxId,
  PersonId,
  Ports,
  Role,
  SessionId,
} from "@sealpost/domain";

/** Who is signed in, as the page may show it. */
export interface Person {
  readonly personId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly hasSecondFactor: boolean;
  readonly hasPasskey: boolean;
  /** The identity provider at which they sign in, by its name on the button; null: they sign in here. */
  readonly provider: string | null;
}

/** What an adapter makes of an account form. Throws the refusal `invalid-input` on the field at fault. */
export interface AccountForm {
  readonly settings: Readonly<Record<string, string>>;
  readonly credential: Readonly<Record<string, string>> | null;
  readonly capabilities: readonly Capability[];
  readonly baseUrl: string;
}

/** What the router needs beside the domain's ports; no HTTP in it, so a test can call the router directly. */
export interface Services {
  readonly ports: Ports;
  /** Without the master key nothing is changed: queries are answered, mutations refused. */
  readonly isReadOnly: boolean;
  /** Every CA an account can be connected at. */
  readonly caCatalog: readonly CaManifest[];
  /** Checks the fields of an account form by the adapter's own schema. Secrets all empty: keep the stored ones. */
  readonly readAccountForm: (
    adapter: string,
    baseUrl: string,
    fields: Readonly<Record<string, string>>,
  ) => AccountForm;
  /** Starts reading an account's list, if it is not being read already. Returns at once. */
  readonly startSync: (caAccountId: CaAccountId) => void;
  readonly stopSync: (caAccountId: CaAccountId) => Promise<void>;
  /** Begins to follow a mailbox, with what has been changed. Returns at once. */
  readonly watchMailbox: (mailboxId: MailboxId) => void;
  /** Resolves when nothing more of this mailbox will be taken in. */
  readonly unwatchMailbox: (mailboxId: MailboxId) => Promise<void>;
  /** Makes the one-time link by which somebody sets their password. */
  readonly issueLink: (
    purpose: "invite" | "reset",
    personId: PersonId,
  ) => { readonly url: string; readonly expiresAt: Date };
  /** Tells the worker that there is something to forward. */
  readonly nudgeWorker: () => void;
}

/** One request's context. */
export interface ApiContext {
  readonly services: Services;
  readonly actor: Actor | null;
  readonly person: Person | null;
  /** The session in which they ask. */
  readonly sessionId: SessionId | null;
  readonly requestId: string;
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
}
