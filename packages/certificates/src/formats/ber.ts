import { asn1Limit } from "../der.ts";

const octetString = 0x04;
const constructed = 0x20;

/** One element, measured before it is written: how deep it lies must not make it be copied more than once. */
interface Element {
  readonly tag: number;
  /** What stands in it: bytes as they are, or further elements. */
  readonly parts: ReadonlyArray<Buffer | Element>;
  /** Length of the content as DER, in bytes. */
  readonly length: number;
}

interface Read {
  readonly element: Element;
  /** Where the next element begins. */
  readonly next: number;
}

/**
 * The first element of BER as DER (X.690 section 10): definite and shortest lengths, octet strings in one piece. Some
 * tools still write PKCS#7 and PKCS#12 so. Null when the bytes are neither, or beyond the limits of ASN.1.
 */
export function derOfBer(bytes: Buffer): Buffer | null {
  if (asn1Limit(bytes) !== null) return null;
  const read = elementAt(bytes, 0, bytes.length);
  if (read === null) return null;
  const der = Buffer.alloc(wholeLength(read.element));
  write(read.element, der, 0);
  return der;
}

function elementAt(bytes: Buffer, at: number, end: number): Read | null {
  const head = headAt(bytes, at, end);
  if (head === null) return null;
  const { tag, start, length } = head;
  if (length !== null && !(tag & constructed)) {
    const content = bytes.subarray(start, start + length);
    return { element: { tag, parts: [content], length }, next: start + length };
  }
  const children: Element[] = [];
  const stop = length === null ? end : start + length;
  let next = start;
  while (next < stop) {
    if (length === null && bytes[next] === 0 && bytes[next + 1] === 0) break;
    const child = elementAt(bytes, next, stop);
    if (child === null) return null;
    children.push(child.element);
    next = child.next;
  }
  if (length === null && (next + 2 > end || bytes[next] !== 0)) return null;
  const element =
    tag === (octetString | constructed)
      ? elementOf(
          octetString,
          children.flatMap(({ parts }) => parts),
        )
      : elementOf(tag, children);
  return { element, next: length === null ? next + 2 : next };
}

function elementOf(tag: number, parts: Element["parts"]): Element {
  const length = parts.reduce((sum, part) => sum + (isBytes(part) ? part.length : wholeLength(part)), 0);
  return { tag, parts, length };
}

function isBytes(part: Buffer | Element): part is Buffer {
  return Buffer.isBuffer(part);
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

/** How many bytes the length itself takes beyond its first. */
function lengthBytes(length: number): number {
  return length < 0x80 ? 0 : Math.ceil(length.toString(16).length / 2);
}

function wholeLength({ length }: Element): number {
  return 2 + lengthBytes(length) + length;
}

/** Returns where the element ends. */
function write({ tag, parts, length }: Element, to: Buffer, at: number): number {
  const extra = lengthBytes(length);
  to[at] = tag;
  to[at + 1] = extra === 0 ? length : 0x80 | extra;
  if (extra > 0) to.writeUIntBE(length, at + 2, extra);
  let next = at + 2 + extra;
  for (const part of parts) {
    if (isBytes(part)) next += part.copy(to, next);
    else next = write(part, to, next);
  }
  return next;
}
