/** Undoes a Content-Transfer-Encoding (RFC 2045 section 6); what is not encoded, or strangely, stays as it is. */
export function transferDecoded(body: Buffer, encoding: string): Buffer {
  if (/base64/i.test(encoding)) return base64Decoded(body.toString("latin1"));
  if (/quoted-printable/i.test(encoding)) return quotedPrintableDecoded(body.toString("latin1"));
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

function quotedPrintableDecoded(text: string): Buffer {
  const plain = text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/=\n/g, "")
    .replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(String(hex), 16)));
  return Buffer.from(plain, "latin1");
}

export interface EncodedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

const mostFiles = 20;

/** Files written into a text with uuencode, as Outlook still can (IEEE Std 1003.1, uuencode). */
export function uuFiles(text: string): readonly EncodedFile[] {
  const found: EncodedFile[] = [];
  for (const match of text.matchAll(/(?:^|\n)begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n/g)) {
    const start = match.index + match[0].length;
    const end = text.indexOf("\nend", start - 1);
    if (end < 0 || found.length >= mostFiles) break;
    const lines = text.slice(start, end).split(/\r?\n/);
    found.push({ name: match[1] ?? "", bytes: Buffer.concat(lines.map(uuLine)) });
  }
  return found;
}

function uuLine(line: string): Buffer {
  const value = (at: number) => ((line.charCodeAt(at) || 32) - 32) & 63;
  const length = line === "" ? 0 : value(0);
  const bytes: number[] = [];
  for (let at = 1; bytes.length < length && at < line.length; at += 4) {
    const bits = (value(at) << 18) | (value(at + 1) << 12) | (value(at + 2) << 6) | value(at + 3);
    bytes.push((bits >> 16) & 255, (bits >> 8) & 255, bits & 255);
  }
  return Buffer.from(bytes.slice(0, length));
}
