import type { MaterialSource } from "@sealpost/domain";
import { readDer } from "./formats/der-file.ts";
import { isEmail, readEmail } from "./formats/email.ts";
import { readText } from "./formats/pem.ts";
import { decodeText } from "./formats/text.ts";
import { isZip, readZip } from "./formats/zip.ts";
import { type Limit, limits } from "./limits.ts";
import { noteLimit, type Parts } from "./parts.ts";

/** How many containers of each kind lie around what is read. */
export interface Nesting {
  readonly zips: number;
  readonly mails: number;
}

/**
 * Reads one thing, whatever it is: told by its content, never by its name. Containers come back here with what they
 * hold. Adds to `parts`; resolves to whether anything was recognised in it.
 */
export async function readBytes(
  parts: Parts,
  bytes: Buffer,
  source: MaterialSource,
  nesting: Nesting = { zips: 0, mails: 0 },
): Promise<boolean> {
  if (bytes.length === 0) return false;
  parts.spent.sumBytes += bytes.length;
  if (bytes.length > limits.fileBytes) return limited(parts, "fileBytes", source);
  if (parts.spent.sumBytes > limits.sumBytes) return limited(parts, "sumBytes", source);
  if (isZip(bytes)) {
    const inside = { ...nesting, zips: nesting.zips + 1 };
    if (inside.zips > limits.zipDepth) return limited(parts, "zipDepth", source);
    return await readZip(parts, bytes, source, (inner, from) => readBytes(parts, inner, from, inside));
  }
  if (readDer(parts, bytes, source)) return true;
  if (isEmail(bytes)) {
    const inside = { ...nesting, mails: nesting.mails + 1 };
    if (inside.mails > limits.mailDepth) return limited(parts, "mailDepth", source);
    if (await readEmail(parts, bytes, source, (inner, from) => readBytes(parts, inner, from, inside)))
      return true;
  }
  const text = decodeText(bytes);
  if (text === null) return false;
  if (bytes.length > limits.textBytes) return limited(parts, "textBytes", source);
  return readText(parts, text, source);
}

function limited(parts: Parts, limit: Limit, source: MaterialSource): boolean {
  noteLimit(parts, limit, source);
  return true;
}
