import type { CaErrorKind, Capability } from "../ports/certificate-authority.ts";
import type { CaAccountId, VaultRef } from "../values/ids.ts";

export type AccountState = "connected" | "paused" | "disconnected";

/** What went wrong when the CA was last asked; its own words beside our kind. */
export interface CaFault {
  readonly kind: CaErrorKind;
  readonly caMessage: string | null;
  readonly at: Date;
}

/** One way through an account's list, kept between its pages, so that a stop or a crash goes on where it was. */
export interface ListPass {
  readonly startedAt: Date;
  /** Where the next page begins; null: at the top. */
  readonly cursor: string | null;
  /** Only orders that changed since; null: the whole list. */
  readonly changedSince: Date | null;
}

export interface SyncState {
  /** Since when this process has been reading; null: it is not. */
  readonly runningSince: Date | null;
  /** When the last pass ended: the "as of" of this account's orders. */
  readonly completedAt: Date | null;
  /** When the last pass began that reached the end: what changed before is known. */
  readonly listedUpTo: Date | null;
  /** When the whole list was last read to its end; only then is it known which orders are gone. */
  readonly wholeListAt: Date | null;
  /** The pass that has not reached its end. */
  readonly pass: ListPass | null;
  /** Orders read in this pass, or in the last one. */
  readonly ordersSeen: number;
  /** Orders there are: by the CA's word while a pass is on its way (null: it does not tell), else as we hold them. */
  readonly ordersInAll: number | null;
  readonly fault: CaFault | null;
}

export const neverSynced: SyncState = {
  runningSince: null,
  completedAt: null,
  listedUpTo: null,
  wholeListAt: null,
  pass: null,
  ordersSeen: 0,
  ordersInAll: null,
  fault: null,
};

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
