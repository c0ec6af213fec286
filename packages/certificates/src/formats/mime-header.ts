import { decodeWords } from "postal-mime";
import { decoded } from "./text.ts";

/** A header field as the mail has it, its name in lower case, its lines joined. */
export interface MailHeader {
  readonly key: string;
  readonly value: string;
}

/** A value with parameters, such as `text/plain; charset=utf-8` (RFC 2045 section 5.1). */
export interface StructuredValue {
  readonly value: string;
  readonly params: ReadonlyMap<string, string>;
}

const longestValue = 4096;

/** The fields of a header block; lines that are none are passed over, as every mail program does. */
export function headerFields(block: Buffer): readonly MailHeader[] {
  const lines = decoded(block).split(/\r?\n/);
  const found: { key: string; pieces: string[] }[] = [];
  for (const line of lines) {
    const last = found.at(-1);
    if (/^[ \t]/.test(line) && last) last.pieces.push(line);
    else {
      const [, key, value] = /^([!-9;-~]+)[ \t]*:(.*)$/s.exec(line) ?? [];
      if (key !== undefined) found.push({ key: key.toLowerCase(), pieces: [value ?? ""] });
    }
  }
  return found.map(({ key, pieces }) => ({ key, value: pieces.join("").trim() }));
}

/** The first field of a name counts: a second one must not make a mail mean something else. */
export function fieldValue(headers: readonly MailHeader[], key: string): string {
  return headers.find((header) => header.key === key)?.value.slice(0, longestValue) ?? "";
}

/** Words as people read them (RFC 2047). */
export function readableField(headers: readonly MailHeader[], key: string): string {
  return decodeWords(fieldValue(headers, key));
}

/** Some programs forget the semicolon before a parameter. Blanks are entered at their first only: there may be thousands. */
const parameter = /(?:;|(?<!\s)\s)\s*([^\s=;"]{1,60})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))/gs;

export function structuredValue(written: string): StructuredValue {
  const text = written.slice(0, longestValue);
  const value = (text.split(";", 1)[0] ?? "")
    .replace(/\([^()]*\)/g, "")
    .trim()
    .toLowerCase();
  const pieces = new Map<string, string>();
  for (const [, name = "", quoted, plain] of text.matchAll(parameter)) {
    const key = name.toLowerCase();
    if (pieces.has(key)) continue;
    pieces.set(key, quoted === undefined ? withoutComment(plain ?? "") : quoted.replace(/\\(.)/gs, "$1"));
  }
  return { value, params: joined(pieces) };
}

function withoutComment(plain: string): string {
  return plain
    .trim()
    .replace(/\s\([^()]*\)?$/, "")
    .trim();
}

/** Parameters in pieces and in other alphabets become one (RFC 2231): `name*0*=utf-8''a%20; name*1=b`. */
function joined(pieces: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of pieces) {
    const [, name = "", index, isEncoded] = /^([^*]+)(?:\*(\d{1,3}))?(\*)?$/.exec(key) ?? [];
    const isFirst = index === undefined || Number(index) === 0;
    const text = isEncoded ? percentDecoded(value, isFirst) : value;
    if (name !== "" && (isFirst ? !pieces.has(name) || key === name : found.has(name)))
      found.set(name, (found.get(name) ?? "") + text);
  }
  return found;
}

function percentDecoded(value: string, isFirst: boolean): string {
  const text = isFirst ? value.replace(/^[^']*'[^']*'/, "") : value;
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => decoded(Buffer.from(run.replaceAll("%", ""), "hex")));
}
