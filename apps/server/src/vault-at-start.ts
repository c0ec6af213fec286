import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { AuditSeal } from "@sealpost/domain";
import {
  createAuditSeal,
  lockedVault,
  type MasterKeys,
  openVault,
  readMasterKeys,
  type Vault,
  VaultLockedError,
  vaultExists,
} from "@sealpost/vault";
import type { Config } from "./env.ts";

/** What the master key opens. */
export interface VaultAtStart {
  readonly vault: Vault;
  /** Seals audit entries; null: none can be written. */
  readonly seal: AuditSeal | null;
  /** The root of the sign-in library's secret, 32 bytes. */
  readonly signInSecret: Uint8Array;
  readonly masterKeys: MasterKeys | null;
  /** Why the vault does not open, as one plain sentence for the operator; null: it is open. */
  readonly lockedBecause: string | null;
}

/**
 * Opens the vault, or makes it. With its master key missing, or another one, what is not sealed can still be read:
 * cookies are then signed for this start alone, so that people sign in afresh now and again afterwards. Throws
 * VaultOpenError for what must be mended first.
 */
export async function openVaultAtStart({
  dataDirectory,
  masterKeyFile,
}: Pick<Config, "dataDirectory" | "masterKeyFile">): Promise<VaultAtStart> {
  const directory = join(dataDirectory, "vault");
  try {
    const isVaultNew = !(await vaultExists(directory));
    const masterKeys = await readMasterKeys({ file: masterKeyFile, isVaultNew });
    const vault = await openVault({ directory, masterKeys });
    const seal = createAuditSeal(await vault.heldKey("audit"));
    const signInSecret = await vault.heldKey("sign-in");
    return { vault, seal, signInSecret, masterKeys, lockedBecause: null };
  } catch (error) {
    if (!(error instanceof VaultLockedError)) throw error;
    const nothing = { vault: lockedVault(), seal: null, masterKeys: null };
    return { ...nothing, signInSecret: randomBytes(32), lockedBecause: error.message };
  }
}
