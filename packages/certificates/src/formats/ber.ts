import { asn1Limit } from "../der.ts";

const octetString = 0x04;
const constructed = 0x20;

interface Converted {
  readonly der: Buffer;
  /** Where the next element begins. */
  readonly next: number;
}

/**
 * The first element of BER as DER (X.690 section 10): definite and shortest lengths, octet strings in one piece. Some
 * tools still write PKCS#7 and PKCS#12 so. Null when the bytes are neither, or beyond the limits of ASN.1.
 */
export function derOfBer(bytes: Buffer): Buffer | null {
  return asn1Limit(bytes) === null ? (convert(bytes, 0, bytes.length)?.der ?? null) : null;
}

function convert(bytes: Buffer, at: number, end: number): Converted | null {
  const head = headAt(bytes, at, end);
  if (head === null) return null;
  const { tag, start, length } = head;
  if (length !== null && !(tag & constructed))
    return { der: encode(tag, [bytes.subarray(start, start + length)]), next: start + length };
  const children: Buffer[] = [];
  const stop = length === null ? end : start + length;
  let next = start;
  while (next < stop) {
    if (length === null && bytes[next] === 0 && bytes[next + 1] === 0) break;
    const child = convert(bytes, next, stop);
    if (child === null) return null;
    children.push(child.der);
    next = child.next;
  }
  if (length === null && (next + 2 > end || bytes[next] !== 0)) return null;
  const isPieces = tag === (octetString | constructed);
  const content = isPieces ? children.map(contentOf) : children;
  return { der: encode(isPieces ? octetString : tag, content), next: length === null ? next + 2 : next };
}

interface Head {
  readonly tag: number;
  readonly start: number;
  /** Null: indefinite. */
  readonly length: number | null;
}

function headAt(bytes: Buffer, at: number, end: number): Head | null {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return null;
  if (first === 0x80) return tag & constructed ? { tag, start: at + 2, length: null } : null;
  const extra = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + extra;
  if (extra > 6 || start > end) return null;
  const length = extra === 0 ? first : bytes.readUIntBE(at + 2, extra);
  return start + length > end ? null : { tag, start, length };
}

function encode(tag: number, contents: readonly Buffer[]): Buffer {
  const length = contents.reduce((sum, content) => sum + content.length, 0);
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), ...contents]);
  const hex = length.toString(16);
  const size = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length]), size, ...contents]);
}

function contentOf(der: Buffer): Buffer {
  return der.subarray(headAt(der, 0, der.length)?.start ?? der.length);
}
