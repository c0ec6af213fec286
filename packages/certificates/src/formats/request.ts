import type { MaterialSource } from "@sealpost/domain";
import { sha256 } from "../certificate-facts.ts";
import { derAt, derChildren, derTag } from "../der.ts";
import type { Parts } from "../parts.ts";

/** Reads a certificate request (RFC 2986) as far as its key: that tells which order a certificate belongs to. */
export function readRequest(parts: Parts, der: Buffer, source: MaterialSource): boolean {
  const outer = derAt(der);
  if (outer?.tag !== derTag.sequence) return false;
  const info = derChildren(outer)?.[0];
  const [version, subject, spki] = (info?.tag === derTag.sequence && derChildren(info)) || [];
  const isRequest =
    version?.tag === derTag.integer && subject?.tag === derTag.sequence && spki?.tag === derTag.sequence;
  if (!isRequest) return false;
  parts.requests.push({ spkiSha256: sha256(spki.whole), source });
  return true;
}
