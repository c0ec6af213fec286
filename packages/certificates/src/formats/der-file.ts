import { finding, type MaterialSource } from "@sealpost/domain";
import { readCertificate } from "../certificate-facts.ts";
import { type DerElement, derAt, derChildren, derTag, oidText } from "../der.ts";
import type { Parts } from "../parts.ts";
import { readKey } from "./key.ts";
import { readRequest } from "./request.ts";

const signedData = "1.2.840.113549.1.7.2";
const data = "1.2.840.113549.1.7.1";

/** Reads binary DER by its shape: certificate, request, key; names PKCS#7 and PKCS#12. False when it is none of them. */
export function readDer(parts: Parts, bytes: Buffer, source: MaterialSource): boolean {
  const outer = derAt(bytes);
  if (outer?.tag !== derTag.sequence || outer.whole.length !== bytes.length) return false;
  const children = derChildren(outer);
  if (children === null) return false;
  const format = containerName(children);
  if (format) {
    parts.findings.push(finding("unsupported-format", { format }, source));
    return true;
  }
  const label = keyLabel(children);
  if (label) {
    readKey(parts, { der: bytes, label, headers: "" }, source);
    return true;
  }
  const certificate = readCertificate(bytes, source);
  if (certificate) parts.certificates.push(certificate);
  return certificate !== null || readRequest(parts, bytes, source);
}

function containerName([first, second]: readonly DerElement[]): string | null {
  if (first?.tag === derTag.oid && oidText(first.content) === signedData) return "PKCS#7";
  const [inner] = (second?.tag === derTag.sequence && derChildren(second)) || [];
  const isPfx = first?.tag === derTag.integer && first.content[0] === 3 && inner?.tag === derTag.oid;
  return isPfx && [data, signedData].includes(oidText(inner.content)) ? "PKCS#12" : null;
}

/** The label this key would have in PEM, told by its first elements. */
function keyLabel([first, second, third]: readonly DerElement[]): string | null {
  const version = first?.tag === derTag.integer ? first.content[0] : null;
  if (version === 0 && second?.tag === derTag.sequence && third?.tag === derTag.octetString)
    return "PRIVATE KEY";
  if (version === 0 && second?.tag === derTag.integer) return "RSA PRIVATE KEY";
  if (version === 1 && second?.tag === derTag.octetString) return "EC PRIVATE KEY";
  const isEncrypted =
    first?.tag === derTag.sequence && second?.tag === derTag.octetString && third === undefined;
  return isEncrypted ? "ENCRYPTED PRIVATE KEY" : null;
}
