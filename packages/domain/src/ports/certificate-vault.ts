import type { CertificateMaterial } from "../import/certificate-material.ts";
import type { VaultRef } from "../values/ids.ts";

export const vaultItemKinds = ["certificate", "private-key", "ca-credential", "mailbox-credential"] as const;
export type VaultItemKind = (typeof vaultItemKinds)[number];

/** What a sealed item is bound to; opening it as anything else fails. */
export interface VaultLabel {
  readonly kind: VaultItemKind;
  /** For certificate and key the certificate's fingerprint, for a credential the id of its account or mailbox. */
  readonly boundTo: string;
}

/**
 * Where secrets rest, sealed. Not the metadata database.
 * `put` is durable when it resolves (written, synced, renamed) and makes a new random reference each time; items are
 * never changed. Objects go in before the row that names them, so a crash leaves at most an item nobody names, which
 * the sweep removes when it is an hour old. Safe for concurrent use within one process.
 */
export interface CertificateVault {
  put(label: VaultLabel, material: CertificateMaterial): Promise<VaultRef>;
  /** Throws when the item is missing, damaged, or bound to something else. */
  open(ref: VaultRef, label: VaultLabel): Promise<CertificateMaterial>;
  /** Removes the item; no error when it is already gone. */
  discard(ref: VaultRef): Promise<void>;
  list(): Promise<readonly { readonly ref: VaultRef; readonly sealedAt: Date }[]>;
}
