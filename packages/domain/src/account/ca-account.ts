import type { CaErrorKind, Capability } from "../ports/certificate-authority.ts";
import type { CaAccountId, VaultRef } from "../values/ids.ts";

export type AccountState = "connected" | "paused" | "disconnected";

/** What went wrong when the CA was last asked; its own words beside our kind. */
export interface CaFault {
  readonly kind: CaErrorKind;
  readonly caMessage: string | null;
  readonly at: Date;
}

export interface SyncState {
  /** When a sync began that has not ended; null: none is running. */
  readonly runningSince: Date | null;
  /** When the last complete sync ended: the "as of" of this account's orders. */
  readonly completedAt: Date | null;
  readonly ordersSeen: number;
  readonly fault: CaFault | null;
}

export interface CaAccount {
  readonly caAccountId: CaAccountId;
  /** The adapter's id, such as `ibm-classic`. */
  readonly adapter: string;
  /** What the person calls it; unique. */
  readonly label: string;
  readonly baseUrl: string;
  /** The account form's fields that are no secrets, such as the user name. */
  readonly settings: Readonly<Record<string, string>>;
  readonly credentialRef: VaultRef | null;
  readonly state: AccountState;
  readonly isSandbox: boolean;
  readonly capabilities: readonly Capability[];
  readonly connectedAt: Date;
  readonly sync: SyncState;
}
