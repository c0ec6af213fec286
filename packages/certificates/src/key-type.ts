import type { KeyObject } from "node:crypto";

const curves: Readonly<Record<string, string>> = {
  prime256v1: "P-256",
  secp384r1: "P-384",
  secp521r1: "P-521",
};

/** A key's kind as people write it: `RSA 2048`, `EC P-256`, `Ed25519`. */
export function keyType(key: KeyObject): string {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case "rsa":
    case "rsa-pss":
      return `RSA ${modulusLength}`;
    case "ec":
      return `EC ${curves[namedCurve ?? ""] ?? namedCurve}`;
    case "ed25519":
      return "Ed25519";
    case "ed448":
      return "Ed448";
    default:
      return key.asymmetricKeyType ?? "unknown";
  }
}

/** RSA below this many bits is issued by no public CA since 2014 (Baseline Requirements section 6.1.5). */
export const shortestRsaBits = 2048;

/** Length of an RSA modulus; 0 for keys that have none. */
export function keyBits(key: KeyObject): number {
  return key.asymmetricKeyDetails?.modulusLength ?? 0;
}

export function isWeak(key: KeyObject): boolean {
  return keyBits(key) > 0 && keyBits(key) < shortestRsaBits;
}
