import type { MaterialSource } from "@sealpost/domain";
import { type DerElement, derTag, sequenceOf, smallInteger } from "../der.ts";
import { readName } from "../distinguished-name.ts";
import type { Parts } from "../parts.ts";
import { sha256 } from "../public-key.ts";

/** Reads a certificate request (RFC 2986) as far as its key: that tells which order a certificate belongs to. */
export function readRequest(parts: Parts, outer: DerElement, source: MaterialSource): boolean {
  const [version, subject, spki, attributes] = sequenceOf(sequenceOf(outer)[0]);
  const isRequest =
    smallInteger(version) === 0 &&
    subject?.tag === derTag.sequence &&
    spki?.tag === derTag.sequence &&
    (attributes === undefined || attributes.tag === 0xa0);
  if (isRequest)
    parts.requests.push({ subject: readName(subject).text, spkiSha256: sha256(spki.whole), source });
  return isRequest;
}
