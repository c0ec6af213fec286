import { pbkdf2Sync, scryptSync } from "node:crypto";
import { type DerElement, oidOf, sequenceOf, smallInteger } from "../der.ts";
import { type Cipher, dekCipher, pbes1, pbes2Ciphers, pkcs12Ciphers, rc2 } from "./pbe-ciphers.ts";
import {
  bmpPasswords,
  deriveDekKey,
  derivePbkdf1,
  derivePkcs12,
  passwordBytes,
  pkcs12Purpose,
  roundsOf,
} from "./pbe-kdf.ts";

/** A way to decrypt, known before any work is done. */
export interface PasswordScheme {
  /** As people write it: `AES-256-CBC`, `3DES`, `RC2-40`. */
  readonly name: string;
  /** Rounds of work for all spellings together, read from its parameters; a block decrypted counts as one. */
  readonly rounds: (password: string, text: Buffer) => number;
  /** Whether anybody still offers it. */
  readonly isOld: boolean;
  /** The plain bytes for each spelling of the password that unpads; the caller knows which of them make sense. */
  readonly decrypt: (password: string, text: Buffer) => Iterable<Buffer>;
}

const pbes2 = "1.2.840.113549.1.5.13";
const pbkdf2 = "1.2.840.113549.1.5.12";
const scrypt = "1.3.6.1.4.1.11591.4.11";
const rc2Cbc = "1.2.840.113549.3.2";
/** hmacWithX (RFC 8018 appendix B.1), numbered from 6. */
const prfHashes: Readonly<Record<string, string>> = Object.fromEntries(
  ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512-224", "sha512-256"].map((hash, index) => [
    `1.2.840.113549.2.${index + 6}`,
    hash,
  ]),
);
/** What the rounds allowed can take at most, and some room (RFC 7914 section 2: 128 · N · r bytes). */
const scryptMemory = 160 * 1024 * 1024;

/** How an AlgorithmIdentifier wants to be decrypted; null for a scheme or cipher nobody here can do. */
export function passwordScheme(algorithm: DerElement | undefined): PasswordScheme | null {
  const [type, parameters] = sequenceOf(algorithm);
  const oid = oidOf(type);
  const [first, second] = sequenceOf(parameters);
  if (!first || !second) return null;
  if (oid === pbes2) return pbes2Scheme(first, second);
  const [salt, rounds] = [first.content, smallInteger(second)];
  const known = pbes1[oid];
  if (known) {
    const open = (password: Buffer, text: Buffer) => {
      const derived = derivePbkdf1(known.hash, password, salt, rounds);
      return known.cipher.open(derived.subarray(0, 8), derived.subarray(8, 16), text);
    };
    return schemeOf(known.cipher, roundsOf(known.hash, { rounds, salt, length: 16 }), passwordBytes, open);
  }
  const cipher = pkcs12Ciphers[oid];
  if (!cipher) return null;
  const open = (password: Buffer, text: Buffer) => {
    const derive = (purpose: number, length: number) =>
      derivePkcs12("sha1", password, { salt, rounds, purpose, length });
    const iv = cipher.ivBytes > 0 ? derive(pkcs12Purpose.iv, cipher.ivBytes) : Buffer.alloc(0);
    return cipher.open(derive(pkcs12Purpose.key, cipher.keyBytes), iv, text);
  };
  // Key and initial vector are derived one after the other.
  const lengths = cipher.ivBytes > 0 ? [cipher.keyBytes, cipher.ivBytes] : [cipher.keyBytes];
  const sum = lengths.reduce((before, length) => before + roundsOf("sha1", { rounds, salt, length }), 0);
  return schemeOf(cipher, sum, bmpPasswords, open);
}

