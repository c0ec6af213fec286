export type { CaAdapter, OpenOptions } from "./ca-adapter.ts";
export type { LimiterClock, RateLimiter } from "./rate-limiter.ts";
export { caCatalog, openCertificateAuthority, rateLimiterFor } from "./registry.ts";
