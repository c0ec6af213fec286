export { createAuditSeal } from "./audit-seal.ts";
export { syncDirectory, writeDurably } from "./durable-file.ts";
export { lockedVault } from "./locked-vault.ts";
export { readMasterKeys } from "./master-key.ts";
export { type Rotation, resumeRotation, rotateVault } from "./rotate-vault.ts";
export type { MasterKeys } from "./sealed-item.ts";
export { sweepVault } from "./sweep-vault.ts";
export { openVault, type Vault, VaultLockedError, VaultOpenError, vaultExists } from "./vault.ts";
