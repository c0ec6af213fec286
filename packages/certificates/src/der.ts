import { limits } from "./limits.ts";

/** One DER element (X.690). */
export interface DerElement {
  readonly tag: number;
  /** Tag, length and content. */
  readonly whole: Buffer;
  readonly content: Buffer;
}

export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  utf8String: 0x0c,
  sequence: 0x30,
} as const;

/** Reads one element at an offset; null for anything that is not DER: indefinite or padded lengths, cut-off content. */
export function derAt(bytes: Buffer, at = 0): DerElement | null {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f || first === 0x80) return null;
  const extra = first < 0x80 ? 0 : first & 0x7f;
  if (extra > 4 || at + 2 + extra > bytes.length) return null;
  const length = extra === 0 ? first : bytes.readUIntBE(at + 2, extra);
  const isPadded = extra > 0 && (bytes[at + 2] === 0 || length < 0x80);
  const start = at + 2 + extra;
  if (isPadded || start + length > bytes.length) return null;
  return { tag, whole: bytes.subarray(at, start + length), content: bytes.subarray(start, start + length) };
}

/**
 * The elements inside; none when they do not fill the content exactly, or are more than anybody needs: each takes a
 * hundred times the room of the shortest there is.
 */
export function derChildren(parent: DerElement | null | undefined): readonly DerElement[] {
  const found: DerElement[] = [];
  for (let at = 0; parent && at < parent.content.length; ) {
    const element = derAt(parent.content, at);
    if (element === null || found.length >= limits.asn1Elements) return [];
    found.push(element);
    at += element.whole.length;
  }
  return found;
}

/** The elements of a SEQUENCE; none when it is something else. */
export function sequenceOf(element: DerElement | null | undefined): readonly DerElement[] {
  return element?.tag === derTag.sequence ? derChildren(element) : [];
}

/** An object identifier in dotted form (X.690 section 8.19); empty when the element is none, or a number in it is padded or cut off. */
export function oidOf(element: DerElement | undefined): string {
  if (element?.tag !== derTag.oid || element.content.length > 64) return "";
  let dotted = "";
  let begun = 0;
  for (const [at, byte] of element.content.entries()) {
    if (begun === at && byte === 0x80) return "";
    if (byte >= 0x80) continue;
    const arc = arcOf(element.content.subarray(begun, at + 1));
    dotted += begun === 0 ? firstArcs(arc) : `.${arc}`;
    begun = at + 1;
  }
  return begun < element.content.length ? "" : dotted;
}

/** Seven bits in each byte: exact as a number up to seven bytes, and slower beyond, where nobody has registered any. */
function arcOf(bytes: Buffer): number | bigint {
  if (bytes.length > 7) return bytes.reduce((sum, byte) => sum * 128n + BigInt(byte & 0x7f), 0n);
  return bytes.reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
}

/** The first two arcs stand in one number; the first of them is 0, 1 or 2. */
function firstArcs(both: number | bigint): string {
  if (typeof both === "bigint") return `2.${both - 80n}`;
  const first = Math.min(2, Math.floor(both / 40));
  return `${first}.${both - 40 * first}`;
}

/** A small non-negative INTEGER; infinity for anything larger, negative, padded or absent, so that limits hold. */
export function smallInteger(element: DerElement | undefined): number {
  if (element?.tag !== derTag.integer) return Number.POSITIVE_INFINITY;
  const { content } = element;
  const [first = 0x80, second = 0x80] = content;
  const isSmall = content.length <= 6 && first < 0x80 && (first > 0 || second >= 0x80);
  return isSmall ? content.readUIntBE(0, content.length) : Number.POSITIVE_INFINITY;
}

/** A BOOLEAN (X.690 section 11.1: one byte, all its bits alike); null for anything else. */
export function booleanOf(element: DerElement | undefined): boolean | null {
  if (element?.tag !== derTag.boolean || element.content.length !== 1) return null;
  const [value] = element.content;
  return value === 0xff ? true : value === 0 ? false : null;
}

/** A time as certificates have it (RFC 5280 section 4.1.2.5): to the second, in UTC, without fractions. */
export function isTime(element: DerElement | undefined): boolean {
  const digits = { [derTag.utcTime]: /^\d{12}Z$/, [derTag.generalizedTime]: /^\d{14}Z$/ };
  const form =
    element?.tag === derTag.utcTime || element?.tag === derTag.generalizedTime ? digits[element.tag] : null;
  return form?.test(element?.content.toString("latin1", 0, 16) ?? "") === true;
}

/** Which limit nested data goes beyond, if any; what it is in itself others tell. BER is walked as DER is. */
export function asn1Limit(bytes: Buffer): "asn1Depth" | "asn1Elements" | null {
  /** Where what is open ends; infinity where an end mark says so. */
  const ends: number[] = [];
  let at = 0;
  for (let count = 0; at < bytes.length; count += 1) {
    if (count > limits.asn1Elements) return "asn1Elements";
    const [tag = 0, first = 0] = [bytes[at], bytes[at + 1]];
    const extra = first > 0x80 ? first & 0x7f : 0;
    if (extra > 6 || at + 2 + extra > bytes.length) return null;
    const length = extra === 0 ? first & 0x7f : bytes.readUIntBE(at + 2, extra);
    at += 2 + extra;
    if (tag === 0 && first === 0 && ends.at(-1) === Number.POSITIVE_INFINITY) ends.pop();
    else if (tag & 0x20) ends.push(first === 0x80 ? Number.POSITIVE_INFINITY : at + length);
    else at += length;
    if (ends.length > limits.asn1Depth) return "asn1Depth";
    while (at >= (ends.at(-1) ?? Number.POSITIVE_INFINITY)) ends.pop();
    if (ends.length === 0) return null;
  }
  return null;
}
