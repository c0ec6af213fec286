import { knownLabel } from "./pem-labels.ts";

/** One armoured block (RFC 7468) as it stands in a repaired text. */
export interface ArmouredBlock {
  readonly label: string;
  readonly hasBegin: boolean;
  readonly hasEnd: boolean;
  /** What stands between the two, or as far as the neighbours where one of them is missing. */
  readonly inner: string;
  /** The same with its armour. */
  readonly whole: string;
  /** The line of the text, from 1, in which `inner` begins. */
  readonly line: number;
}

interface Marker {
  readonly kind: "BEGIN" | "END";
  readonly label: string;
  readonly start: number;
  readonly end: number;
}

/** Hyphens, and all that word processors put in their place. */
const dash = "[-\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d]";
const dashes = `(?:${dash} ?){1,14}`;
const dashesBefore = new RegExp(`${dashes}$`);
const lineStart = /(?:^|\n)[\s>|»#*"'\u0060]*$/;
const labelThenDashes = new RegExp(
  `^[\\s>|]{1,8}([A-Z0-9][A-Z0-9 .#\\s>|]{0,48}?)[\\s>|]{0,4}(${dashes})`,
  "i",
);
const labelThenLineEnd = /^ {1,8}([A-Z0-9][A-Z0-9 .#]{0,48}?) {0,8}(?=\n|$)/i;
const before = 48;
const after = 96;
const strictMarker = /^-----(?:BEGIN|END) ([A-Z0-9 ]{1,40})-{5,}$/;

/** Finds blocks, `most` of them and one. Each reaches at most to where the next begins: the text is walked once. */
export function findBlocks(text: string, most: number): readonly ArmouredBlock[] {
  const markers = findMarkers(text, 2 * most + 2);
  const lineOf = lineCounter(text);
  const blocks: ArmouredBlock[] = [];
  for (let at = 0; at < markers.length; at += 1) {
    const marker = markers[at];
    if (marker === undefined) continue;
    const next = markers[at + 1];
    const isBegin = marker.kind === "BEGIN";
    const hasEnd = !isBegin || next?.kind === "END";
    const from = isBegin ? marker.end : (markers[at - 1]?.end ?? 0);
    const to = isBegin ? (next?.start ?? text.length) : marker.start;
    const whole = text.slice(isBegin ? marker.start : from, isBegin && hasEnd ? next?.end : to);
    const inner = text.slice(from, to);
    blocks.push({ label: marker.label, hasBegin: isBegin, hasEnd, inner, whole, line: lineOf(from) });
    if (isBegin && hasEnd) at += 1;
  }
  return blocks.slice(0, most + 1);
}

function findMarkers(text: string, most: number): Marker[] {
  const found: Marker[] = [];
  for (const match of text.matchAll(/\b(?:BEGIN|END)\b/gi)) {
    const marker = markerAt(text, match.index, match[0]);
    if (marker) found.push(marker);
    if (found.length >= most) break;
  }
  return found;
}

/** The armour around a word at a place; null where it is only a word. */
function markerAt(text: string, at: number, word: string): Marker | null {
  const kind = word.toUpperCase() === "BEGIN" ? "BEGIN" : "END";
  const wordEnd = at + word.length;
  const leading = text.slice(Math.max(0, at - before), at);
  const trailing = text.slice(wordEnd, wordEnd + after);
  const dashed = dashesBefore.exec(leading)?.[0] ?? "";
  if (!isLongEnough(dashed) && !lineStart.test(leading)) return null;
  const start = at - dashed.length;
  const [whole, written = "", closing = ""] = labelThenDashes.exec(trailing) ?? [];
  if (whole !== undefined && isLongEnough(closing)) {
    const end = wordEnd + whole.length;
    const label = knownLabel(written) ?? strictLabel(text.slice(at - 5, end).slice(0, 60));
    if (label) return { kind, label, start, end };
  }
  const [line, alone = ""] = labelThenLineEnd.exec(trailing) ?? [];
  const isMeant =
    line !== undefined && (dashed !== "" || `${word}${line}` === `${word}${line}`.toUpperCase());
  const label = isMeant ? knownLabel(alone) : null;
  return label === null ? null : { kind, label, start, end: wordEnd + (line ?? "").length };
}

/** Two hyphens at least; a longer dash stands for two. */
function isLongEnough(dashed: string): boolean {
  return dashed.length > 0 && (/[^- ]/.test(dashed) || dashed.replaceAll(" ", "").length > 1);
}

/** A label nobody uses counts only in flawless armour: people write `--- BEGIN FORWARDED MESSAGE ---`. */
function strictLabel(armour: string): string | null {
  return strictMarker.exec(armour.trimEnd())?.[1] ?? null;
}

/** Counts lines for offsets that only grow. */
function lineCounter(text: string): (offset: number) => number {
  let [counted, line] = [0, 1];
  return (offset) => {
    for (let at = text.indexOf("\n", counted); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
      line += 1;
      counted = at + 1;
    }
    return line;
  };
}
