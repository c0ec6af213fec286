import type { CertificateAuthority } from "@sealpost/domain";
import { openIbmClassic } from "./adapters/ibm-classic/adapter.ts";

/** What an adapter needs to speak for one account. */
export interface OpenOptions {
  readonly baseUrl: string;
  /** The account form's fields that are no secrets. */
  readonly settings: Readonly<Record<string, string>>;
  readonly credential: Readonly<Record<string, string>>;
}

/** One line per CA. */
const registry = {
  "ibm-classic": openIbmClassic,
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
