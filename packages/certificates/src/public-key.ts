import { hash } from "node:crypto";
import { type DerElement, derAt, oidOf, sequenceOf } from "./der.ts";
import { limits } from "./limits.ts";

/** What is told of a key, public or private, by its SubjectPublicKeyInfo. */
export interface PublicKeyFacts {
  readonly spkiSha256: string;
  /** As people write it: `RSA 2048`, `EC P-256`, `Ed25519`; the bare identifier where we know no name. */
  readonly keyType: string;
  /** Length of an RSA modulus in bits; 0 for other keys. */
  readonly rsaBits: number;
  /**
   * Whether checking a signature with it takes no more than 2 ms: a reading checks hundreds, each in a native call that
   * cannot be stopped. Of the keys clients accept all do.
   */
  readonly isQuick: boolean;
}

/** RSA below this many bits is issued by no public CA since 2014 (Baseline Requirements section 6.1.5). */
export const shortestRsaBits = 2048;

const rsa = ["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"];
const elliptic = "1.2.840.10045.2.1";
const others: Readonly<Record<string, string>> = {
  "1.2.840.10040.4.1": "DSA",
  "1.3.101.112": "Ed25519",
  "1.3.101.113": "Ed448",
  "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
  "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
  "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
};
const curves: Readonly<Record<string, string>> = {
  "1.2.840.10045.3.1.7": "P-256",
  "1.3.132.0.34": "P-384",
  "1.3.132.0.35": "P-521",
  "1.3.132.0.10": "secp256k1",
};

/** In bits. */
const longestDsa = 3072;
/** In bytes; nobody uses longer ones, and the work grows with them. */
const longestExponent = 5;
const quickTypes =
  /^(?:EC (?:P-(?:256|384|521)|secp256k1|1\.3\.36\.3\.3\.2\.8\.1\.1\.(?:7|8|11|12|13|14))|Ed25519|Ed448|ML-DSA-\d\d)$/;

/** Reads SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7). Node would tell the same at four times the cost. */
export function readPublicKey(spki: DerElement): PublicKeyFacts {
  const spkiSha256 = sha256(spki.whole);
  const [algorithm, key] = sequenceOf(spki);
  const keyType = keyTypeOf(algorithm);
  if (keyType === "RSA") {
    // The first byte of a BIT STRING counts its unused bits.
    const [modulus, exponent] = sequenceOf(key && derAt(key.content, 1));
    const rsaBits = modulus ? bitsOf(modulus.content) : 0;
    const isQuick = rsaBits <= limits.rsaBits && (exponent?.content.length ?? 0) <= longestExponent;
    return { spkiSha256, keyType: `RSA ${rsaBits}`, rsaBits, isQuick };
  }
  const [prime] = keyType === "DSA" ? sequenceOf(sequenceOf(algorithm)[1]) : [];
  const isQuick = prime ? bitsOf(prime.content) <= longestDsa : quickTypes.test(keyType);
  return { spkiSha256, keyType, rsaBits: 0, isQuick };
}

/** The kind of key an AlgorithmIdentifier names, without the length of an RSA key. */
export function keyTypeOf(algorithm: DerElement | undefined): string {
  const [type, parameters] = sequenceOf(algorithm);
  const oid = oidOf(type);
  if (rsa.includes(oid)) return "RSA";
  return oid === elliptic ? curveType(parameters) : (others[oid] ?? oid);
}

/** A curve that is spelled out, instead of named, has no name here either (RFC 5480 section 2.1.1 forbids it). */
export function curveType(parameters: DerElement | undefined): string {
  const curve = oidOf(parameters);
  return `EC ${curves[curve] ?? curve}`.trim();
}

function bitsOf(content: Buffer): number {
  const first = content.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (content.length - first) * 8 - Math.clz32(content[first] ?? 0) + 24;
}

export function isWeak({ rsaBits }: PublicKeyFacts): boolean {
  return rsaBits > 0 && rsaBits < shortestRsaBits;
}

/** Whether clients accept signatures of a CA with this key: RSA from 2048 bits, the NIST curves, the Edwards curves. */
export function isAcceptedBySignatories({ keyType, rsaBits }: PublicKeyFacts): boolean {
  if (rsaBits > 0) return rsaBits >= shortestRsaBits && rsaBits % 8 === 0;
  return /^(EC P-(256|384|521)|Ed25519|Ed448|ML-DSA-)/.test(keyType);
}

export function sha256(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex");
}
