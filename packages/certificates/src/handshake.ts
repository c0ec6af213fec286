import type { X509Certificate } from "node:crypto";
import { duplexPair } from "node:stream";
import { checkServerIdentity, connect, createSecureContext, TLSSocket } from "node:tls";
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

const timeoutMs = 1500;

/**
 * Completes one TLS handshake in memory with exactly these bytes, then judges the names as a client would.
 * Resolves to the proof, or to the client's complaint as a code.
 */
export async function proveByHandshake(
  input: HandshakeInput,
): Promise<HandshakeProof | { readonly failure: string }> {
  try {
    const startedAt = performance.now();
    const protocol = await shakeHands(input);
    const durationMs = performance.now() - startedAt;
    return { protocol, durationMs, names: input.dnsNames.filter((name) => isAccepted(name, input.leaf)) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "HANDSHAKE_FAILED";
    return { failure: code };
  }
}

function shakeHands({
  certificatePem,
  chainPem,
  privateKeyPem,
  dnsNames,
  root,
}: HandshakeInput): Promise<string> {
  const [near, far] = duplexPair();
  const secureContext = createSecureContext({ cert: `${certificatePem}${chainPem}`, key: privateKeyPem });
  const server = new TLSSocket(far, { isServer: true, secureContext });
  const servername = sample(dnsNames[0] ?? "localhost");
  const trust = root === null ? { rejectUnauthorized: false } : { ca: root.toString() };
  const client = connect({ socket: near, servername, checkServerIdentity: () => undefined, ...trust });
  return new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the handshake did not end")), timeoutMs);
    client.on("error", reject);
    server.on("error", reject);
    client.on("secureConnect", () => {
      clearTimeout(timer);
      resolve(client.getProtocol() ?? "TLS");
    });
  }).finally(() => {
    client.destroy();
    server.destroy();
  });
}

/** A name a client could ask for: a wildcard stands for some label. */
function sample(name: string): string {
  return name.replace(/^\*\./, "a.");
}

function isAccepted(name: string, leaf: X509Certificate): boolean {
  return checkServerIdentity(sample(name), leaf.toLegacyObject()) === undefined;
}
