import { lookup as lookupName } from "node:dns/promises";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

export interface AddressRules {
  /** Which addresses may be connected to; public ones, unless said otherwise. */
  readonly isAllowed?: (address: string) => boolean;
  /** All addresses of a host. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

/**
 * The address to connect to for a host that a stranger may have named, or null when not all of its addresses are
 * allowed. Connecting to this one, and not to the name again, is what makes the check hold. Rejects when the name is
 * unknown.
 */
export async function pinnedAddress(
  host: string,
  { isAllowed = isPublicAddress, resolve = addressesOf }: AddressRules = {},
): Promise<string | null> {
  const addresses = isIP(host) ? [host] : await resolve(host);
  const [address] = addresses;
  return address !== undefined && addresses.every(isAllowed) ? address : null;
}

/** Unicast on the public internet; an IPv4 address in an IPv6 one counts as what it is. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
}

export function isLoopbackAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback";
}

async function addressesOf(host: string): Promise<readonly string[]> {
  return (await lookupName(host, { all: true })).map(({ address }) => address);
}
