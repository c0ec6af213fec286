import type { MaterialSource } from "@sealpost/domain";
import {
  asn1Limit,
  type DerElement,
  derAt,
  derChildren,
  derTag,
  oidOf,
  sequenceOf,
  smallInteger,
} from "../der.ts";
import { mayStill, note, noteLimit, type Parts, takeCertificate } from "../parts.ts";
import { derOfBer } from "./ber.ts";
import { keepKey } from "./key.ts";
import { type PasswordScheme, passwordScheme } from "./pbe.ts";
import { macVerdict } from "./pkcs12-mac.ts";

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

function readSafe(opening: Opening, safe: Buffer): Outcome {
  if (isBeyondLimits(opening, safe)) return "told";
  const der = derOfBer(safe);
  const infos = sequenceOf(der && derAt(der));
  if (infos.length === 0) return "malformed";
  for (const info of infos) {
    const outcome = readInfo(opening, info);
    if (outcome !== "read") return outcome;
  }
  return "read";
}

function isBeyondLimits({ parts, source }: Opening, bytes: Buffer): boolean {
  const limit = bytes[0] === derTag.sequence ? asn1Limit(bytes) : null;
  if (limit) noteLimit(parts, limit, source);
  return limit !== null;
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
  if (!mayStill(parts, "keyRounds", scheme.rounds(passphrase, text), source)) return "told";
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
  if (isBeyondLimits(opening, contents)) return true;
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
      const der = derChildren(holder)[0]?.content ?? Buffer.alloc(0);
      if (!takeCertificate(parts, der, source)) note(parts, "malformed-certificate", {}, source);
      return true;
    }
    case bag.nested:
      return depth > 0 && readBags(opening, value.whole, depth - 1);
    default:
      // Revocation lists and secrets are of no use here.
      return true;
  }
}
