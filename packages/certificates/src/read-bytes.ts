import type { MaterialSource } from "@sealpost/domain";
import { readDer } from "./formats/der-file.ts";
import { readEmail } from "./formats/email.ts";
import { exactBlocks, readExact } from "./formats/exact-pem.ts";
import { type FileKind, fileKind, textDocument } from "./formats/file-kind.ts";
import { aroundParts, isEmail, mailsOf } from "./formats/mail-shape.ts";
import { readArmour } from "./formats/pem.ts";
import { readText } from "./formats/read-text.ts";
import { mailWrapper } from "./formats/smime.ts";
import { type DecodedText, decodeText } from "./formats/text.ts";
import { isZip, readZip } from "./formats/zip.ts";
import { type Limit, limits } from "./limits.ts";
import { mayStill, note, noteLimit, type Parts } from "./parts.ts";

/** How many containers of each kind lie around what is read. */
export interface Nesting {
  readonly zips: number;
  readonly mails: number;
  /** Signatures around a mail. */
  readonly wrappers: number;
}

const outside: Nesting = { zips: 0, mails: 0, wrappers: 0 };
const mostWrappers = 3;
const mostMailsInBox = 20;

/**
 * Reads one thing, whatever it is: told by its content, never by its name. Containers come back here with what they
 * hold. Adds to `parts`; resolves to whether anything was recognised in it.
 */
export async function readBytes(
  parts: Parts,
  bytes: Buffer,
  source: MaterialSource,
  nesting: Nesting = outside,
): Promise<boolean> {
  if (bytes.length === 0) return false;
  if (bytes.length > limits.fileBytes) return limited(parts, "fileBytes", source);
  if (!mayStill(parts, "sumBytes", bytes.length, source)) return true;
  const exact = bytes.length <= limits.textBytes ? exactBlocks(bytes) : null;
  if (exact) {
    if (mayStill(parts, "textSumBytes", bytes.length, source)) readExact(parts, exact, source);
    return true;
  }
  if (isZip(bytes)) return await readArchive(parts, bytes, source, nesting);
  const wrapper = mailWrapper(bytes);
  if (wrapper?.kind === "encrypted") {
    note(parts, "encrypted-email", {}, source);
    return true;
  }
  if (wrapper) return await readSigned(parts, wrapper.content, source, nesting);
  if (readDer(parts, bytes, source)) return true;
  const kind = fileKind(bytes);
  if (kind) return named(parts, kind, source, nesting);
  const decoded = decodeText(bytes);
  const message = messageIn(bytes, decoded);
  if (message) return await readMailbox(parts, message, decoded, source, nesting);
  if (decoded === null) return false;
  if (bytes.length > limits.textBytes) return limited(parts, "textBytes", source);
  if (!mayStill(parts, "textSumBytes", bytes.length, source)) return true;
  if (readText(parts, decoded, source)) return true;
  const document = textDocument(decoded.text);
  return document !== null && named(parts, document, source, nesting);
}

function readArchive(
  parts: Parts,
  bytes: Buffer,
  source: MaterialSource,
  nesting: Nesting,
): boolean | Promise<boolean> {
  const inside = { ...nesting, zips: nesting.zips + 1 };
  if (inside.zips > limits.zipDepth) return limited(parts, "zipDepth", source);
  return readZip(parts, bytes, source, (inner, from) => readBytes(parts, inner, from, inside));
}

/** What was signed is a part of a mail with its own fields (RFC 8551 section 3.1), or anything else. */
function readSigned(
  parts: Parts,
  content: Buffer,
  source: MaterialSource,
  nesting: Nesting,
): boolean | Promise<boolean> {
  const inside = { ...nesting, wrappers: nesting.wrappers + 1 };
  if (inside.wrappers > mostWrappers) return limited(parts, "mailDepth", source);
  const isPart = /^[!-9;-~]{1,60}:/.test(content.toString("latin1", 0, 64));
  if (!isPart) return readBytes(parts, content, source, inside);
  if (!mayStill(parts, "sumBytes", content.length, source)) return true;
  return readMessage(parts, content, source, { ...inside, mails: inside.mails - 1 });
}

/** The bytes of a mail, also when they were saved as UTF-16 or without their fields. */
function messageIn(bytes: Buffer, decoded: DecodedText | null): Buffer | null {
  if (isEmail(bytes)) return bytes;
  if (decoded?.isRepaired) {
    const saved = Buffer.from(decoded.text);
    if (isEmail(saved)) return saved;
  }
  return aroundParts(bytes);
}

async function readMailbox(
  parts: Parts,
  bytes: Buffer,
  decoded: DecodedText | null,
  source: MaterialSource,
  nesting: Nesting,
): Promise<boolean> {
  const mails = mailsOf(bytes);
  let isAnything = false;
  for (const [index, mail] of mails.slice(0, mostMailsInBox).entries()) {
    const from = mails.length === 1 ? source : { path: [...source.path, `#${index + 1}`] };
    isAnything = (await readMessage(parts, mail, from, nesting)) || isAnything;
  }
  if (mails.length > mostMailsInBox) return limited(parts, "mailDepth", source);
  // A mail whose parts nobody can tell apart still shows its text.
  if (isAnything || decoded === null || bytes.length > limits.textBytes) return isAnything;
  return !mayStill(parts, "textSumBytes", bytes.length, source) || readArmour(parts, decoded, source);
}

async function readMessage(
  parts: Parts,
  bytes: Buffer,
  source: MaterialSource,
  nesting: Nesting,
): Promise<boolean> {
  const inside = { ...nesting, mails: nesting.mails + 1 };
  if (inside.mails > limits.mailDepth) return limited(parts, "mailDepth", source);
  const file = (inner: Buffer, from: MaterialSource) => readBytes(parts, inner, from, inside);
  const mail = async (inner: Buffer, from: MaterialSource) =>
    !mayStill(parts, "sumBytes", inner.length, from) || (await readMessage(parts, inner, from, inside));
  return await readEmail(parts, bytes, source, { file, mail });
}

/** Documents lie beside certificates in mails and archives, and stand in nobody's way there. */
function named(
  parts: Parts,
  { format, isDocument }: FileKind,
  source: MaterialSource,
  { zips, mails }: Nesting,
): boolean {
  if (isDocument && zips + mails > 0) return false;
  note(parts, "unsupported-format", { format }, source);
  return true;
}

function limited(parts: Parts, limit: Limit, source: MaterialSource): boolean {
  noteLimit(parts, limit, source);
  return true;
}
