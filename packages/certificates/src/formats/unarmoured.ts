import { announcedLength, cleanLines, leadingDer } from "./armour-body.ts";

const fewestLetters = 64;
/** More than a reading may hold anyway. */
const mostFound = 201;
const separators = /[\s"'`,;:<>|()[\]{}]+/;

/** Base64 of DER that lost its armour: each piece is as long as it says itself, so that pieces may follow on each other. */
export function bareDers(text: string): readonly Buffer[] {
  const words = wordsOf(text);
  const left = lettersLeft(words);
  const found: Buffer[] = [];
  for (let at = 0; at < words.length && found.length < mostFound; ) {
    const most = /^M[A-P]/.test(words[at] ?? "") ? lettersAnnounced(words, at) : 0;
    // A run is only taken where it is long enough, so that no run is walked for each of its words.
    const isLong = most >= fewestLetters && (left[at] ?? 0) >= most;
    const taken = isLong ? lettersFrom(words, at, most) : [];
    const leading = isLong ? leadingDer(taken.join("")) : null;
    if (leading) found.push(leading.der);
    at += leading ? taken.length : 1;
  }
  return found;
}

/** How many letters of base64 follow on each other, from each word on. */
function lettersLeft(words: readonly string[]): Float64Array {
  const left = new Float64Array(words.length + 1);
  for (let at = words.length - 1; at >= 0; at -= 1) {
    const word = words[at] ?? "";
    if (!isLetters(word)) continue;
    const padding = word.endsWith("==") ? 2 : word.endsWith("=") ? 1 : 0;
    left[at] = word.length - padding + (padding > 0 ? 0 : (left[at + 1] ?? 0));
  }
  return left;
}

/** The DER that a text begins with, in base64 and without an end. */
export function openDer(inner: string): Buffer | null {
  const words = wordsOf(inner);
  return leadingDer(lettersFrom(words, 0, lettersAnnounced(words, 0)).join(""))?.der ?? null;
}

/** A DER at the very end of some letters, whose beginning the armour no longer marks. */
export function trailingDer(inner: string): Buffer | null {
  const words = wordsOf(inner);
  const foreign = words.findLastIndex((word) => !isLetters(word));
  const run = words.slice(foreign + 1);
  const starts = run.flatMap((word, index) => (word.startsWith("MI") ? [index] : []));
  for (const start of starts.slice(0, 20)) {
    const letters = run.slice(start).join("");
    const leading = leadingDer(letters);
    if (leading && leading.letters >= letters.length) return leading.der;
  }
  return null;
}

/** A DER written in hexadecimal: `30:82:...`, `0x3082...`, in groups or in one. */
export function hexDer(text: string): Buffer | null {
  const digits = text.replace(/0x|\\x|[\s:,]+/gi, "");
  const isHex =
    /^308[0-4][0-9a-f]+$/i.test(digits) && digits.length >= 2 * fewestLetters && digits.length % 2 === 0;
  return isHex ? Buffer.from(digits, "hex") : null;
}

/** The letters of `-----BEGIN` in base64. */
const wrappedBegin = "LS0tLS1CRUdJTi";

/** Base64 of armoured text, as Kubernetes keeps it. */
export function wrappedText(text: string): Buffer | null {
  if (!text.includes(wrappedBegin)) return null;
  const words = wordsOf(text);
  const at = words.findIndex((word) => word.startsWith(wrappedBegin));
  return at < 0 ? null : Buffer.from(lettersFrom(words, at, text.length).join(""), "base64");
}

function wordsOf(text: string): readonly string[] {
  return cleanLines(text)
    .filter((line) => line !== "")
    .flatMap((line) => line.split(separators))
    .filter((word) => word !== "");
}

/** How many letters the DER that begins at a word says it has; 0 where none begins. */
function lettersAnnounced(words: readonly string[], at: number): number {
  const head = words
    .slice(at, at + 4)
    .join("")
    .slice(0, 12);
  return Math.ceil(((announcedLength(Buffer.from(head, "base64")) ?? 0) * 4) / 3);
}

/** The words from one on that are base64, until there are letters enough, or padding ends them. */
function lettersFrom(words: readonly string[], from: number, most: number): readonly string[] {
  const taken: string[] = [];
  for (let at = from, letters = 0; letters < most; at += 1) {
    const word = words[at];
    if (word === undefined || !isLetters(word)) break;
    taken.push(word);
    letters += word.length;
    if (word.endsWith("=")) break;
  }
  return taken;
}

function isLetters(word: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(word);
}
