export * as authSchema from "./auth-schema.ts";
export { DataDirectoryLocked, lockDataDirectory } from "./data-directory-lock.ts";
export type { LinkStore } from "./link-store.ts";
export { StoreOpenError } from "./open-database.ts";
export { type OpenedStore, openStore } from "./store.ts";
