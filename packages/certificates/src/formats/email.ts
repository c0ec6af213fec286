import type { MaterialSource } from "@sealpost/domain";
import { limits } from "../limits.ts";
import { mayStill, note, noteLimit, type Parts, takeBack } from "../parts.ts";
import { shownName } from "../shown-name.ts";
import { bodyTexts } from "./mail-body.ts";
import { automaticKind, orderNumbers } from "./mail-kind.ts";
import { mailBytes } from "./mail-shape.ts";
import { type MimeLeaf, type MimeMessage, mimeLimits, readMime } from "./mime.ts";
import { readableField } from "./mime-header.ts";
import { knownLetters, readArmour } from "./pem.ts";
import { readText } from "./read-text.ts";
import { uuFiles } from "./transfer-encoding.ts";

type ReadInner = (bytes: Buffer, source: MaterialSource) => Promise<boolean>;

export interface InnerReaders {
  readonly file: ReadInner;
  /** A message for sure, however few header fields it has. */
  readonly mail: ReadInner;
}

/** Reads a mail's texts and attachments. What else the mail says is neither kept nor shown. */
export async function readEmail(
  parts: Parts,
  bytes: Buffer,
  source: MaterialSource,
  inner: InnerReaders,
): Promise<boolean> {
  const mail = readMime(mailBytes(bytes));
  if (typeof mail === "string") {
    note(parts, "resource-limit", { limit: mail, value: mimeLimits[mail] }, source);
    return true;
  }
  const subject = readableField(mail.headers, "subject");
  for (const number of orderNumbers(subject)) parts.orderNumbers.add(number);
  const before = { keys: parts.keys.length, certificates: parts.certificates.length };
  const isAnything = await readLeaves(parts, mail, source, inner);
  if (parts.keys.length > before.keys) note(parts, "private-key-in-email", {}, source);
  const kind = automaticKind(mail.headers, subject);
  const isAutomatic = kind !== null && parts.certificates.length === before.certificates;
  if (isAutomatic) note(parts, "bounce-message", { kind }, source);
  return isAnything || isAutomatic;
}

async function readLeaves(
  parts: Parts,
  { leaves }: MimeMessage,
  source: MaterialSource,
  inner: InnerReaders,
): Promise<boolean> {
  if (leaves.some(({ type }) => type === "application/pgp-encrypted")) {
    note(parts, "encrypted-email", {}, source);
    return true;
  }
  const { plain, page } = bodyTexts(leaves.filter(isBody));
  const isBodyRead = readBodies(parts, plain, page, source);
  let isAnything = isBodyRead;
  for (const { name, bytes } of plain.length > limits.textBytes ? [] : uuFiles(plain))
    isAnything = (await inner.file(bytes, within(source, name))) || isAnything;
  for (const [index, leaf] of leaves.entries()) {
    if (isBody(leaf) || isLeftUnread(leaf)) continue;
    const read = /^message\/(?:rfc822|global)$/.test(leaf.type) ? inner.mail : inner.file;
    isAnything = (await read(leaf.content, within(source, leaf.filename ?? `#${index + 1}`))) || isAnything;
  }
  return isAnything;
}

function within(source: MaterialSource, name: string): MaterialSource {
  return { path: [...source.path, shownName(name)] };
}

function isBody({ type, isAttachment }: MimeLeaf): boolean {
  return !isAttachment && (type === "text/plain" || type === "text/html");
}

const unread =
  /^(?:application\/(?:x-)?pkcs7-signature|application\/pgp-signature|application\/pgp-keys|message\/(?:global-)?(?:delivery-status|disposition-notification|headers|feedback-report)|text\/rfc822-headers|text\/calendar)$/;

/** Signatures hold the sender's certificates, which must not be mixed with those he sends; reports hold only words. */
function isLeftUnread({ type, filename }: MimeLeaf): boolean {
  return unread.test(type) || filename?.toLowerCase().endsWith(".p7s") === true;
}

/** The plain text, and the HTML for what only that holds, or holds whole. */
function readBodies(parts: Parts, plain: string, page: string, source: MaterialSource): boolean {
  if (plain.length > limits.textBytes || page.length > limits.textBytes) {
    noteLimit(parts, "textBytes", source);
    return true;
  }
  if (!mayStill(parts, "textSumBytes", plain.length + page.length, source)) return true;
  const findings = parts.findings.length;
  const isPlain = plain !== "" && readText(parts, { text: plain, isRepaired: false }, source);
  if (page === "") return isPlain;
  const certificates = parts.certificates.length;
  const given = { text: page, isRepaired: false };
  if (!isPlain) return readText(parts, given, source);
  readArmour(parts, given, source, knownLetters(plain));
  // What is broken in one half of a mail is no loss when the other half has it whole.
  if (parts.certificates.length > certificates) takeBack(parts, findings, "malformed-pem");
  return true;
}
