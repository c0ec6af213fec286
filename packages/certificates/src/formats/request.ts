import type { MaterialSource } from "@sealpost/domain";
import { type DerElement, derTag, sequenceOf, smallInteger } from "../der.ts";
import { readName } from "../distinguished-name.ts";
import { isShort, mayStill, type Parts } from "../parts.ts";
import { sha256 } from "../public-key.ts";

function fieldsOf(outer: DerElement): readonly DerElement[] {
  return sequenceOf(sequenceOf(outer)[0]);
}

/** Whether something signed has the shape of a certificate request (RFC 2986), as no certificate has. */
export function isRequest(outer: DerElement): boolean {
  const [version, subject, spki, attributes] = fieldsOf(outer);
  return (
    smallInteger(version) === 0 &&
    subject?.tag === derTag.sequence &&
    spki?.tag === derTag.sequence &&
    (attributes === undefined || attributes.tag === 0xa0)
  );
}

/** Reads a request as far as its key: that tells which order a certificate belongs to. False when it is none. */
export function readRequest(parts: Parts, outer: DerElement, source: MaterialSource): boolean {
  const [, subject, spki] = fieldsOf(outer);
  if (spki === undefined) return false;
  if (!isShort(parts, "certificateBytes", outer.whole, source)) return true;
  if (!mayStill(parts, "certificates", 1, source)) return true;
  parts.requests.push({ subject: readName(subject).text, spkiSha256: sha256(spki.whole), source });
  return true;
}
