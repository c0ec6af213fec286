import type { MaterialSource } from "@sealpost/domain";
import { derAt } from "../der.ts";
import { mayStill, type Parts } from "../parts.ts";
import { readDer } from "./der-file.ts";
import { noteUnread } from "./pem.ts";

const beginning = Buffer.from("-----BEGIN ");
const block =
  /-----BEGIN (CERTIFICATE|PRIVATE KEY)-----\r?\n((?:[A-Za-z0-9+/]{64}\r?\n)*[A-Za-z0-9+/]{1,64}={0,2}\r?\n)-----END \1-----(?:\r?\n|$)/y;

interface ExactBlock {
  readonly label: string;
  readonly der: Buffer;
}

/**
 * The blocks of a text that holds nothing else, in the strict form of RFC 7468 section 3: most files are such, and need
 * none of the search for what mails and editors do to them. Null for everything else.
 */
export function exactBlocks(bytes: Buffer): readonly ExactBlock[] | null {
  if (!bytes.subarray(0, beginning.length).equals(beginning)) return null;
  const text = bytes.toString("latin1");
  const blocks: ExactBlock[] = [];
  for (block.lastIndex = 0; block.lastIndex < text.length; ) {
    const [, label = "", base64 = ""] = block.exec(text) ?? [];
    const der = Buffer.from(base64, "base64");
    if (derAt(der)?.whole.length !== der.length) return null;
    blocks.push({ label, der });
  }
  return blocks;
}

export function readExact(parts: Parts, blocks: readonly ExactBlock[], source: MaterialSource): void {
  for (const { label, der } of blocks) {
    if (!mayStill(parts, "blocks", 1, source)) return;
    if (!readDer(parts, der, source)) noteUnread(parts, label, 1, source);
  }
}
