import type { MaterialSource } from "@sealpost/domain";
import { type DerElement, derAt, derChildren, derTag, oidOf, sequenceOf } from "../der.ts";
import { limits } from "../limits.ts";
import { note, type Parts, takeCertificate } from "../parts.ts";
import { derOfBer } from "./ber.ts";

const signedData = "1.2.840.113549.1.7.2";
const enveloped: readonly string[] = ["1.2.840.113549.1.7.3", "1.2.840.113549.1.9.16.1.23"];
const certificatesTag = 0xa0;
const revocationsTag = 0xa1;

/** What a ContentInfo holds, by its identifier; null for anything else. */
export function pkcs7Kind([type]: readonly DerElement[]): "signed" | "enveloped" | null {
  const oid = oidOf(type);
  if (oid === signedData) return "signed";
  return enveloped.includes(oid) ? "enveloped" : null;
}

/** Whether a PKCS#7 in DER holds more certificates than are read, told without reading any. */
export function isCrowded([type, content]: readonly DerElement[]): boolean {
  const fields = oidOf(type) === signedData ? sequenceOf(derChildren(content)[0]) : [];
  return derChildren(fields.find(({ tag }) => tag === certificatesTag)).length > limits.certificates;
}

/** Reads the certificates of a PKCS#7 (RFC 2315, RFC 5652 section 5.1) as CAs send chains: without a signature. */
export function readPkcs7(parts: Parts, bytes: Buffer, source: MaterialSource): void {
  const fields = signedFields(bytes);
  const certificates = derChildren(fields.find(({ tag }) => tag === certificatesTag));
  if (certificates.length === 0) {
    const isRevocation = fields.some(({ tag }) => tag === revocationsTag);
    return note(parts, isRevocation ? "crl-given" : "malformed-pkcs7", {}, source);
  }
  for (const { whole } of certificates) {
    if (!takeCertificate(parts, whole, source)) note(parts, "malformed-certificate", {}, source);
  }
}

/** What was signed, where it lies inside (S/MIME: a mail); null where it does not, or the bytes are no PKCS#7. */
export function pkcs7Content(bytes: Buffer): Buffer | null {
  const [, wrapper] = sequenceOf(signedFields(bytes)[2]);
  const [content] = derChildren(wrapper);
  return content?.tag === derTag.octetString ? content.content : null;
}

/** The fields of SignedData: version, digest algorithms, content, certificates, revocation lists, signers. */
function signedFields(bytes: Buffer): readonly DerElement[] {
  const der = derOfBer(bytes);
  const [type, content] = sequenceOf(der && derAt(der));
  return oidOf(type) === signedData ? sequenceOf(derChildren(content)[0]) : [];
}
