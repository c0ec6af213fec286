export { readMasterKey } from "./master-key.ts";
export { sweepVault } from "./sweep-vault.ts";
export { openVault, VaultOpenError, vaultExists } from "./vault.ts";
