export type { LimiterClock, RateLimiter } from "./rate-limiter.ts";
export {
  type CaId,
  caIds,
  type OpenOptions,
  openCertificateAuthority,
  rateLimiterFor,
} from "./registry.ts";
