import { derAt } from "../der.ts";
import type { ArmouredBlock } from "./armour.ts";

/** What a block holds, freed of what was put between its letters. */
export interface ArmourBody {
  /** Null where something else than base64 stands in it, or letters are missing. */
  readonly base64: string | null;
  /** `Proc-Type` and `DEK-Info` of the old encryption (RFC 1421 section 4.6), one a line; empty without. */
  readonly headers: string;
  /** The line of the text where it goes wrong, or where it ends. */
  readonly line: number;
}

const quoteMarks = /^\s*(?:[A-Za-z]{0,4}[>|»]+\s*)*[#*]?\s*/;
/** String literals of programs, one a line: `"MIIB..." +`. */
const stringEnd = /["'`] ?[+,;.)]*$/;
const betweenLetters = /[\s>|»"'`,\\]+/g;
const procType = /Proc-Type:\s{0,4}4\s{0,2},\s{0,2}ENCRYPTED/i;
const dekInfo = /DEK-Info:\s{0,4}([A-Z0-9-]{1,40})\s{0,2},\s{0,2}([0-9A-F]{8,64})/i;
const otherHeader = /^[A-Za-z][A-Za-z-]{1,40}:(?: |$)/;

/** Lines without quote marks, string marks and blanks at their ends. */
export function cleanLines(inner: string): readonly string[] {
  return inner.split("\n").map((line) =>
    line === ""
      ? ""
      : line
          .replace(quoteMarks, "")
          .trimEnd()
          .replace(stringEnd, "")
          .replace(/^["'`]/, "")
          .trim(),
  );
}

export function bodyOf({ inner, line }: ArmouredBlock): ArmourBody {
  const head = inner.slice(0, 1000);
  const [, cipher, vector] = dekInfo.exec(head) ?? [];
  const isEncrypted = procType.test(head);
  const headers = isEncrypted && cipher ? `Proc-Type: 4,ENCRYPTED\nDEK-Info: ${cipher},${vector}` : "";
  const rest = isEncrypted ? blanked(blanked(inner, procType), dekInfo) : inner;
  const lines = cleanLines(rest).map((text) =>
    otherHeader.test(text) ? "" : text.replace(betweenLetters, ""),
  );
  const trimmed = withoutDashes(lines);
  const wrong = trimmed.findIndex((text) => !/^[A-Za-z0-9+/]*={0,2}$/.test(text));
  const last = trimmed.findLastIndex((text) => text !== "");
  const base64 = trimmed.join("");
  const isWhole = wrong < 0 && isBase64(base64);
  return { base64: isWhole ? base64 : null, headers, line: line + Math.max(0, wrong < 0 ? last : wrong) };
}

/** Letters in fours, the last of them perhaps without its padding: one alone means that others got lost. */
function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.replaceAll("=", "").length % 4 !== 1;
}

/** Takes a header out and leaves its line ends, so that lines can still be counted. */
function blanked(text: string, header: RegExp): string {
  return text.replace(header, (found) => found.replace(/[^\n]/g, " "));
}

/** Hyphens too many in the armour end up at the ends of what it holds. */
function withoutDashes(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((text) => text !== "");
  return lines.map((text, index) => {
    const opened = index === 0 ? text.replace(/^-+/, "") : text;
    return index === last ? opened.replace(/-{1,14}$/, "") : opened;
  });
}

/**
 * The DER that base64 letters begin with, if all of it is there: its own length says how many letters belong to it, so
 * that words behind it are no harm. Null when letters are missing.
 */
export function leadingDer(letters: string): { readonly der: Buffer; readonly letters: number } | null {
  const start = Buffer.from(letters.slice(0, 12), "base64");
  const announced = announcedLength(start);
  if (announced === null) return null;
  const needed = Math.ceil((announced * 4) / 3);
  if (letters.length < needed) return null;
  const der = Buffer.from(letters.slice(0, needed), "base64");
  const padding = /^={0,2}/.exec(letters.slice(needed, needed + 2))?.[0].length ?? 0;
  return derAt(der)?.whole.length === announced && der.length >= announced
    ? { der: der.subarray(0, announced), letters: needed + padding }
    : null;
}

/** How long a SEQUENCE says it is, with its own head (X.690 section 8.1.3). Null for anything else, and for a length with zeros before it. */
export function announcedLength(start: Buffer): number | null {
  const [tag, first = 0] = start;
  const extra = first - 0x80;
  if (tag !== 0x30) return null;
  if (extra < 0) return first + 2;
  if (extra === 0 || extra > 3 || start.length < 2 + extra) return null;
  const length = start.readUIntBE(2, extra);
  return length < 0x80 || length < 256 ** (extra - 1) ? null : length + 2 + extra;
}

/** Whether something in a text may be base64 and is no word of a language. */
export function hasLetters(words: readonly string[]): boolean {
  return words.some((word) => /^[A-Za-z0-9+/]{8,}={0,2}$/.test(word) && /[0-9=+]|[a-z][A-Z]/.test(word));
}
