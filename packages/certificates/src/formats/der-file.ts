import type { MaterialSource } from "@sealpost/domain";
import { asn1Limit, type DerElement, derAt, derTag, oidOf, sequenceOf } from "../der.ts";
import type { Limit } from "../limits.ts";
import { note, noteLimit, type Parts, takeCertificate } from "../parts.ts";
import { derOfBer } from "./ber.ts";
import { keyLabel, readKey } from "./key.ts";
import { isCrowded, pkcs7Kind, readPkcs7 } from "./pkcs7.ts";
import { isPkcs12, readPkcs12 } from "./pkcs12.ts";
import { isRequest, readRequest } from "./request.ts";

/** How many objects may stand one behind the other in a file. */
const mostObjects = 50;

/**
 * Reads binary DER by its shape: certificate, request, key, PKCS#7, PKCS#12; names what it only knows. Several may
 * stand one behind the other, as joined files do; what is none of them behind one is `trailing-garbage`. False when the
 * bytes are nothing known.
 */
export function readDer(parts: Parts, bytes: Buffer, source: MaterialSource): boolean {
  let rest = bytes;
  for (let count = 0; count < mostObjects; count++) {
    const length = readOne(parts, rest, source);
    if (length === 0 && count === 0) return isCutOff(parts, bytes, source);
    rest = rest.subarray(length);
    if (/^\s*$/.test(rest.subarray(0, 64).toString("latin1"))) return true;
    if (length > 0 && rest[0] === derTag.sequence) continue;
    note(parts, "trailing-garbage", { bytes: rest.length }, source);
    return true;
  }
  noteLimit(parts, "certificates", source);
  return true;
}

/** Reads the object at the beginning; how many bytes it takes, 0 when it is nothing known. */
function readOne(parts: Parts, bytes: Buffer, source: MaterialSource): number {
  const outer = derAt(bytes);
  if (outer === null) return readBer(parts, bytes, source);
  const children = sequenceOf(outer);
  if (isRevocationList(children[0])) {
    note(parts, "crl-given", {}, source);
    return outer.whole.length;
  }
  const limit = outer.tag === derTag.sequence ? limitOf(outer, children) : null;
  if (limit) {
    noteLimit(parts, limit, source);
    return outer.whole.length;
  }
  const label = keyLabel(children);
  if (readContainer(parts, children, outer.whole, source)) return outer.whole.length;
  if (label) readKey(parts, { der: outer.whole, label, headers: "" }, source);
  else if (isPublicKey(children)) note(parts, "public-key-given", {}, source);
  else if (!readSigned(parts, outer, children, source)) return 0;
  return outer.whole.length;
}

/** The limit that an object goes beyond as a whole. */
function limitOf({ whole }: DerElement, children: readonly DerElement[]): Limit | null {
  return isCrowded(children) ? "certificates" : asn1Limit(whole);
}

/** Containers in BER, which the strict reader refuses; nothing may stand behind them. */
function readBer(parts: Parts, bytes: Buffer, source: MaterialSource): number {
  if (bytes[0] !== derTag.sequence || bytes[1] !== 0x80) return 0;
  const limit = asn1Limit(bytes);
  if (limit) {
    noteLimit(parts, limit, source);
    return bytes.length;
  }
  const der = derOfBer(bytes);
  const isRead = der !== null && readContainer(parts, sequenceOf(derAt(der)), der, source);
  return isRead ? bytes.length : 0;
}

function readContainer(
  parts: Parts,
  children: readonly DerElement[],
  whole: Buffer,
  source: MaterialSource,
): boolean {
  const kind = pkcs7Kind(children);
  if (kind === "signed") readPkcs7(parts, whole, source);
  else if (kind === "enveloped") note(parts, "encrypted-email", {}, source);
  else if (isPkcs12(children)) readPkcs12(parts, whole, source);
  else return false;
  return true;
}

/** What is signed is body, algorithm and signature: a certificate or a request. */
function readSigned(
  parts: Parts,
  outer: DerElement,
  [body, algorithm, signature, ...rest]: readonly DerElement[],
  source: MaterialSource,
): boolean {
  const isSigned =
    body?.tag === derTag.sequence &&
    algorithm?.tag === derTag.sequence &&
    signature?.tag === derTag.bitString &&
    rest.length === 0;
  if (!isSigned) return false;
  const isTaken = isRequest(outer)
    ? readRequest(parts, outer, source)
    : takeCertificate(parts, outer.whole, source);
  if (!isTaken) note(parts, "malformed-certificate", {}, source);
  return true;
}

/** SubjectPublicKeyInfo, or the two numbers of PKCS#1 (RFC 8017 appendix A.1.1). */
function isPublicKey([first, second, third]: readonly DerElement[]): boolean {
  const isSpki = oidOf(sequenceOf(first)[0]) !== "" && second?.tag === derTag.bitString;
  const isNumbers = first?.tag === derTag.integer && second?.tag === derTag.integer;
  return third === undefined && (isSpki || isNumbers);
}

/** RFC 5280 section 5.1: the time of the list stands directly in its body, which no certificate's does. */
function isRevocationList(body: DerElement | undefined): boolean {
  return sequenceOf(body).some(({ tag }) => tag === derTag.utcTime || tag === derTag.generalizedTime);
}

const beginnings: Readonly<Record<string, "malformed-pkcs12" | "malformed-pkcs7">> = {
  "02010330": "malformed-pkcs12",
  "06092a864886f70d0107": "malformed-pkcs7",
};

/** A file that begins as one of ours does, and does not end as it says: something got lost on the way. */
function isCutOff(parts: Parts, bytes: Buffer, source: MaterialSource): boolean {
  const first = bytes[1] ?? 0;
  if (bytes[0] !== derTag.sequence || first < 0x80 || first > 0x84) return false;
  const inside = bytes.subarray(2 + (first & 0x7f), 16 + (first & 0x7f));
  const container = Object.keys(beginnings).find((hex) => inside.toString("hex").startsWith(hex));
  const isBegun = first === 0x82 && inside[0] === derTag.sequence;
  const id = container ? beginnings[container] : isBegun ? ("malformed-certificate" as const) : undefined;
  if (id) note(parts, id, {}, source);
  return id !== undefined;
}
