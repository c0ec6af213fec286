/** Undoes a Content-Transfer-Encoding (RFC 2045 section 6); what is not encoded, or strangely, stays as it is. */
export function transferDecoded(body: Buffer, encoding: string): Buffer {
  if (/base64/i.test(encoding)) return base64Decoded(body.toString("latin1"));
  if (/quoted-printable/i.test(encoding)) return quotedPrintableDecoded(body);
  if (/uuencode|x-uue/i.test(encoding)) return uuFiles(body.toString("latin1"))[0]?.bytes ?? body;
  return body;
}

/** Some programs pad every line: each padded piece is a whole of its own. */
function base64Decoded(text: string): Buffer {
  const letters = text.replace(/[^A-Za-z0-9+/=]+/g, "");
  const pieces = letters.match(/[^=]+/g) ?? [];
  // So many pieces no program writes: what comes behind is dropped, as by a decoder that stops at the padding.
  return Buffer.concat(pieces.slice(0, 20_000).map((piece) => Buffer.from(piece, "base64")));
}

/** Escapes become bytes, blanks at line ends go, and so does a line end behind `=` (RFC 2045 section 6.7). */
function quotedPrintableDecoded(body: Buffer): Buffer {
  const plain = Buffer.alloc(body.length);
  // What stands before `fixed` was escaped, or is a line that has ended.
  let [length, fixed] = [0, 0];
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] ?? 0;
    const escaped = byte === equalsSign ? hexByte(body, at + 1) : -1;
    if (byte === lineFeed) while (length > fixed && isBlank(plain[length - 1])) length -= 1;
    const isSoft = byte === lineFeed && length > fixed && plain[length - 1] === equalsSign;
    if (isSoft) length -= 1;
    else plain[length++] = escaped < 0 ? byte : escaped;
    if (escaped >= 0) at += 2;
    if (escaped >= 0 || byte === lineFeed) fixed = length;
  }
  return plain.subarray(0, length);
}

const equalsSign = 0x3d;
const lineFeed = 0x0a;

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

/** The byte that two digits stand for; -1 where they are none. */
function hexByte(text: Buffer, at: number): number {
  const [high, low] = [hexDigit(text[at]), hexDigit(text[at + 1])];
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function hexDigit(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

export interface EncodedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

const mostFiles = 20;

/** Files written into a text with uuencode, as Outlook still can (IEEE Std 1003.1, uuencode); none lies in another. */
export function uuFiles(text: string): readonly EncodedFile[] {
  const found: EncodedFile[] = [];
  const begin = /(?:^|\n)begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n/g;
  for (let match = begin.exec(text); match && found.length < mostFiles; match = begin.exec(text)) {
    const start = begin.lastIndex;
    const end = text.indexOf("\nend", start - 1);
    if (end < 0) break;
    found.push({ name: match[1] ?? "", bytes: uuDecoded(text.slice(start, end)) });
    begin.lastIndex = end;
  }
  return found;
}

/** Each line begins with the number of its bytes; every four letters after that are three of them. */
function uuDecoded(text: string): Buffer {
  const bytes = Buffer.alloc(text.length + 2);
  let length = 0;
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf("\n", start);
    const next = found < 0 ? text.length : found + 1;
    const end = start + text.slice(start, next).trimEnd().length;
    const value = (at: number) => (at < end ? (text.charCodeAt(at) - 32) & 63 : 0);
    const stop = length + Math.min(value(start), Math.ceil((end - start - 1) / 4) * 3);
    for (let at = start + 1; length < stop; at += 4) {
      const bits = (value(at) << 18) | (value(at + 1) << 12) | (value(at + 2) << 6) | value(at + 3);
      for (const shift of [16, 8, 0]) if (length < stop) bytes[length++] = (bits >> shift) & 255;
    }
    start = next;
  }
  return bytes.subarray(0, length);
}
