import { limits } from "../limits.ts";
import { textOfHtml } from "./html.ts";
import type { MimeLeaf } from "./mime.ts";
import { decoded } from "./text.ts";

/** A mail's own words: all of its plain texts, and all of its pages as text. */
export function bodyTexts(leaves: readonly MimeLeaf[]): { readonly plain: string; readonly page: string } {
  const joined = (type: string) =>
    leaves
      .filter((leaf) => leaf.type === type)
      .map(textOf)
      .join("\n");
  return { plain: joined("text/plain"), page: pageText(joined("text/html")) };
}

/** A page without its pictures; one that is still too long to be read is given as it is, and refused for that. */
function pageText(html: string): string {
  const page = html.replace(/\bdata:[a-z]{1,20}\/[a-z0-9.+-]{1,40};base64,[A-Za-z0-9+/=\s]*/gi, "");
  return page.length > 2 * limits.textBytes ? page : textOfHtml(page);
}

function textOf({ content, charset }: MimeLeaf): string {
  return inOrder(inCharset(content, charset)).replace(/\r\n?/g, "\n");
}

/** In the charset the mail names, or in one of those that everybody writes. */
function inCharset(content: Buffer, charset: string): string {
  if (/^(?:x-)?(?:unicode-1-1-)?utf-7$/i.test(charset)) return utf7Decoded(content);
  try {
    return new TextDecoder(charset === "" ? "utf-8" : charset, { fatal: true }).decode(content);
  } catch {
    return decoded(content);
  }
}

const [plus, minus] = [0x2b, 0x2d];
/** What each byte is worth as a letter of base64; -1: it is none. */
const worth = Int8Array.from({ length: 256 }, (_, byte) =>
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".indexOf(String.fromCharCode(byte)),
);

/** RFC 2152: what is not ASCII stands as UTF-16 in base64 between `+` and `-`, and a plus sign as `+-`. */
function utf7Decoded(content: Buffer): string {
  const units = Buffer.alloc(2 * content.length);
  const worthAt = (at: number) => worth[content[at] ?? 0] ?? -1;
  let length = 0;
  const write = (unit: number) => {
    length = units.writeUInt16LE(unit, length);
  };
  for (let at = 0; at < content.length; at += 1) {
    const byte = content[at] ?? 0;
    if (byte !== plus || worthAt(at + 1) < 0) {
      write(byte);
      if (byte === plus && content[at + 1] === minus) at += 1;
      continue;
    }
    let [bits, count] = [0, 0];
    for (; worthAt(at + 1) >= 0; at += 1) {
      bits = ((bits << 6) | worthAt(at + 1)) & 0x3fffff;
      count += 6;
      if (count >= 16) count -= 16;
      else continue;
      write((bits >> count) & 0xffff);
    }
    if (content[at + 1] === minus) at += 1;
  }
  return units.toString("utf16le", 0, length);
}

/** UTF-16 whose bytes stood the other way round than its name says (RFC 2781 section 4.3). */
function inOrder(text: string): string {
  if (!text.includes("\u2d00\u2d00\u2d00")) return text;
  return Buffer.from(text, "utf16le").swap16().toString("utf16le");
}
