import {
  fieldValue,
  headerFields,
  type MailHeader,
  type StructuredValue,
  structuredValue,
} from "./mime-header.ts";
import { transferDecoded } from "./transfer-encoding.ts";

/** A part that holds no others. */
export interface MimeLeaf {
  readonly type: string;
  readonly charset: string;
  readonly filename: string | null;
  readonly isAttachment: boolean;
  readonly content: Buffer;
}

export interface MimeMessage {
  readonly headers: readonly MailHeader[];
  readonly leaves: readonly MimeLeaf[];
}

/** What no mail needs more of. Counted while reading, so that hostile mails end early. */
export const mimeLimits = {
  mailDepth: 20,
  headerBytes: 256 * 1024,
  mailParts: 200,
} as const;

export type MimeLimit = keyof typeof mimeLimits;

interface Walk {
  readonly leaves: MimeLeaf[];
  headerBytes: number;
  /** Places that looked like the line between two parts. */
  dividers: number;
}

const mostDividers = 20_000;

/** Takes a message apart (RFC 2045, RFC 2046); or says which limit it goes beyond. */
export function readMime(bytes: Buffer): MimeMessage | MimeLimit {
  const walk: Walk = { leaves: [], headerBytes: 0, dividers: 0 };
  const headers = topFields(bytes);
  return walkPart(walk, bytes, 0, "text/plain") ?? { headers, leaves: walk.leaves };
}

function topFields(bytes: Buffer): readonly MailHeader[] {
  const { head } = divided(bytes);
  return head.length > mimeLimits.headerBytes ? [] : headerFields(head);
}

/** Adds the leaves of a part; returns the limit it breaks, if any. */
function walkPart(walk: Walk, bytes: Buffer, depth: number, defaultType: string): MimeLimit | null {
  if (depth > mimeLimits.mailDepth) return "mailDepth";
  const { head, body } = divided(bytes);
  walk.headerBytes += head.length;
  if (walk.headerBytes > mimeLimits.headerBytes) return "headerBytes";
  const headers = headerFields(head);
  const type = structuredValue(fieldValue(headers, "content-type") || defaultType);
  const boundary = type.params.get("boundary") ?? "";
  if (!type.value.startsWith("multipart/") || boundary === "") return addLeaf(walk, headers, type, body);
  const parts = partsBetween(walk, body, boundary);
  if (parts === null) return "mailParts";
  if (parts.length === 0) return addLeaf(walk, headers, structuredValue("text/plain"), body);
  // What is signed is the first part (RFC 1847): the second holds the sender's certificates, which are not those he sends.
  const counted = type.value === "multipart/signed" ? parts.slice(0, 1) : parts;
  const inner = type.value === "multipart/digest" ? "message/rfc822" : "text/plain";
  for (const part of counted) {
    const limit = walkPart(walk, part, depth + 1, inner);
    if (limit) return limit;
  }
  return null;
}

function addLeaf(
  walk: Walk,
  headers: readonly MailHeader[],
  type: StructuredValue,
  body: Buffer,
): MimeLimit | null {
  if (walk.leaves.length >= mimeLimits.mailParts) return "mailParts";
  const disposition = structuredValue(fieldValue(headers, "content-disposition"));
  const filename = disposition.params.get("filename") ?? type.params.get("name") ?? null;
  const isText = !type.value.includes("/") || type.value.startsWith("multipart/");
  walk.leaves.push({
    type: isText ? "text/plain" : type.value,
    charset: type.params.get("charset") ?? "",
    filename,
    isAttachment: disposition.value === "attachment" || filename !== null,
    content: transferDecoded(body, fieldValue(headers, "content-transfer-encoding")),
  });
  return null;
}

/** Header and body, divided by the first empty line. */
function divided(bytes: Buffer): { readonly head: Buffer; readonly body: Buffer } {
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) break;
    if (end === at || (end === at + 1 && bytes[at] === 0x0d))
      return { head: bytes.subarray(0, at), body: bytes.subarray(end + 1) };
    at = end + 1;
  }
  return { head: bytes, body: bytes.subarray(bytes.length) };
}

/** What stands between the lines of a boundary (RFC 2046 section 5.1.1). Null when there are too many of them. */
function partsBetween(walk: Walk, body: Buffer, boundary: string): readonly Buffer[] | null {
  const divider = Buffer.from(`--${boundary}`);
  const parts: Buffer[] = [];
  let start = -1;
  for (let at = body.indexOf(divider); at >= 0; at = body.indexOf(divider, at + 1)) {
    walk.dividers += 1;
    if (walk.dividers > mostDividers || parts.length > mimeLimits.mailParts) return null;
    const line = lineAfter(body, at, divider.length);
    if (line === null) continue;
    if (start >= 0) parts.push(body.subarray(start, withoutLineEnd(body, start, at)));
    start = line.next;
    if (line.isLast) return parts;
  }
  if (start >= 0 && start < body.length) parts.push(body.subarray(start));
  return parts;
}

/** Whether a divider is the whole of its line: one boundary may begin as another does. */
function lineAfter(body: Buffer, at: number, length: number): { next: number; isLast: boolean } | null {
  if (at > 0 && body[at - 1] !== 0x0a) return null;
  const end = body.indexOf(0x0a, at + length);
  const next = end < 0 ? body.length : end + 1;
  if (next - at - length > 200) return null;
  const rest = body.toString("latin1", at + length, next).trimEnd();
  return rest === "" || rest === "--" ? { next, isLast: rest === "--" } : null;
}

/** The line end before a divider belongs to it. */
function withoutLineEnd(body: Buffer, start: number, at: number): number {
  const lineFeed = at - 1;
  const end = lineFeed >= start && body[lineFeed] === 0x0a ? lineFeed : at;
  return end > start && body[end - 1] === 0x0d ? end - 1 : end;
}
