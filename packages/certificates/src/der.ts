/** One DER element (X.690). */
export interface DerElement {
  readonly tag: number;
  /** Tag, length and content. */
  readonly whole: Buffer;
  readonly content: Buffer;
}

export const derTag = {
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

/** The elements inside; none when they do not fill the content exactly. */
export function derChildren(parent: DerElement | null | undefined): readonly DerElement[] {
  const found: DerElement[] = [];
  for (let at = 0; parent && at < parent.content.length; ) {
    const element = derAt(parent.content, at);
    if (element === null) return [];
    found.push(element);
    at += element.whole.length;
  }
  return found;
}

/** The elements of a SEQUENCE; none when it is something else. */
export function sequenceOf(element: DerElement | null | undefined): readonly DerElement[] {
  return element?.tag === derTag.sequence ? derChildren(element) : [];
}

/** An object identifier in dotted form (X.690 section 8.19); empty when the element is none. */
export function oidOf(element: DerElement | undefined): string {
  if (element?.tag !== derTag.oid || element.content.length > 64) return "";
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of element.content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    const first = Math.min(2, Math.floor(arc / 40));
    arcs.push(...(arcs.length === 0 ? [first, arc - 40 * first] : [arc]));
    arc = 0;
  }
  return arcs.join(".");
}

/** A small non-negative INTEGER; infinity for anything larger, negative or absent, so that limits hold. */
export function smallInteger(element: DerElement | undefined): number {
  if (element?.tag !== derTag.integer) return Number.POSITIVE_INFINITY;
  const { content } = element;
  const isSmall = content.length > 0 && content.length <= 6 && (content[0] ?? 0x80) < 0x80;
  return isSmall ? content.readUIntBE(0, content.length) : Number.POSITIVE_INFINITY;
}
