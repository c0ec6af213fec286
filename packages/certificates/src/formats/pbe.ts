import { createDecipheriv, pbkdf2Sync, scryptSync } from "node:crypto";
import { type DerElement, oidOf, sequenceOf, smallInteger } from "../der.ts";
import { keyRounds } from "./key-rounds.ts";
import {
  bmpPasswords,
  deriveDekKey,
  derivePbkdf1,
  derivePkcs12,
  passwordBytes,
  pkcs12Purpose,
} from "./pbe-kdf.ts";
import { decryptRc2Cbc } from "./rc2.ts";
import { decryptRc4 } from "./rc4.ts";

/** A way to decrypt, known before any work is done. */
export interface PasswordScheme {
  /** As people write it: `AES-256-CBC`, `3DES`, `RC2-40`. */
  readonly name: string;
  /** Key-derivation rounds of one attempt. */
  readonly rounds: number;
  /** Whether anybody still offers it. */
  readonly isOld: boolean;
  /** The plain bytes for each spelling of the password that unpads; the caller knows which of them make sense. */
  readonly decrypt: (password: string, text: Buffer) => Iterable<Buffer>;
}

interface Cipher {
  readonly name: string;
  readonly keyBytes: number;
  readonly ivBytes: number;
  readonly isOld?: boolean;
  readonly open: (key: Buffer, iv: Buffer, text: Buffer) => Buffer;
}

function native(name: string, algorithm: string, keyBytes: number, ivBytes: number, isOld = false): Cipher {
  const open = (key: Buffer, iv: Buffer, text: Buffer) => {
    const decipher = createDecipheriv(algorithm, key, iv);
    return Buffer.concat([decipher.update(text), decipher.final()]);
  };
  return { name, keyBytes, ivBytes, isOld, open };
}

function rc2(bits: number, effective = bits): Cipher {
  const open = (key: Buffer, iv: Buffer, text: Buffer) => unpadded(decryptRc2Cbc(key, effective, iv, text));
  return { name: `RC2-${bits}`, keyBytes: bits / 8, ivBytes: 8, isOld: true, open };
}

function rc4(bits: number): Cipher {
  return {
    name: `RC4-${bits}`,
    keyBytes: bits / 8,
    ivBytes: 0,
    isOld: true,
    open: (key, _, text) => decryptRc4(key, text),
  };
}

const tripleDes = native("3DES", "des-ede3-cbc", 24, 8, true);
/** Two keys, or one: triple DES with keys repeated is the same (FIPS 46-3). */
const doubleKeyDes: Cipher = {
  ...tripleDes,
  keyBytes: 16,
  open: (key, iv, text) => tripleDes.open(Buffer.concat([key, key.subarray(0, 8)]), iv, text),
};
const des: Cipher = {
  ...tripleDes,
  name: "DES",
  keyBytes: 8,
  open: (key, iv, text) => tripleDes.open(Buffer.concat([key, key, key]), iv, text),
};

const aes = [128, 192, 256].map((bits) => native(`AES-${bits}-CBC`, `aes-${bits}-cbc`, bits / 8, 16));
const camellia = [128, 192, 256].map((bits) =>
  native(`CAMELLIA-${bits}-CBC`, `camellia-${bits}-cbc`, bits / 8, 16),
);
const aria = [128, 192, 256].map((bits) => native(`ARIA-${bits}-CBC`, `aria-${bits}-cbc`, bits / 8, 16));

const pbes2Ciphers: Readonly<Record<string, Cipher | undefined>> = {
  "2.16.840.1.101.3.4.1.2": aes[0],
  "2.16.840.1.101.3.4.1.22": aes[1],
  "2.16.840.1.101.3.4.1.42": aes[2],
  "1.2.840.113549.3.7": tripleDes,
  "1.3.14.3.2.7": des,
  "1.2.392.200011.61.1.1.1.2": camellia[0],
  "1.2.392.200011.61.1.1.1.3": camellia[1],
  "1.2.392.200011.61.1.1.1.4": camellia[2],
  "1.2.410.200046.1.1.2": aria[0],
  "1.2.410.200046.1.1.7": aria[1],
  "1.2.410.200046.1.1.12": aria[2],
  "1.2.156.10197.1.104.2": native("SM4-CBC", "sm4-cbc", 16, 16),
};
/** PBES1 (RFC 8018 appendix A.3) and the schemes of PKCS#12 (RFC 7292 appendix C). */
const pbes1: Readonly<Record<string, { readonly hash: string; readonly cipher: Cipher } | undefined>> = {
  "1.2.840.113549.1.5.3": { hash: "md5", cipher: des },
  "1.2.840.113549.1.5.6": { hash: "md5", cipher: rc2(64) },
  "1.2.840.113549.1.5.10": { hash: "sha1", cipher: des },
  "1.2.840.113549.1.5.11": { hash: "sha1", cipher: rc2(64) },
};
const pkcs12Ciphers: Readonly<Record<string, Cipher | undefined>> = {
  "1.2.840.113549.1.12.1.1": rc4(128),
  "1.2.840.113549.1.12.1.2": rc4(40),
  "1.2.840.113549.1.12.1.3": tripleDes,
  "1.2.840.113549.1.12.1.4": doubleKeyDes,
  "1.2.840.113549.1.12.1.5": rc2(128),
  "1.2.840.113549.1.12.1.6": rc2(40),
};
const pbes2 = "1.2.840.113549.1.5.13";
const pbkdf2 = "1.2.840.113549.1.5.12";
const scrypt = "1.3.6.1.4.1.11591.4.11";
const rc2Cbc = "1.2.840.113549.3.2";
/** By the last number of hmacWithX (RFC 8018 appendix B.1). */
const prfHashes = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512-224", "sha512-256"];
/** What the rounds allowed can take at most, and some room (RFC 7914 section 2: 128 · N · r bytes). */
const scryptMemory = 160 * 1024 * 1024;

