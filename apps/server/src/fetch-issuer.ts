import { lookup as lookupName } from "node:dns/promises";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** Longest answer taken, in bytes; a certificate has one or two thousand. */
const longestBytes = 64 * 1024;
/** For one address, from the name look-up to the last byte. */
const timeoutMs = 3000;
/** How many addresses one certificate may name before we stop trying. */
const mostUrls = 2;

/**
 * Fetches what a certificate says its issuer's certificate can be fetched from (RFC 5280 section 4.2.2.1). Null when
 * none of the addresses answers with something. Never rejects: it is only an attempt.
 */
export type FetchIssuer = (urls: readonly string[]) => Promise<Uint8Array | null>;

export interface IssuerFetchOptions {
  /** Which addresses may be asked; public ones, unless said otherwise. */
  readonly isAllowed?: (address: string) => boolean;
  /** All addresses of a host. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

/**
 * The addresses come out of uploaded files, so a stranger chooses them: only http and https, only hosts all of whose
 * addresses are public, the connection goes to the address that was checked, and redirects are not followed.
 */
export function createIssuerFetch({
  isAllowed = isPublicAddress,
  resolve = addressesOf,
}: IssuerFetchOptions = {}): FetchIssuer {
  const fetchOne = async (url: URL, signal: AbortSignal) => {
    const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
    const addresses = isIP(host) ? [host] : await resolve(host);
    const [address] = addresses;
    if (address === undefined || !addresses.every(isAllowed)) return null;
    return await get(url, address, signal);
  };
  return async (urls) => {
    for (const url of urls.slice(0, mostUrls).flatMap(webAddress)) {
      const body = await fetchOne(url, AbortSignal.timeout(timeoutMs)).catch(() => null);
      if (body) return body;
    }
    return null;
  };
}

/** Unicast on the public internet; an IPv4 address in an IPv6 one counts as what it is. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
}

async function addressesOf(host: string): Promise<readonly string[]> {
  return (await lookupName(host, { all: true })).map(({ address }) => address);
}

function webAddress(text: string): URL[] {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url && ["http:", "https:"].includes(url.protocol) && !url.username ? [url] : [];
}

function get(url: URL, address: string, signal: AbortSignal): Promise<Uint8Array | null> {
  return new Promise((resolve, reject) => {
    const family = isIP(address);
    const request = url.protocol === "https:" ? requestHttps : requestHttp;
    const asking = request(url, {
      agent: false,
      signal,
      headers: { accept: "application/pkix-cert, application/pkcs7-mime" },
      lookup: (_, options, done) =>
        options.all ? done(null, [{ address, family }]) : done(null, address, family),
    });
    asking.on("error", reject);
    asking.on("response", (answer) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      if (answer.statusCode !== 200) return void asking.destroy(new Error("no certificate there"));
      answer.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > longestBytes) asking.destroy(new Error("too long"));
        else chunks.push(chunk);
      });
      answer.on("error", reject);
      answer.on("end", () => resolve(bytes > 0 ? Buffer.concat(chunks) : null));
    });
    asking.end();
  });
}
