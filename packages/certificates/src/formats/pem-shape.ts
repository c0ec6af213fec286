import type { ArmouredBlock } from "./armour.ts";
import { cleanLines, hasLetters } from "./armour-body.ts";

const letterLine = /^[A-Za-z0-9+/]+={0,2}$/;

/** Armour that a sentence speaks of (`everything from -----BEGIN CERTIFICATE----- on`), with no letters where they belong. */
export function isMention({ inner, hasBegin, hasEnd }: ArmouredBlock): boolean {
  const words = cleanLines(inner)
    .filter((line) => line !== "")
    .flatMap((line) => line.split(/\s+/))
    .filter((word) => word !== "");
  if (hasBegin && hasEnd) return !hasLetters(words);
  return !hasLetters(hasBegin ? words.slice(0, 1) : words.slice(-1));
}

/** Whether a block stood in the text as RFC 7468 has it; blanks at line ends and lines of any length are no fault. */
export function isExact({ whole }: ArmouredBlock, original: string): boolean {
  const [first = "", ...lines] = whole.trimEnd().split("\n");
  const last = lines.pop() ?? "";
  const isArmoured =
    /^-----BEGIN [A-Z0-9 .#]+----- *$/.test(first) && /^-----END [A-Z0-9 .#]+-----$/.test(last);
  const isPlain = lines.every((line) => /^(?:[A-Za-z0-9+/=]*|[A-Za-z-]+: .*) *$/.test(line));
  return isArmoured && isPlain && original.includes(whole);
}

/** Where a block without its end stops, or one without its beginning starts. */
export function wrongLine({ inner, hasBegin, line }: ArmouredBlock): number {
  const lines = cleanLines(inner);
  const isLetters = (text: string) =>
    letterLine.test(text) && (text.length >= 24 || hasLetters([text]) || text.endsWith("="));
  if (!hasBegin) {
    const before = lines.findLastIndex(
      (text, index) => text !== "" && !isLetters(text) && index < lines.length,
    );
    const start = lines.findIndex((text, index) => index > before && text !== "");
    return line + Math.max(0, start);
  }
  const foreign = lines.findIndex((text) => text !== "" && !isLetters(text));
  const until = foreign < 0 ? lines : lines.slice(0, foreign);
  return (
    line +
    Math.max(
      0,
      until.findLastIndex((text) => text !== ""),
    )
  );
}