function pbes2Scheme(kdf: DerElement, encryption: DerElement): PasswordScheme | null {
  const [cipherType, cipherParameters] = sequenceOf(encryption);
  const [kdfType, kdfParameters] = sequenceOf(kdf);
  const [salt, ...rest] = sequenceOf(kdfParameters);
  if (!salt || !cipherParameters) return null;
  const isRc2 = oidOf(cipherType) === rc2Cbc;
  const cipher = isRc2 ? rc2Of(cipherParameters, rest) : pbes2Ciphers[oidOf(cipherType)];
  const iv = isRc2 ? sequenceOf(cipherParameters).at(-1)?.content : cipherParameters.content;
  if (!cipher || !iv) return null;
  const derivation = derivationOf(oidOf(kdfType), salt.content, rest, cipher.keyBytes);
  if (!derivation) return null;
  return schemeOf(cipher, derivation.rounds, passwordBytes, (password, text) =>
    cipher.open(derivation.derive(password), iv, text),
  );
}

interface Derivation {
  readonly rounds: number;
  readonly derive: (password: Buffer) => Buffer;
}

function derivationOf(
  oid: string,
  salt: Buffer,
  rest: readonly DerElement[],
  length: number,
): Derivation | null {
  const [first, second, third] = rest;
  if (oid === scrypt) {
    // RFC 7914 section 7: cost N, block size r, parallelization p.
    const [N, r, p] = [smallInteger(first), smallInteger(second), smallInteger(third)];
    // Its work is their product; before and after it PBKDF2 makes blocks of 32 bytes, which counts where N is small.
    const around = roundsOf("sha256", { rounds: 1, length: 128 * r * p, salt });
    return {
      rounds: N * r * p + around,
      derive: (password) => scryptSync(password, salt, length, { N, r, p, maxmem: scryptMemory }),
    };
  }
  const prf = rest.find((element) => sequenceOf(element).length > 0);
  const hash = prf ? prfHashes[oidOf(sequenceOf(prf)[0])] : "sha1";
  if (oid !== pbkdf2 || hash === undefined) return null;
  const rounds = smallInteger(first);
  return {
    rounds: roundsOf(hash, { rounds, length, salt }),
    derive: (password) => pbkdf2Sync(password, salt, rounds, length, hash),
  };
}

/** RC2 in PBES2 (RFC 8018 appendix B.2.3): the version tells the effective bits, the derivation the key's length. */
function rc2Of(parameters: DerElement, rest: readonly DerElement[]): Cipher | undefined {
  const versions: Readonly<Record<number, number>> = { 58: 128, 120: 64, 160: 40 };
  const bits = versions[smallInteger(sequenceOf(parameters)[0])];
  const keyBytes = smallInteger(rest[1]);
  if (bits === undefined) return undefined;
  return { ...rc2(bits), keyBytes: keyBytes > 0 && keyBytes <= 128 ? keyBytes : bits / 8 };
}

function schemeOf(
  { name, isOld = false }: Cipher,
  rounds: number,
  spell: (password: string) => readonly Buffer[],
  open: (password: Buffer, text: Buffer) => Buffer,
): PasswordScheme {
  return {
    name,
    rounds: (password, text) => (rounds + Math.ceil(text.length / 8)) * spell(password).length,
    isOld,
    *decrypt(password, text) {
      for (const bytes of spell(password)) {
        const plain = attempt(() => open(bytes, text));
        if (plain) yield plain;
      }
    },
  };
}

/** The scheme of an old PEM encryption (`DEK-Info: DES-EDE3-CBC,…`, RFC 1421 section 4.6.1.3). */
export function dekScheme(info: string): PasswordScheme | null {
  const [name = "", ivHex = ""] = info.split(",").map((part) => part.trim());
  const iv = Buffer.from(ivHex, "hex");
  const cipher = dekCipher(name.toUpperCase());
  if (!cipher || iv.length !== cipher.ivBytes) return null;
  const open = (password: Buffer, text: Buffer) =>
    cipher.open(deriveDekKey(password, iv.subarray(0, 8), cipher.keyBytes), iv, text);
  return schemeOf(cipher, 1, passwordBytes, open);
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
