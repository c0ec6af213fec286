import { createHash, hash as digestOf } from "node:crypto";

/** What the derived bytes are for (RFC 7292 appendix B.3). */
export const pkcs12Purpose = { key: 1, iv: 2, mac: 3 } as const;

const blockBytes: Readonly<Record<string, number>> = { sha384: 128, sha512: 128 };

/** The key derivation of PKCS#12 (RFC 7292 appendix B.2). `password`: BMPString with its end mark, or empty. */
export function derivePkcs12(
  hash: string,
  password: Buffer,
  { salt, rounds, purpose, length }: { salt: Buffer; rounds: number; purpose: number; length: number },
): Buffer {
  const block = blockBytes[hash] ?? 64;
  const input = Buffer.concat([stretched(salt, block), stretched(password, block)]);
  const blocks: Buffer[] = [];
  for (let made = 0; made < length; ) {
    const first = createHash(hash).update(Buffer.alloc(block, purpose)).update(input).digest();
    const digest = repeated(hash, first, rounds);
    blocks.push(digest);
    made += digest.length;
    addToEach(input, stretched(digest, block).subarray(0, block), block);
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function stretched(bytes: Buffer, block: number): Buffer {
  const length = Math.ceil(bytes.length / block) * block;
  return Buffer.alloc(length, bytes.length > 0 ? bytes : 0);
}

/** Adds the block and one to each block of the input, as numbers without a carry beyond their length. */
function addToEach(input: Buffer, block: Buffer, size: number): void {
  for (let at = 0; at < input.length; at += size) {
    let carry = 1;
    for (let index = size - 1; index >= 0; index--) {
      const sum = (input[at + index] ?? 0) + (block[index] ?? 0) + carry;
      input[at + index] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}

/** PBKDF1 (RFC 8018 section 5.1), with as many bytes as the hash has. */
export function derivePbkdf1(hash: string, password: Buffer, salt: Buffer, rounds: number): Buffer {
  return repeated(hash, createHash(hash).update(password).update(salt).digest(), rounds);
}

/** The digest of the digest, and so on, after so many rounds: in one call each, since there may be a million. */
function repeated(hash: string, first: Buffer, rounds: number): Buffer {
  let digest = first;
  for (let round = 1; round < rounds; round++) digest = digestOf(hash, digest, "buffer");
  return digest;
}

const digestBytes: Readonly<Record<string, number>> = {
  md5: 16,
  sha1: 20,
  sha224: 28,
  "sha512-224": 28,
  sha384: 48,
  sha512: 64,
};

/**
 * How many rounds a derivation works in all, to derive so many bytes: each block of them takes its own, and reads the
 * salt anew.
 */
export function roundsOf(
  hash: string,
  { rounds, length, salt }: { readonly rounds: number; readonly length: number; readonly salt: Buffer },
): number {
  const blocks = Math.max(1, Math.ceil(length / (digestBytes[hash] ?? 32)));
  return blocks * (rounds + Math.floor(salt.length / 64));
}

/** The derivation behind `DEK-Info`: MD5, one round, chained (OpenSSL's EVP_BytesToKey). */
export function deriveDekKey(password: Buffer, salt: Buffer, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let made = 0; made < length; made += 16)
    blocks.push(
      createHash("md5")
        .update(blocks.at(-1) ?? "")
        .update(password)
        .update(salt)
        .digest(),
    );
  return Buffer.concat(blocks).subarray(0, length);
}

/** Bytes a password may stand for, the likeliest first: as typed, composed and decomposed; UTF-8, then Latin-1. */
export function passwordBytes(password: string): readonly Buffer[] {
  const spelled = spellings(password);
  const latin = spelled
    .filter((text) => /^[\0-\xff]*$/.test(text))
    .map((text) => Buffer.from(text, "latin1"));
  return distinct([...spelled.map((text) => Buffer.from(text)), ...latin]);
}

/** The same for PKCS#12: BMPString with its end mark; nothing at all for no password (RFC 7292 appendix B.1). */
export function bmpPasswords(password: string): readonly Buffer[] {
  const marked = spellings(password).map((text) => Buffer.from(`${text}\0`, "utf16le").swap16());
  return distinct(password === "" ? [...marked, Buffer.alloc(0)] : marked);
}

function spellings(password: string): readonly string[] {
  return [...new Set([password, password.normalize("NFC"), password.normalize("NFD")])];
}

function distinct(all: readonly Buffer[]): readonly Buffer[] {
  return [...new Map(all.map((bytes) => [bytes.toString("hex"), bytes])).values()];
}
