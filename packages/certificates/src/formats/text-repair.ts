import { hasHtml, textOfHtml } from "./html.ts";
import { decoded } from "./text.ts";

/**
 * Undoes what programs do to text on its way: spelled-out line ends, quoted-printable, HTML, RTF, characters nobody
 * sees. Each is undone only where it has left its traces. No letter of base64 is ever changed.
 */
export function repairedText(text: string): string {
  const steps = [unfoldedLines, rtfAsText, withoutPercents, withoutEscapes, withoutQuotedPrintable];
  const undone = steps.reduce((before, step) => step(before), text);
  return plainCharacters(hasHtml(undone) ? textOfHtml(undone) : undone);
}

function unfoldedLines(text: string): string {
  return text.replace(/\r\n?|[\u0085\u2028\u2029\v\f]/g, "\n");
}

/** Spaces of every width become one kind, what has no width goes. */
function plainCharacters(text: string): string {
  return unfoldedLines(text)
    .replace(/[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t]/g, " ")
    .replace(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
      /[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
      "",
    )
    .replace(/[\u034f\ufe0e\ufe0f]/g, "");
}

/** Rich Text Format: control words begin with a backslash, which base64 does not know. */
function rtfAsText(text: string): string {
  if (!/^\s*\{\\rtf/.test(text.slice(0, 200))) return text;
  return text
    .replace(/\\'([0-9a-f]{2})/gi, (_, hex) => hexDecoded(hex))
    .replace(/\\(?:par|line|pard)\b ?|\\\n/g, "\n")
    .replace(/\\endash\b ?|\\emdash\b ?/g, "\u2014")
    .replace(/\\~/g, " ")
    .replace(/\\[a-z]{1,32}-?\d{0,10} ?|\\[^a-z]|[{}]/gi, "");
}

/** As a form or a URL carries it (`%2B`); a `+` is a space there only where it stands in the armour. */
function withoutPercents(text: string): string {
  if (!/BEGIN(?:%20|\+)[A-Z0-9]/i.test(text)) return text;
  const spaced = text.replace(/(?:BEGIN|END)(?:\+[A-Z0-9]{1,20}){1,4}-/gi, (armour) =>
    armour.replaceAll("+", " "),
  );
  return spaced.replace(/(?:%[0-9a-f]{2})+/gi, (run) => hexDecoded(run.replaceAll("%", "")));
}

/** As JSON, a shell or an environment file writes it (RFC 8259 section 7), perhaps twice over. */
function withoutEscapes(text: string): string {
  if (!text.includes("\\")) return text;
  return text
    .replace(/\\{1,4}u00([0-7][0-9a-f])/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\{1,4}r\\{1,4}n|\\{1,4}[nr]/g, "\n")
    .replace(/\\{1,4}([/"'])/g, "$1");
}

const encodedByte = /=(?:3D|0[AD]|20|09|2[BDF]|C2=A0|E2=80)/i;

/** Remnants of quoted-printable (RFC 2045 section 6.7) in text that was copied before it was decoded. */
function withoutQuotedPrintable(text: string): string {
  if (encodedByte.test(text))
    return text
      .replace(/=[ \t]*\n(?![A-Za-z\s>|»]{0,12}-{2,8}END)/gi, "")
      .replace(/(?:=[0-9A-F]{2})+/gi, (run) => hexDecoded(run.replaceAll("=", "")));
  // Soft breaks alone: only where base64 or armour goes on, since padding ends a line in the same way.
  return /BEGIN/i.test(text)
    ? text.replace(/(?<=[A-Za-z0-9+/])=\n(?=[A-Za-z0-9+/])(?![A-Za-z]{1,4}[>|»])|(?<=-)=\n(?=-)/g, "")
    : text;
}

/** What a single byte stands for, made once: a text may hold half a million of them. */
const byteText = Array.from({ length: 256 }, (_, byte) => decoded(Uint8Array.of(byte)));

/** Bytes in hexadecimal as text. */
function hexDecoded(hex: string): string {
  if (hex.length === 2) return byteText[Number.parseInt(hex, 16)] ?? "";
  return decoded(Buffer.from(hex, "hex"));
}
