import type { Role, Scope } from "../actor.ts";
import type { PersonId } from "../values/ids.ts";

/** `invited`: has no way to sign in yet, only a link. `disabled`: may not come in, whatever they know. */
export type PersonState = "invited" | "active" | "disabled";

/** Somebody who may sign in, as those see them who manage people. */
export interface PersonRecord {
  readonly personId: PersonId;
  readonly name: string;
  /** In lower case; unique. */
  readonly email: string;
  readonly role: Role;
  /** An administrator sees every account. */
  readonly scope: Scope;
  readonly state: PersonState;
  readonly hasSecondFactor: boolean;
  readonly hasPasskey: boolean;
  /** Signs in at the identity provider, and in no other way. */
  readonly isFromProvider: boolean;
}
