export * as authSchema from "./auth-schema.ts";
export { DataDirectoryLocked, lockDataDirectory } from "./data-directory-lock.ts";
export type { LinkStore } from "./link-store.ts";
export { StoreOpenError } from "./open-database.ts";
export type { PasskeyStore } from "./passkey-store.ts";
export type { SessionRecord } from "./people-store.ts";
export { type OpenedStore, openStore } from "./store.ts";
