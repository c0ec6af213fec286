import { type DerElement, oidOf, sequenceOf, smallInteger } from "../der.ts";

const pbes2 = "1.2.840.113549.1.5.13";
const pbkdf2 = "1.2.840.113549.1.5.12";
const scrypt = "1.3.6.1.4.1.11591.4.11";
/** The schemes of PKCS#5 version 1.5 and of PKCS#12: salt and rounds, nothing else (RFC 8018 appendix A.3, RFC 7292 appendix C). */
const simple = /^1\.2\.840\.113549\.1\.(5\.(1|3|4|6|10|11)|12\.1\.[1-6])$/;

/**
 * How much work an encrypted key asks for before it opens, in key-derivation rounds, read from its AlgorithmIdentifier
 * so that no native call begins what it cannot stop. Null for a scheme we do not know, which is not opened.
 */
export function keyRounds(algorithm: DerElement | undefined): number | null {
  const [scheme, parameters] = sequenceOf(algorithm);
  if (simple.test(oidOf(scheme))) return smallInteger(sequenceOf(parameters)[1]);
  if (oidOf(scheme) !== pbes2) return null;
  const [kdf, kdfParameters] = sequenceOf(sequenceOf(parameters)[0]);
  const [, second, third, fourth] = sequenceOf(kdfParameters);
  if (oidOf(kdf) === pbkdf2) return smallInteger(second);
  // RFC 7914 section 7: cost N, block size r, parallelization p. Work is their product.
  if (oidOf(kdf) === scrypt) return smallInteger(second) * smallInteger(third) * smallInteger(fourth);
  return null;
}
