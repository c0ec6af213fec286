import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { duplexPair } from "node:stream";
import { connect, createSecureContext, type SecureContextOptions, TLSSocket } from "node:tls";
import type { HandshakeProof } from "@sealpost/domain";

export interface HandshakeInput {
  readonly certificatePem: string;
  readonly chainPem: string;
  readonly privateKeyPem: string;
  readonly leaf: X509Certificate;
  readonly dnsNames: readonly string[];
  /** What the client trusts; null: it accepts any chain, so that only key and certificate are proven. */
  readonly root: X509Certificate | null;
}

/** `reason`: OpenSSL's code. `isChain`: the client did not accept the chain; else no handshake came about. */
export interface HandshakeFailure {
  readonly reason: string;
  readonly isChain: boolean;
}

const timeoutMs = 1500;
/** Judged elsewhere, and for another moment perhaps than this machine's clock shows. */
const dateCodes = ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"];
const chainCodes = [
  "CERT_CHAIN_TOO_LONG",
  "CERT_SIGNATURE_FAILURE",
  "INVALID_CA",
  "PATH_LENGTH_EXCEEDED",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
];

/**
 * Completes one TLS handshake in memory with exactly these bytes, then judges the names as a client would: by
 * SubjectAltName only (RFC 9525), a wildcard by a sample of it. Dates are left to others.
 */
export async function proveByHandshake(input: HandshakeInput): Promise<HandshakeProof | HandshakeFailure> {
  const { leaf, dnsNames } = input;
  const startedAt = performance.now();
  const attempt = await shakeHands(input);
  const outcome =
    "reason" in attempt && dateCodes.includes(attempt.reason)
      ? await shakeHands({ ...input, root: null })
      : attempt;
  if ("reason" in outcome) return { ...outcome, isChain: chainCodes.includes(outcome.reason) };
  const durationMs = performance.now() - startedAt;
  return { ...outcome, durationMs, names: acceptedNames(leaf, dnsNames) };
}

/** A name that needs no interpretation: one that stands in a certificate matches itself. */
const plainName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
/** OpenSSL reads all names anew for each that is asked for. */
const mostAsked = 300;

function acceptedNames(leaf: X509Certificate, dnsNames: readonly string[]): readonly string[] {
  const asked = new Set(dnsNames.filter((name) => !plainName.test(name)).slice(0, mostAsked));
  return dnsNames.filter((name) =>
    asked.has(name) ? leaf.checkHost(sample(name), { subject: "never" }) !== undefined : plainName.test(name),
  );
}

async function shakeHands(
  input: HandshakeInput,
): Promise<{ readonly protocol: string } | { readonly reason: string }> {
  const { certificatePem, chainPem, privateKeyPem, dnsNames, root } = input;
  const [near, far] = duplexPair();
  using ends = new DisposableStack();
  // The collector sees the few bytes of a wrapper, not what OpenSSL holds behind it, and would let that pile up.
  const contextOf = (options: SecureContextOptions) =>
    ends.adopt(createSecureContext(options), ({ context }) => context.close?.());
  try {
    const cert = `${certificatePem}${chainPem}`;
    // The server asks nobody for a certificate; unless it is told whom it trusts, OpenSSL builds all public roots for it.
    const secureContext = contextOf({ cert, key: privateKeyPem, ca: certificatePem });
    const server = new TLSSocket(far, { isServer: true, secureContext });
    const client = connect({
      socket: near,
      servername: dnsNames.map(sample).find(isAskable) ?? "",
      checkServerIdentity: () => undefined,
      rejectUnauthorized: root !== null,
      // What is trusted may be a CA below a root.
      secureContext: contextOf({ ca: root?.toString() ?? certificatePem, allowPartialTrustChain: true }),
    });
    return { protocol: await secured(client, server) };
  } catch (error) {
    return { reason: error instanceof Error && "code" in error ? String(error.code) : "HANDSHAKE_FAILED" };
  } finally {
    near.destroy();
    far.destroy();
  }
}

/** Resolves to the protocol once the client accepted the server; rejects with what either of them complained of. */
async function secured(client: TLSSocket, server: TLSSocket): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const timer = setTimeout(reject, timeoutMs, new Error("the handshake did not end"));
  client.on("error", reject);
  server.on("error", reject);
  client.on("secureConnect", () => resolve(client.getProtocol() ?? "TLS"));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    client.destroy();
    server.destroy();
  }
}

/** What may stand in the server name extension: a host name, no address (RFC 6066 section 3). */
function isAskable(name: string): boolean {
  return /^[a-z0-9_.-]{1,253}$/.test(name) && isIP(name) === 0;
}

/** A name a client could ask for: a wildcard stands for some label. */
function sample(name: string): string {
  return name.replace(/^\*\./, "a.");
}
