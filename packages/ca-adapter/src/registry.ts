import type { CaManifest, CertificateAuthority } from "@sealpost/domain";
import { azureAppService } from "./adapters/azure-app-service/adapter.ts";
import { digicert } from "./adapters/digicert/adapter.ts";
import { godaddy } from "./adapters/godaddy/adapter.ts";
import { ibmClassic } from "./adapters/ibm-classic/adapter.ts";
import { namecheap } from "./adapters/namecheap/adapter.ts";
import type { CaAdapter, OpenOptions } from "./ca-adapter.ts";
import { createRateLimiter, type LimiterClock, type RateLimiter } from "./rate-limiter.ts";

/** Every CA the console speaks with, in the order in which people are offered them. */
const adapters: readonly CaAdapter[] = [ibmClassic, digicert, namecheap, godaddy, azureAppService];

export const caCatalog: readonly CaManifest[] = adapters.map(({ manifest }) => manifest);

/** Opens the CA of an account. Throws an Error for an adapter that does not exist, CaError `unauthorized` for missing fields. */
export function openCertificateAuthority(
  options: OpenOptions & { readonly adapter: string },
): CertificateAuthority {
  return adapterOf(options.adapter).open(options);
}

/** The limiter for one account of this CA. Keep it as long as the account: it remembers what has left. */
export function rateLimiterFor(adapter: string, clock?: LimiterClock): RateLimiter {
  return createRateLimiter(adapterOf(adapter).manifest.rateLimits, clock);
}

function adapterOf(id: string): CaAdapter {
  const found = adapters.find(({ manifest }) => manifest.id === id);
  if (!found) throw new Error(`there is no adapter ${id}`);
  return found;
}
