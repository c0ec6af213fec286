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
  if (/^(?:x-)?(?:unicode-1-1-)?utf-7$/i.test(charset)) return utf7Decoded(content.toString("latin1"));
  try {
    return new TextDecoder(charset === "" ? "utf-8" : charset, { fatal: true }).decode(content);
  } catch {
    return decoded(content);
  }
}

/** RFC 2152: what is not ASCII stands as UTF-16 in base64 between `+` and `-`, and a plus sign as `+-`. */
function utf7Decoded(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]{0,20000})-?/g, (_, letters) => {
    if (letters === "") return "+";
    const units = Buffer.from(String(letters), "base64");
    return units
      .subarray(0, units.length - (units.length % 2))
      .swap16()
      .toString("utf16le");
  });
}

/** UTF-16 whose bytes stood the other way round than its name says (RFC 2781 section 4.3). */
function inOrder(text: string): string {
  if (!text.includes("\u2d00\u2d00\u2d00")) return text;
  return Buffer.from(text, "utf16le").swap16().toString("utf16le");
}