/** How an AlgorithmIdentifier wants to be decrypted; null for a scheme or cipher nobody here can do. */
export function passwordScheme(algorithm: DerElement | undefined): PasswordScheme | null {
  const [type, parameters] = sequenceOf(algorithm);
  const oid = oidOf(type);
  const rounds = keyRounds(algorithm);
  const [first, second] = sequenceOf(parameters);
  if (rounds === null || !first || !second) return null;
  if (oid === pbes2) return pbes2Scheme(first, second, rounds);
  const salt = first.content;
  const known = pbes1[oid];
  if (known) {
    const open = (password: Buffer, text: Buffer) => {
      const derived = derivePbkdf1(known.hash, password, salt, rounds);
      return known.cipher.open(derived.subarray(0, 8), derived.subarray(8, 16), text);
    };
    return schemeOf(known.cipher, rounds, passwordBytes, open);
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
  return schemeOf(cipher, cipher.ivBytes > 0 ? 2 * rounds : rounds, bmpPasswords, open);
}

function pbes2Scheme(kdf: DerElement, encryption: DerElement, rounds: number): PasswordScheme | null {
  const [cipherType, cipherParameters] = sequenceOf(encryption);
  const [kdfType, kdfParameters] = sequenceOf(kdf);
  const [salt, ...rest] = sequenceOf(kdfParameters);
  if (!salt || !cipherParameters) return null;
  const isRc2 = oidOf(cipherType) === rc2Cbc;
  const cipher = isRc2 ? rc2Of(cipherParameters, rest) : pbes2Ciphers[oidOf(cipherType)];
  const iv = isRc2 ? sequenceOf(cipherParameters).at(-1)?.content : cipherParameters.content;
  const derive = derivation(oidOf(kdfType), salt.content, rest);
  if (!cipher || !iv || !derive) return null;
  return schemeOf(cipher, rounds, passwordBytes, (password, text) =>
    cipher.open(derive(password, cipher.keyBytes), iv, text),
  );
}

type Derive = (password: Buffer, length: number) => Buffer;

function derivation(oid: string, salt: Buffer, rest: readonly DerElement[]): Derive | null {
  const [first, second, third] = rest;
  if (oid === scrypt) {
    const [N, r, p] = [smallInteger(first), smallInteger(second), smallInteger(third)];
    return (password, length) => scryptSync(password, salt, length, { N, r, p, maxmem: scryptMemory });
  }
  const prf = rest.find((element) => sequenceOf(element).length > 0);
  const hash = prf ? prfHashes[Number(oidOf(sequenceOf(prf)[0]).split(".").at(-1)) - 6] : "sha1";
  if (oid !== pbkdf2 || hash === undefined) return null;
  return (password, length) => pbkdf2Sync(password, salt, smallInteger(first), length, hash);
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
    rounds,
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
  const all = [...aes, ...camellia, ...aria];
  const others: Readonly<Record<string, Cipher>> = {
    "DES-CBC": des,
    "DES-EDE3-CBC": tripleDes,
    "DES-EDE-CBC": doubleKeyDes,
    "RC2-CBC": rc2(128),
    "RC2-64-CBC": rc2(64),
    "RC2-40-CBC": rc2(40),
  };
  const cipher = all.find((one) => one.name === name.toUpperCase()) ?? others[name.toUpperCase()];
  if (!cipher || iv.length !== cipher.ivBytes) return null;
  const open = (password: Buffer, text: Buffer) =>
    cipher.open(deriveDekKey(password, iv.subarray(0, 8), cipher.keyBytes), iv, text);
  return schemeOf(cipher, 1, passwordBytes, open);
}

function unpadded(bytes: Buffer): Buffer {
  const count = bytes.at(-1) ?? 0;
  const isPadded = count >= 1 && count <= 8 && bytes.subarray(-count).every((byte) => byte === count);
  if (!isPadded) throw new RangeError("bad padding");
  return bytes.subarray(0, -count);
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
