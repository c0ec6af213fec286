import { isUtf8 } from "node:buffer";

/** A text, and whether its bytes were not those of a plain text. */
export interface DecodedText {
  readonly text: string;
  readonly isRepaired: boolean;
}

const sampleLength = 4096;

/** Decodes bytes as text: UTF-8, UTF-16 by its mark or its zeros, Windows-1252 where it is neither. Null for binary data. */
export function decodeText(bytes: Buffer): DecodedText | null {
  const utf16 = utf16Of(bytes);
  if (utf16 !== null) return { text: utf16.replace(/^\uFEFF/, ""), isRepaired: true };
  const filled = withoutPadding(bytes);
  if (filled.includes(0)) return null;
  return { text: decoded(filled), isRepaired: filled.length < bytes.length };
}

/** Made once: a text may call for them a hundred thousand times. */
const [utf8, windows1252] = [new TextDecoder("utf-8"), new TextDecoder("windows-1252")];

/** UTF-8, or Windows-1252 for what is no UTF-8. */
export function decoded(bytes: Uint8Array): string {
  return (isUtf8(bytes) ? utf8 : windows1252).decode(bytes);
}

/** Text written by programs that count in units of two bytes: every other byte of ASCII is zero then. */
function utf16Of(bytes: Buffer): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return pairs(bytes).toString("utf16le");
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return pairs(bytes).swap16().toString("utf16le");
  const sample = bytes.subarray(0, sampleLength);
  const zeros = [0, 0];
  for (const [at, byte] of sample.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const many = sample.length * 0.3;
  if (odd > many && even * 20 < odd) return pairs(bytes).toString("utf16le");
  if (even > many && odd * 20 < even) return pairs(bytes).swap16().toString("utf16le");
  return null;
}

/**
 * A copy of the whole pairs of bytes. Never decoded in place: Node 24 writes beyond its own memory, and the process dies,
 * when bytes of an odd number begin at an odd place.
 */
function pairs(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
}

/** Without the zeros and the Ctrl-Z that some programs write behind a text. */
function withoutPadding(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0 || bytes[end - 1] === 0x1a)) end -= 1;
  return bytes.subarray(0, end);
}
