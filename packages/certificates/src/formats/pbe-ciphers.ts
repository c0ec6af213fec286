import { createDecipheriv } from "node:crypto";
import { decryptRc2Cbc } from "./rc2.ts";
import { decryptRc4 } from "./rc4.ts";

/** A block or stream cipher, with the lengths of its key and initial vector in bytes. `open` throws for bad padding. */
export interface Cipher {
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

export function rc2(bits: number, effective = bits): Cipher {
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

export const pbes2Ciphers: Readonly<Record<string, Cipher | undefined>> = {
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
export const pbes1: Readonly<Record<string, { readonly hash: string; readonly cipher: Cipher } | undefined>> =
  {
    "1.2.840.113549.1.5.3": { hash: "md5", cipher: des },
    "1.2.840.113549.1.5.6": { hash: "md5", cipher: rc2(64) },
    "1.2.840.113549.1.5.10": { hash: "sha1", cipher: des },
    "1.2.840.113549.1.5.11": { hash: "sha1", cipher: rc2(64) },
  };
export const pkcs12Ciphers: Readonly<Record<string, Cipher | undefined>> = {
  "1.2.840.113549.1.12.1.1": rc4(128),
  "1.2.840.113549.1.12.1.2": rc4(40),
  "1.2.840.113549.1.12.1.3": tripleDes,
  "1.2.840.113549.1.12.1.4": doubleKeyDes,
  "1.2.840.113549.1.12.1.5": rc2(128),
  "1.2.840.113549.1.12.1.6": rc2(40),
};

/** The cipher that `DEK-Info` names (RFC 1423 section 1.1, and what OpenSSL added). */
export function dekCipher(name: string): Cipher | undefined {
  const others: Readonly<Record<string, Cipher>> = {
    "DES-CBC": des,
    "DES-EDE3-CBC": tripleDes,
    "DES-EDE-CBC": doubleKeyDes,
    "RC2-CBC": rc2(128),
    "RC2-64-CBC": rc2(64),
    "RC2-40-CBC": rc2(40),
  };
  return [...aes, ...camellia, ...aria].find((one) => one.name === name) ?? others[name];
}

function unpadded(bytes: Buffer): Buffer {
  const count = bytes.at(-1) ?? 0;
  const isPadded = count >= 1 && count <= 8 && bytes.subarray(-count).every((byte) => byte === count);
  if (!isPadded) throw new RangeError("bad padding");
  return bytes.subarray(0, -count);
}
