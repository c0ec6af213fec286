import { createHmac, pbkdf2Sync, timingSafeEqual } from "node:crypto";
import type { MaterialSource } from "@sealpost/domain";
import { readCertificate } from "../certificate-facts.ts";
import { type DerElement, derAt, derChildren, derTag, oidOf, sequenceOf, smallInteger } from "../der.ts";
import { addCertificate, note, noteLimit, type Parts } from "../parts.ts";
import { derOfBer } from "./ber.ts";
import { isAffordable, keepKey } from "./key.ts";
import { type PasswordScheme, passwordScheme } from "./pbe.ts";
import { bmpPasswords, derivePkcs12, passwordBytes, pkcs12Purpose } from "./pbe-kdf.ts";

const data = "1.2.840.113549.1.7.1";
const signedData = "1.2.840.113549.1.7.2";
const encryptedData = "1.2.840.113549.1.7.6";
const bag = {
  key: "1.2.840.113549.1.12.10.1.1",
  shroudedKey: "1.2.840.113549.1.12.10.1.2",
  certificate: "1.2.840.113549.1.12.10.1.3",
  nested: "1.2.840.113549.1.12.10.1.6",
} as const;
const x509Certificate = "1.2.840.113549.1.9.22.1";
const pbmac1 = "1.2.840.113549.1.5.14";
const hashes: Readonly<Record<string, string>> = {
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.4": "sha224",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
  "1.2.840.113549.2.7": "sha1",
  "1.2.840.113549.2.9": "sha256",
  "1.2.840.113549.2.10": "sha384",
  "1.2.840.113549.2.11": "sha512",
};
const deepest = 8;

/** A PFX being read: what its password is, once the MAC has told it. */
interface Opening {
  readonly parts: Parts;
  readonly source: MaterialSource;
  readonly passphrase: string;
}

type Outcome = "read" | "malformed" | "told";

/** Whether bytes have the shape of a PFX (RFC 7292 section 4): version 3 and what it protects. */
export function isPkcs12([version, content]: readonly DerElement[]): boolean {
  return smallInteger(version) === 3 && [data, signedData].includes(oidOf(sequenceOf(content)[0]));
}

/**
 * Reads a PKCS#12. Its MAC is checked first, so that a wrong passphrase is told from an old cipher; without a
 * passphrase the empty one and none are tried, which are two different things (RFC 7292 appendix B.1).
 */
export function readPkcs12(parts: Parts, bytes: Buffer, source: MaterialSource): void {
  const der = derOfBer(bytes);
  const [, content, mac] = sequenceOf(der && derAt(der));
  const safe = contentOf(content);
  if (oidOf(sequenceOf(content)[0]) === signedData)
    return note(parts, "unsupported-format", { format: "PKCS#12 (signed)" }, source);
  if (safe === null) return note(parts, "malformed-pkcs12", {}, source);
  const passphrase = parts.passphrase ?? "";
  const verdict = mac ? macVerdict(parts, mac, safe, passphrase, source) : "right";
  if (verdict === "told") return;
  if (verdict === "malformed") return note(parts, "malformed-pkcs12", {}, source);
  if (verdict === "wrong") return noteWrong(parts, "PKCS#12", source);
  const outcome = readSafe({ parts, source, passphrase }, safe);
  if (outcome === "malformed") note(parts, "malformed-pkcs12", {}, source);
}

function noteWrong(parts: Parts, scheme: string, source: MaterialSource): void {
  const id = parts.passphrase === null ? "passphrase-required" : "wrong-passphrase";
  note(parts, id, { what: "pkcs12", scheme }, source);
}

/** The octets of a ContentInfo of type data. */
function contentOf(info: DerElement | undefined): Buffer | null {
  const [type, wrapper] = sequenceOf(info);
  const [octets] = derChildren(wrapper);
  return oidOf(type) === data && octets?.tag === derTag.octetString ? octets.content : null;
}

function macVerdict(
  parts: Parts,
  mac: DerElement,
  safe: Buffer,
  passphrase: string,
  source: MaterialSource,
): "right" | "wrong" | "malformed" | "told" {
  const [digestInfo, salt, iterations] = sequenceOf(mac);
  const [algorithm, digest] = sequenceOf(digestInfo);
  const [type, parameters] = sequenceOf(algorithm);
  if (!digest || !salt) return "malformed";
  const isNew = oidOf(type) === pbmac1;
  const check = isNew ? newMac(parameters) : oldMac(hashes[oidOf(type)], salt.content, iterations);
  if (check === null) return "malformed";
  const spelled = isNew ? passwordBytes(passphrase) : bmpPasswords(passphrase);
  if (!isAffordable(parts, { rounds: check.rounds * spelled.length }, source)) return "told";
  const isRight = (password: Buffer) => {
    const found = check.mac(password, safe);
    return found.length === digest.content.length && timingSafeEqual(found, digest.content);
  };
  return spelled.some(isRight) ? "right" : "wrong";
}

interface Mac {
  readonly rounds: number;
  readonly mac: (password: Buffer, safe: Buffer) => Buffer;
}

