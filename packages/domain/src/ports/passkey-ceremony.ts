import type { PersonId, SessionId } from "../values/ids.ts";

/** What a browser is asked for; bytes are in base64url. */
export interface PasskeyQuestion {
  readonly challenge: string;
  /** The host name that passkeys are bound to. */
  readonly rpId: string;
  /** Stands for the person, and says nothing about them. */
  readonly userHandle: string;
  /** Kinds of keys that are understood, the preferred first (COSE algorithm identifiers, RFC 9053). */
  readonly algorithms: readonly number[];
  /** Credentials the person has already. */
  readonly known: readonly string[];
}

/** What the browser answers; bytes are in base64url. */
export interface MadePasskey {
  readonly credentialId: string;
  readonly clientDataJSON: string;
  readonly attestationObject: string;
}

/** A key that its authenticator has shown to hold. */
export interface ProvenPasskey {
  readonly credentialId: string;
  /** A COSE key, in base64url. */
  readonly publicKey: string;
  /** How often its authenticator says that it was used; 0 for those that do not count. */
  readonly counter: number;
}

/** Has passkeys made (W3C Web Authentication Level 3, section 7.1). */
export interface PasskeyCeremony {
  /** The challenge is good once, in this session, for five minutes; an earlier one of the session is void. */
  ask(about: {
    readonly sessionId: SessionId;
    readonly personId: PersonId;
    readonly known: readonly string[];
  }): PasskeyQuestion;
  /** Null: that does not answer the session's challenge, or not from our address, or nobody was verified. */
  prove(sessionId: SessionId, made: MadePasskey): Promise<ProvenPasskey | null>;
}
