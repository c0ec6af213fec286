export { type CaId, caIds, type OpenOptions, openCertificateAuthority } from "./registry.ts";
