import { limits } from "./limits.ts";

/** One DER element (X.690). */
export interface DerElement {
  readonly tag: number;
  /** Tag, length and content. */
  readonly whole: Buffer;
  readonly content: Buffer;
}

export const derTag = { integer: 0x02, octetString: 0x04, oid: 0x06, sequence: 0x30, set: 0x31 } as const;

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

/** The elements inside; null when they do not fill the content exactly. */
export function derChildren(parent: DerElement): DerElement[] | null {
  const found: DerElement[] = [];
  for (let at = 0; at < parent.content.length; ) {
    const element = derAt(parent.content, at);
    if (element === null) return null;
    found.push(element);
    at += element.whole.length;
  }
  return found;
}

/** Every element below, depth first; stops at the depth limit. */
export function* derWalk(element: DerElement, depth = 0): Generator<DerElement> {
  yield element;
  const isConstructed = (element.tag & 0x20) !== 0;
  if (!isConstructed || depth >= limits.derDepth) return;
  for (const child of derChildren(element) ?? []) yield* derWalk(child, depth + 1);
}

/** An object identifier in dotted form (X.690 section 8.19). */
export function oidText(content: Buffer): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (arcs.length === 0)
      arcs.push(Math.min(2, Math.floor(arc / 40)), arc - 40 * Math.min(2, Math.floor(arc / 40)));
    else arcs.push(arc);
    arc = 0;
  }
  return arcs.join(".");
}
