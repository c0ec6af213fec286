import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import { type AddressRules, pinnedAddress } from "./pinned-address.ts";

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

/**
 * The addresses come out of uploaded files, so a stranger chooses them: only http and https, only hosts all of whose
 * addresses are public, the connection goes to the address that was checked, and redirects are not followed.
 */
export function createIssuerFetch(rules: AddressRules = {}): FetchIssuer {
  const fetchOne = async (url: URL, signal: AbortSignal) => {
    const address = await pinnedAddress(url.hostname.replace(/^\[(.*)\]$/, "$1"), rules);
    if (address === null) return null;
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
