import { isHtmlPage } from "./html.ts";

/** A format told by its first bytes; `isDocument` where it holds text or pictures for people, and no certificate. */
export interface FileKind {
  readonly format: string;
  readonly isDocument: boolean;
}

const starts: readonly (readonly [format: string, hex: string])[] = [
  ["gzip archive", "1f8b08"],
  ["7z archive", "377abcaf271c"],
  ["RAR archive", "526172211a07"],
  ["bzip2 archive", "425a68"],
  ["xz archive", "fd377a585a00"],
  ["TNEF (winmail.dat)", "789f3e22"],
  ["Java keystore (JKS)", "feedfeed"],
  ["Java keystore (JCEKS)", "cececece"],
];
const documentStarts: readonly (readonly [format: string, hex: string])[] = [
  ["PDF", "255044462d"],
  ["image", "89504e470d0a1a0a"],
  ["image", "ffd8ff"],
  ["image", "474946383"],
  ["image", "49492a00"],
  ["image", "4d4d002a"],
];
const compoundFile = "d0cf11e0a1b11ae1";

/** Names a binary format that is recognised and not read. Null for anything else. */
export function fileKind(bytes: Buffer): FileKind | null {
  const head = bytes.subarray(0, 16).toString("hex");
  const named = (list: typeof starts) => list.find(([, hex]) => head.startsWith(hex))?.[0];
  const format = named(starts) ?? tarFormat(bytes);
  if (format) return { format, isDocument: false };
  if (head.startsWith(compoundFile)) return compoundKind(bytes);
  const document = named(documentStarts) ?? lateDocument(bytes);
  return document ? { format: document, isDocument: true } : null;
}

/** POSIX.1-1988 and after write their name behind the first file's fields. */
function tarFormat(bytes: Buffer): string | null {
  return bytes.toString("latin1", 257, 262) === "ustar" ? "tar archive" : null;
}

function lateDocument(bytes: Buffer): string | null {
  const head = bytes.subarray(0, 1024).toString("latin1");
  if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) return "image";
  const isBitmap = head.startsWith("BM") && bytes.length > 30 && bytes.readUInt32LE(2) === bytes.length;
  if (isBitmap) return "image";
  return head.includes("%PDF-") && bytes.includes(0) ? "PDF" : null;
}

/** Outlook and the old Office share one container ([MS-CFB]); the names of its streams tell them apart. */
function compoundKind(bytes: Buffer): FileKind {
  const has = (name: string) => bytes.includes(Buffer.from(name, "utf16le"));
  if (has("__substg1.0_") || has("__nameid_version1.0"))
    return { format: "Outlook message (.msg)", isDocument: false };
  if (has("WordDocument")) return { format: "Word document", isDocument: true };
  if (has("Workbook")) return { format: "Excel workbook", isDocument: true };
  return { format: "Outlook message (.msg)", isDocument: false };
}

/** Texts that are documents of their own, when no certificate was found in them. */
export function textDocument(text: string): FileKind | null {
  if (text.trimStart().startsWith("{\\rtf")) return { format: "RTF", isDocument: true };
  return isHtmlPage(text) ? { format: "HTML page", isDocument: true } : null;
}
