import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { CancelSignal } from "@sealpost/domain";

/** The address to connect to for a host, or null when it may not be called. Rejects when the name is unknown. */
export type PinAddress = (host: string) => Promise<string | null>;

export interface CaCall {
  readonly url: URL;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole call, from name look-up to the last byte. */
  readonly timeoutMs: number;
  /** Longest body taken, in bytes. */
  readonly longestBodyBytes: number;
  readonly signal: CancelSignal;
  readonly pin: PinAddress | null;
}

export interface CaAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * No answer. `never-left`: the request provably did not reach the CA (name look-up, refused connection, failed TLS
 * handshake, or an abort before a connection stood). `lost`: it may have. `too-long`: more body than taken.
 */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  readonly how: "never-left" | "lost" | "too-long";

  constructor(how: "never-left" | "lost" | "too-long", cause?: unknown) {
    super(how, { cause });
    this.how = how;
  }
}

/**
 * One call, once: no retries, no redirects, no proxy, and a connection of its own, so that "never left" is provable; it
 * goes to the address that `pin` gave, not to the name again. Resolves to any answer whatever its status; throws NoAnswer.
 */
export async function callCa(call: CaCall): Promise<CaAnswer> {
  const { pin } = call;
  if (pin === null) return await send(call, {});
  // A host that is an address is connected to without any look-up.
  const host = call.url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (isIP(host) && (await pin(host)) === null) throw new NoAnswer("never-left", new AddressNotAllowed());
  return await send(call, { lookup: lookupThrough(pin) });
}

class AddressNotAllowed extends Error {
  override readonly name = "AddressNotAllowed";
  readonly code = "address-not-allowed";
}

function lookupThrough(pin: PinAddress): LookupFunction {
  return (host, { all }, done) => {
    const tell = (address: string) =>
      all ? done(null, [{ address, family: isIP(address) }]) : done(null, address, isIP(address));
    pin(host).then(
      (address) => (address === null ? done(new AddressNotAllowed(), "", 0) : tell(address)),
      (error: NodeJS.ErrnoException) => done(error, "", 0),
    );
  };
}

function send(call: CaCall, how: { readonly lookup?: LookupFunction }): Promise<CaAnswer> {
  return new Promise((resolve, reject) => {
    let isConnected = false;
    const request = call.url.protocol === "https:" ? requestHttps : requestHttp;
    const length = call.body === undefined ? {} : { "content-length": String(Buffer.byteLength(call.body)) };
    const asking = request(call.url, {
      ...how,
      agent: false,
      method: call.method,
      headers: { ...call.headers, ...length },
    });
    const timer = setTimeout(() => asking.destroy(new Error("timeout")), call.timeoutMs);
    const abort = () => asking.destroy(new Error("aborted"));
    const end = () => {
      clearTimeout(timer);
      call.signal.removeEventListener("abort", abort);
    };
    const fail = (how: NoAnswer["how"], cause: unknown) => {
      end();
      asking.destroy();
      reject(new NoAnswer(how, cause));
    };
    asking.on("socket", (socket) => {
      // For https the request's bytes leave only after the handshake.
      socket.once(call.url.protocol === "https:" ? "secureConnect" : "connect", () => {
        isConnected = true;
      });
    });
    asking.on("error", (cause) => fail(isConnected ? "lost" : "never-left", cause));
    asking.on("response", (answer) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      answer.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > call.longestBodyBytes) fail("too-long", null);
        else chunks.push(chunk);
      });
      answer.on("error", (cause) => fail("lost", cause));
      answer.on("aborted", () => fail("lost", new Error("half an answer")));
      answer.on("end", () => {
        if (!answer.complete) return fail("lost", new Error("half an answer"));
        end();
        const headers = Object.fromEntries(
          Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
        );
        resolve({ status: answer.statusCode ?? 0, headers, text: Buffer.concat(chunks).toString("utf8") });
      });
    });
    if (call.signal.aborted) return fail("never-left", new Error("aborted"));
    call.signal.addEventListener("abort", abort, { once: true });
    asking.end(call.body);
  });
}

const longestMessage = 500;

/** The CA's words for people: without control characters, without the credential, cut to a screenful. */
export function readable(text: string, secrets: readonly string[]): string | null {
  const plain = secrets
    .filter((secret) => secret.length > 0)
    .flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")])
    // A secret that holds another goes first, whole.
    .sort((one, other) => other.length - one.length)
    .reduce((shown, secret) => shown.replaceAll(secret, "[redacted]"), text)
    .replace(/[\p{Cc}\p{Cf}]+/gu, " ")
    .trim();
  return plain === "" ? null : plain.slice(0, longestMessage);
}

/** Seconds of a Retry-After header (RFC 9110 section 10.2.3): a number, or a date. Null when there is none. */
export function retryAfterS(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  if (/^\d{1,6}$/.test(header.trim())) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now.getTime()) / 1000));
}
