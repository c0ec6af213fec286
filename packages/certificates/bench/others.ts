import { webcrypto } from "node:crypto";
import { fromBER } from "asn1js";
import forge from "node-forge";
import { Certificate, CertificateChainValidationEngine, CryptoEngine, setEngine } from "pkijs";
import type { MaterialSet } from "./sets.ts";

// What people would write with the libraries at hand, for the same question: are these a certificate, its key and its
// chain? Throws when the answer is no.

setEngine("node", new CryptoEngine({ name: "node", crypto: webcrypto as Crypto }));

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** node-forge: parse, compare the moduli, verify up to the root. It knows RSA only. */
export function byForge({ certificatesPem, privateKeyPem }: MaterialSet, rootsPem: readonly string[]): void {
  const certificates = (certificatesPem.match(block) ?? []).map((pem) => forge.pki.certificateFromPem(pem));
  const key = forge.pki.privateKeyFromPem(privateKeyPem);
  const publicKey = certificates[0]?.publicKey;
  if (!publicKey || !("n" in publicKey) || !publicKey.n.equals(key.n)) throw new Error("another key");
  const roots = rootsPem.flatMap((pem) => rsaRoot(pem));
  forge.pki.verifyCertificateChain(forge.pki.createCaStore(roots), certificates);
}

function rsaRoot(pem: string): forge.pki.Certificate[] {
  try {
    return [forge.pki.certificateFromPem(pem)];
  } catch {
    return [];
  }
}

/** pkijs with Web Crypto: parse, compare the public keys, verify up to the root. */
export async function byPkijs(
  { kind, certificatesPem, privateKeyPem }: MaterialSet,
  roots: readonly Certificate[],
): Promise<void> {
  const certificates = (certificatesPem.match(block) ?? []).map(parsed);
  const [leaf] = certificates;
  const algorithm =
    kind === "rsa" ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } : { name: "ECDSA", namedCurve: "P-256" };
  const key = await webcrypto.subtle.importKey("pkcs8", bytesOf(privateKeyPem), algorithm, true, ["sign"]);
  const own = await webcrypto.subtle.exportKey("jwk", key);
  const certified = leaf?.subjectPublicKeyInfo.toJSON();
  const isSame = kind === "rsa" ? has(certified, "n", own.n) : has(certified, "x", own.x);
  if (!isSame) throw new Error("another key");
  const engine = new CertificateChainValidationEngine({
    trustedCerts: [...roots],
    certs: certificates.toReversed(),
  });
  const { result, resultMessage } = await engine.verify();
  if (!result) throw new Error(resultMessage);
}

export function parsed(pem: string): Certificate {
  return new Certificate({ schema: fromBER(bytesOf(pem)).result });
}

function has(certified: unknown, name: string, value: string | undefined): boolean {
  return (
    typeof certified === "object" &&
    certified !== null &&
    value !== undefined &&
    Object.entries(certified).some(([key, found]) => key === name && found === value)
  );
}

function bytesOf(pem: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64")).buffer;
}
