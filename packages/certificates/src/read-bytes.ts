import { finding, type MaterialSource } from "@sealpost/domain";
import { readDer } from "./formats/der-file.ts";
import { isEmail, readEmail } from "./formats/email.ts";
import { readText } from "./formats/pem.ts";
import { decodeText } from "./formats/text.ts";
import { isZip, readZip } from "./formats/zip.ts";
import { limits } from "./limits.ts";
import type { Parts } from "./parts.ts";

/**
 * Reads one thing, whatever it is: told by its content, never by its name. Containers come back here with what they
 * hold. Adds to `parts`; resolves to whether anything was recognised in it.
 */
export async function readBytes(
  parts: Parts,
  bytes: Buffer,
  source: MaterialSource,
  depth: number,
): Promise<boolean> {
  if (bytes.length === 0) return false;
  parts.bytes += bytes.length;
  if (bytes.length > limits.fileBytes || parts.bytes > limits.sumBytes) {
    return limited(parts, "size", limits.fileBytes, source);
  }
  if (depth > limits.depth) return limited(parts, "depth", limits.depth, source);
  if (isZip(bytes))
    return await readZip(parts, bytes, source, (inner, from) => readBytes(parts, inner, from, depth + 1));
  if (bytes[0] === 0x30 && readDer(parts, bytes, source)) return true;
  if (isEmail(bytes))
    return await readEmail(parts, bytes, source, (inner, from) => readBytes(parts, inner, from, depth + 1));
  const text = decodeText(bytes);
  if (text === null) return false;
  if (bytes.length > limits.textBytes) return limited(parts, "text", limits.textBytes, source);
  return readText(parts, text, source);
}

function limited(parts: Parts, limit: string, value: number, source: MaterialSource): boolean {
  parts.findings.push(finding("resource-limit", { limit, value }, source));
  return true;
}
