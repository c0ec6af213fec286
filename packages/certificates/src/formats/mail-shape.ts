const headLength = 64 * 1024;
const knownHeaders =
  /^(?:from|to|cc|sender|reply-to|subject|date|message-id|in-reply-to|received|return-path|mime-version|delivered-to|content-type|content-transfer-encoding|content-disposition|auto-submitted):/gim;
const field = /^(?:[!-9;-~]+[ \t]*:|[ \t]|>?From )/;

/** Whether bytes are a mail: fields at the start, among them at least two that every mail has (RFC 5322). */
export function isEmail(bytes: Buffer): boolean {
  const head = bytes.subarray(0, headLength).toString("latin1").replace(/\r\n?/g, "\n").trimStart();
  const lines = (head.split("\n\n", 1)[0] ?? "").split("\n");
  // The last line may be cut off, and old programs left lines in between that are no fields.
  const strangers = lines.slice(0, -1).filter((line) => !field.test(line)).length;
  if (strangers * 10 > lines.length || !field.test(lines[0] ?? "")) return false;
  return (
    new Set(
      lines
        .join("\n")
        .match(knownHeaders)
        ?.map((name) => name.toLowerCase()),
    ).size >= 2
  );
}

/** As a mail parser expects it: no mark, no blank lines before the fields, LF in lines that only had CR. */
export function mailBytes(bytes: Buffer): Buffer {
  const isCarriageReturnsOnly = !bytes.includes(0x0a) && bytes.includes(0x0d);
  const lines = isCarriageReturnsOnly
    ? Buffer.from(bytes.map((byte) => (byte === 0x0d ? 0x0a : byte)))
    : bytes;
  let start = lines.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
  while ([0x0a, 0x0d, 0x20, 0x09].includes(lines[start] ?? 0)) start += 1;
  return lines.subarray(start);
}

/** The mail around a multipart body that was copied without its fields; null for anything else. */
export function aroundParts(bytes: Buffer): Buffer | null {
  const head = bytes.subarray(0, 1000).toString("latin1");
  const boundary = /^\s*--([^\s"\\]{1,70})[ \t]*\r?\n(?:content-[a-z-]{1,40}):/i.exec(head)?.[1];
  if (boundary === undefined) return null;
  return Buffer.concat([Buffer.from(`Content-Type: multipart/mixed; boundary="${boundary}"\n\n`), bytes]);
}

/** Each mail of a mailbox file (RFC 4155); the mail itself where there is only one. */
export function mailsOf(bytes: Buffer): readonly Buffer[] {
  if (bytes.toString("latin1", 0, 5) !== "From ") return [bytes];
  const separators = bytes
    .toString("latin1")
    .matchAll(/\n\r?\n(?=From \S{1,200} [^\n]{10,80}\d{4}\r?\n[!-9;-~]{1,60}:)/g);
  const starts = [0, ...[...separators].map((match) => match.index + match[0].length)];
  return starts.map((start, index) => bytes.subarray(start, starts[index + 1]));
}
