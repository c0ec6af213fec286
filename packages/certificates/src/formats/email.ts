import { finding, type MaterialSource } from "@sealpost/domain";
import PostalMime from "postal-mime";
import type { Parts } from "../parts.ts";
import { textOfHtml } from "./text.ts";
import { shownName } from "./zip.ts";

type ReadInner = (bytes: Buffer, source: MaterialSource) => Promise<boolean>;

const headLength = 64 * 1024;
const knownHeaders =
  /^(from|to|subject|date|message-id|received|return-path|mime-version|delivered-to|content-type):/gim;

/** Whether bytes are a mail: a block of header fields at the start, among them at least two that every mail has (RFC 5322). */
export function isEmail(bytes: Buffer): boolean {
  const head = bytes.subarray(0, headLength).toString("latin1").replace(/\r\n?/g, "\n").trimStart();
  const fields = head.split("\n\n", 1)[0] ?? "";
  const isFields = fields.split("\n").every((line) => /^([!-9;-~]+:|[ \t]|>?From )/.test(line));
  return isFields && new Set(fields.match(knownHeaders)?.map((name) => name.toLowerCase())).size >= 2;
}

/** Reads a mail's texts and attachments. What else the mail says is neither kept nor shown. */
export async function readEmail(
  parts: Parts,
  bytes: Buffer,
  source: MaterialSource,
  readInner: ReadInner,
): Promise<boolean> {
  const mail = await PostalMime.parse(bytes, {
    forceRfc822Attachments: true,
    maxNestingDepth: 20,
    maxHeadersSize: 256 * 1024,
  }).catch(() => null);
  if (mail === null) return false;
  for (const number of orderNumbers(mail.subject ?? "")) parts.orderNumbers.add(number);
  const keysBefore = parts.keys.length;
  const texts = mail.text ? [mail.text] : mail.html ? [textOfHtml(mail.html)] : [];
  let isAnything = false;
  for (const text of texts) {
    if (!text.includes("-----BEGIN")) continue;
    isAnything = (await readInner(Buffer.from(text), { path: [...source.path, "text"] })) || isAnything;
  }
  for (const [index, file] of mail.attachments.entries()) {
    const content =
      typeof file.content === "string"
        ? Buffer.from(file.content)
        : Buffer.from(new Uint8Array(file.content));
    const name = shownName(file.filename ?? `attachment ${index + 1}`);
    isAnything = (await readInner(content, { path: [...source.path, name] })) || isAnything;
  }
  if (parts.keys.length > keysBefore) parts.findings.push(finding("private-key-in-email", {}, source));
  return isAnything;
}

/** Numbers in a subject that may be order numbers: after `#` or a word for order. */
function orderNumbers(subject: string): string[] {
  const found = subject.matchAll(/(?:#|order|bestellung|auftrag|request)[\s:#-]*(\d{5,12})\b/gi);
  return [...found].flatMap((match) => match[1] ?? []);
}
