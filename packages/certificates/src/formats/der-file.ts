import type { MaterialSource } from "@sealpost/domain";
import { readCertificate } from "../certificate-facts.ts";
import { type DerElement, derAt, derTag, oidOf, sequenceOf, smallInteger } from "../der.ts";
import { addCertificate, note, type Parts } from "../parts.ts";
import { keyLabel, readKey } from "./key.ts";
import { readRequest } from "./request.ts";

const signedData = "1.2.840.113549.1.7.2";
const pfxContents = ["1.2.840.113549.1.7.1", signedData];

/** Reads binary DER by its shape: certificate, request, key; names what it only knows. False when it is none of them. */
export function readDer(parts: Parts, bytes: Buffer, source: MaterialSource): boolean {
  const outer = derAt(bytes);
  if (outer === null || outer.whole.length !== bytes.length) return isCutOff(parts, bytes, source);
  const children = sequenceOf(outer);
  const format = formatName(children);
  const label = keyLabel(children);
  if (format) note(parts, "unsupported-format", { format }, source);
  else if (label) readKey(parts, { der: bytes, label, headers: "" }, source);
  else if (isPublicKey(children)) note(parts, "public-key-given", {}, source);
  else return readSigned(parts, outer, children, source);
  return true;
}

/** What is signed is body, algorithm and signature: a certificate, a request or a list of revoked ones. */
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
  const certificate = readCertificate(outer.whole, source);
  if (certificate) addCertificate(parts, certificate);
  else if (isRevocationList(body)) note(parts, "unsupported-format", { format: "CRL" }, source);
  else if (!readRequest(parts, outer, source)) note(parts, "malformed-certificate", {}, source);
  return true;
}

function formatName([first, second]: readonly DerElement[]): string | null {
  if (oidOf(first) === signedData) return "PKCS#7";
  const isPfx = smallInteger(first) === 3 && pfxContents.includes(oidOf(sequenceOf(second)[0]));
  return isPfx ? "PKCS#12" : null;
}

/** SubjectPublicKeyInfo, or the two numbers of PKCS#1 (RFC 8017 appendix A.1.1). */
function isPublicKey([first, second, third]: readonly DerElement[]): boolean {
  const isSpki = oidOf(sequenceOf(first)[0]) !== "" && second?.tag === derTag.bitString;
  const isNumbers = first?.tag === derTag.integer && second?.tag === derTag.integer;
  return third === undefined && (isSpki || isNumbers);
}

/** RFC 5280 section 5.1: the time of the list stands directly in its body, which no certificate's does. */
function isRevocationList(body: DerElement): boolean {
  return sequenceOf(body).some(({ tag }) => tag === derTag.utcTime || tag === derTag.generalizedTime);
}

/** A file that begins as certificates in DER do, and does not end as it says: something got lost on the way. */
function isCutOff(parts: Parts, bytes: Buffer, source: MaterialSource): boolean {
  const isBegun = bytes[0] === derTag.sequence && bytes[1] === 0x82 && bytes[4] === derTag.sequence;
  if (isBegun) note(parts, "malformed-certificate", {}, source);
  return isBegun;
}
