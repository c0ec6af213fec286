import type { CaManifest, CertificateAuthority } from "@sealpost/domain";
import type { PinAddress } from "./http.ts";
import type { RateLimiter } from "./rate-limiter.ts";

/** One CA the console speaks with: what it says of itself, and how an account of it is opened. */
export interface CaAdapter {
  readonly manifest: CaManifest;
  /** Throws CaError `unauthorized` for missing fields. */
  readonly open: (options: OpenOptions) => CertificateAuthority;
}

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
  /** Which address a call of this account may go to; without, any. */
  readonly pin?: PinAddress;
}
