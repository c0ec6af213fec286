/** A text, and whether it had to be repaired to be read. */
export interface DecodedText {
  readonly text: string;
  readonly isRepaired: boolean;
}

/** Decodes bytes as text: UTF-8 with or without mark, UTF-16 by its mark or its zeros. Null for binary data. */
export function decodeText(bytes: Buffer): DecodedText | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return { text: bytes.subarray(2).toString("utf16le"), isRepaired: true };
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return { text: swapped(bytes.subarray(2)).toString("utf16le"), isRepaired: true };
  if (bytes[0] !== 0 && bytes[1] === 0 && bytes[3] === 0)
    return { text: bytes.toString("utf16le"), isRepaired: true };
  if (bytes[0] === 0 && bytes[1] !== 0 && bytes[2] === 0)
    return { text: swapped(bytes).toString("utf16le"), isRepaired: true };
  if (bytes.includes(0)) return null;
  return { text: bytes.toString("utf8").replace(/^\uFEFF/, ""), isRepaired: false };
}

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
}

/**
 * The text of an HTML part, as far as certificates in it need: tags gone, breaks as line ends, a few entities. A tag
 * never reaches over the next `<`, so that a page of nothing but `<` is walked once.
 */
export function textOfHtml(html: string): string {
  return html
    .replace(/<(?:br|p|div|tr|li|pre)\b[^<>]*>/gi, "\n")
    .replace(/<[^<>]*>/g, "")
    .replace(/&nbsp;/gi, " ")
    .replace(/&lt;/gi, "<")
    .replace(/&gt;/gi, ">")
    .replace(/&quot;/gi, '"')
    .replace(/&#0{0,4}43;|&plus;/gi, "+")
    .replace(/&#0{0,4}61;|&equals;/gi, "=")
    .replace(/&#0{0,4}47;|&sol;/gi, "/")
    .replace(/&#0{0,4}45;/gi, "-")
    .replace(/&amp;/gi, "&");
}
