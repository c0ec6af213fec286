import { once } from "node:events";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { getCACertificates } from "node:tls";
import { ProviderFault } from "./provider-fault.ts";
import { isSafeAddress } from "./provider-settings.ts";

/** For one call to an identity provider, from the name look-up to the last byte. */
const timeoutMs = 10_000;
/** Longest answer taken, in bytes; a discovery document or a set of keys has some thousands. */
const longestBytes = 512 * 1024;

interface Call {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export type ProviderFetch = (url: string, call: Call) => Promise<Response>;

/**
 * Calls an identity provider as `fetch` would, with an end to its time and length, without following redirects, and
 * trusting the operator's own roots too. Its address is the operator's setting, so it may be a private one; what its
 * documents name beside that must be https as well. Rejects when there is no answer, or more of one than is taken.
 */
export function createProviderFetch(anchorsPem: readonly string[]): ProviderFetch {
  const ca = anchorsPem.length > 0 ? { ca: [...getCACertificates("default"), ...anchorsPem] } : {};
  return async (address, { method, headers, body }) => {
    const url = new URL(address);
    if (!isSafeAddress(url)) throw new ProviderFault("untrusted", "it names an address that is not https");
    const text = body === undefined || body === null ? "" : String(body);
    const length = text === "" ? {} : { "content-length": String(Buffer.byteLength(text)) };
    const asking = (url.protocol === "https:" ? requestHttps : requestHttp)(url, {
      ...ca,
      agent: false,
      method,
      headers: { ...headers, ...length },
      signal: AbortSignal.timeout(timeoutMs),
    });
    asking.end(text);
    const [answer]: IncomingMessage[] = await once(asking, "response");
    if (!answer) throw new Error("no answer");
    const bytes = await readBounded(answer);
    const { statusCode: status = 500 } = answer;
    const contentType = answer.headers["content-type"] ?? "";
    return new Response(status === 204 || status === 304 ? null : bytes, {
      status,
      headers: { "content-type": contentType },
    });
  };
}

async function readBounded(answer: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > longestBytes) throw new ProviderFault("untrusted", "its answer is too long");
    chunks.push(chunk);
  }
  return Uint8Array.from(Buffer.concat(chunks));
}
