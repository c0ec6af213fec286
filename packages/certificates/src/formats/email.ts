import type { MaterialSource } from "@sealpost/domain";
import PostalMime, { type Email } from "postal-mime";
import { limits } from "../limits.ts";
import { note, type Parts } from "../parts.ts";
import { shownName } from "../shown-name.ts";
import { textOfHtml } from "./text.ts";

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
  const text = armouredText(mail);
  let isAnything = text !== null && (await readInner(Buffer.from(text), source));
  for (const [index, { content, filename }] of mail.attachments.entries()) {
    const file = typeof content === "string" ? Buffer.from(content) : Buffer.from(new Uint8Array(content));
    const name = shownName(filename ?? `#${index + 1}`);
    isAnything = (await readInner(file, { path: [...source.path, name] })) || isAnything;
  }
  if (parts.keys.length > keysBefore) note(parts, "private-key-in-email", {}, source);
  return isAnything;
}

/** The body, if it holds anything: the plain text, or the HTML where only that does. */
function armouredText({ text, html }: Email): string | null {
  if (text?.includes("-----BEGIN")) return text;
  const plain = html !== undefined && html.length <= limits.textBytes ? textOfHtml(html) : "";
  return plain.includes("-----BEGIN") ? plain : null;
}

/** Numbers in a subject that may be order numbers: after `#` or a word for order (`Order No. 12345`, `Auftragsnummer: 12345`). */
function orderNumbers(subject: string): string[] {
  const found = subject
    .slice(0, 1000)
    .matchAll(
      /(?:#|\b(?:order|auftrag|bestell|request|commande|pedido|ordine)\p{L}{0,12})[\s:#.-]{0,3}(?:(?:number|num|nr|no|id)\b)?[\s:#.-]{0,3}(\d{5,12})(?!\d)/giu,
    );
  return [...found].flatMap((match) => match[1] ?? []);
}
