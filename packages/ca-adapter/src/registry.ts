import type { CertificateAuthority } from "@sealpost/domain";
import { openDigicert } from "./adapters/digicert/adapter.ts";
import { openIbmClassic } from "./adapters/ibm-classic/adapter.ts";
import { caCatalog } from "./catalog.ts";
import { createRateLimiter, type LimiterClock, type RateLimiter } from "./rate-limiter.ts";

/** What an adapter needs to speak for one account. */
export interface OpenOptions {
  readonly baseUrl: string;
  /** The account form's fields that are no secrets. */
  readonly settings: Readonly<Record<string, string>>;
  readonly credential: Readonly<Record<string, string>>;
  /** The account's own, shared by all who speak for it; without, a new one by the manifest's limits. */
  readonly limiter?: RateLimiter;
  /** Longest time of one HTTP call, in milliseconds; without, the adapter's own. */
  readonly callTimeoutMs?: number;
}

/** One line per CA. */
const registry = {
  "ibm-classic": openIbmClassic,
  digicert: openDigicert,
} as const satisfies Record<string, (options: OpenOptions) => CertificateAuthority>;

export type CaId = keyof typeof registry;
export const caIds = Object.keys(registry);

/** Opens the CA of an account. Throws an Error for an adapter that does not exist, CaError `unauthorized` for missing fields. */
export function openCertificateAuthority(
  options: OpenOptions & { readonly adapter: string },
): CertificateAuthority {
  const open = Object.entries(registry).find(([id]) => id === options.adapter)?.[1];
  if (!open) throw new Error("no such adapter");
  return open(options);
}

/** The limiter for one account of this CA. Keep it as long as the account: it remembers what has left. */
export function rateLimiterFor(adapter: string, clock?: LimiterClock): RateLimiter {
  const manifest = caCatalog.find(({ id }) => id === adapter);
  return createRateLimiter(manifest?.rateLimits ?? [], clock);
}