function oldMac(hash: string | undefined, salt: Buffer, iterations: DerElement | undefined): Mac | null {
  if (hash === undefined) return null;
  // RFC 7292 section 4: one iteration where none is named.
  const rounds = iterations ? smallInteger(iterations) : 1;
  return {
    rounds,
    mac: (password, safe) => {
      const length = createHmac(hash, "").digest().length;
      const key = derivePkcs12(hash, password, { salt, rounds, purpose: pkcs12Purpose.mac, length });
      return createHmac(hash, key).update(safe).digest();
    },
  };
}

/** PBMAC1 (RFC 9579). */
function newMac(parameters: DerElement | undefined): Mac | null {
  const [kdf, scheme] = sequenceOf(parameters);
  const [, kdfParameters] = sequenceOf(kdf);
  const [salt, iterations, length, prf] = sequenceOf(kdfParameters);
  const hash = hashes[oidOf(sequenceOf(scheme)[0])];
  const prfHash = hashes[oidOf(sequenceOf(prf)[0])] ?? "sha1";
  const keyLength = smallInteger(length);
  if (!salt || hash === undefined || keyLength > 1024) return null;
  const rounds = smallInteger(iterations);
  return {
    rounds,
    mac: (password, safe) => {
      const key = pbkdf2Sync(password, salt.content, rounds, keyLength, prfHash);
      return createHmac(hash, key).update(safe).digest();
    },
  };
}

function readSafe(opening: Opening, safe: Buffer): Outcome {
  const der = derOfBer(safe);
  const infos = sequenceOf(der && derAt(der));
  if (infos.length === 0) return "malformed";
  for (const info of infos) {
    const outcome = readInfo(opening, info);
    if (outcome !== "read") return outcome;
  }
  return "read";
}

function readInfo(opening: Opening, info: DerElement): Outcome {
  const [type, wrapper] = sequenceOf(info);
  if (oidOf(type) === data) {
    const content = contentOf(info);
    return content && readBags(opening, content, deepest) ? "read" : "malformed";
  }
  if (oidOf(type) !== encryptedData) {
    note(opening.parts, "unsupported-format", { format: "PKCS#12 (for a receiver's key)" }, opening.source);
    return "told";
  }
  const [, encrypted] = sequenceOf(derChildren(wrapper)[0]);
  const [, algorithm, sealed] = sequenceOf(encrypted);
  if (!sealed) return "malformed";
  // [0] IMPLICIT OCTET STRING: in one piece, or in several as BER allows.
  const text =
    sealed.tag === 0x80 ? sealed.content : Buffer.concat(derChildren(sealed).map(({ content }) => content));
  return unseal(opening, algorithm, text, (plain) => readBags(opening, plain, deepest));
}

/** Decrypts with each spelling of the passphrase until something makes sense. */
function unseal(
  { parts, source, passphrase }: Opening,
  algorithm: DerElement | undefined,
  text: Buffer,
  read: (plain: Buffer) => boolean,
): Outcome {
  const scheme = passwordScheme(algorithm);
  if (scheme === null) {
    note(parts, "unsupported-format", { format: "PKCS#12 (unknown cipher)" }, source);
    return "told";
  }
  if (!isAffordable(parts, scheme, source)) return "told";
  for (const plain of scheme.decrypt(passphrase, text)) {
    if (!read(plain)) continue;
    noteOld(parts, scheme, source);
    return "read";
  }
  noteWrong(parts, scheme.name, source);
  return "told";
}

function noteOld(parts: Parts, { name, isOld }: PasswordScheme, source: MaterialSource): void {
  const isSaid = parts.findings.some(({ id, source: from }) => id === "pkcs12-converted" && from === source);
  if (isOld && !isSaid) note(parts, "pkcs12-converted", { cipher: name }, source);
}

function readBags(opening: Opening, contents: Buffer, depth: number): boolean {
  const der = derOfBer(contents);
  const sequence = der && derAt(der);
  if (sequence?.tag !== derTag.sequence) return false;
  const bags = derChildren(sequence);
  if (bags.length > 200) noteLimit(opening.parts, "blocks", opening.source);
  return bags.slice(0, 200).every((one) => readBag(opening, one, depth));
}

function readBag(opening: Opening, element: DerElement, depth: number): boolean {
  const { parts, source } = opening;
  const [type, wrapper] = sequenceOf(element);
  const [value] = derChildren(wrapper);
  if (!value) return false;
  switch (oidOf(type)) {
    case bag.key:
      return keepKey(parts, value.whole, { from: "PKCS#12", encrypted: false }, source);
    case bag.shroudedKey: {
      const [algorithm, sealed] = sequenceOf(value);
      const keep = (plain: Buffer) => keepKey(parts, plain, { from: "PKCS#12", encrypted: true }, source);
      return sealed !== undefined && unseal(opening, algorithm, sealed.content, keep) !== "malformed";
    }
    case bag.certificate: {
      const [kind, holder] = sequenceOf(value);
      if (oidOf(kind) !== x509Certificate) return true;
      const certificate = readCertificate(derChildren(holder)[0]?.content ?? Buffer.alloc(0), source);
      if (certificate) addCertificate(parts, certificate);
      else note(parts, "malformed-certificate", {}, source);
      return true;
    }
    case bag.nested:
      return depth > 0 && readBags(opening, value.whole, depth - 1);
    default:
      // Revocation lists and secrets are of no use here.
      return true;
  }
}
