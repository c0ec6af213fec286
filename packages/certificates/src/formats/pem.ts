import type { MaterialSource } from "@sealpost/domain";
import { derAt } from "../der.ts";
import { limits } from "../limits.ts";
import { note, noteLimit, type Parts } from "../parts.ts";
import { readDer } from "./der-file.ts";
import { isKeyLabel, readKey } from "./key.ts";
import type { DecodedText } from "./text.ts";

/** One armoured block (RFC 7468), its body freed of what mail programs add. */
interface Block {
  readonly label: string;
  readonly headers: readonly string[];
  /** Null when its end is missing. */
  readonly base64: string | null;
  readonly isRepaired: boolean;
}

const begin = /-----BEGIN ([A-Z0-9 #.]{1,40})-----/g;
const otherFormats: Readonly<Record<string, string>> = {
  "OPENSSH PRIVATE KEY": "OpenSSH key",
  "SSH2 ENCRYPTED PRIVATE KEY": "SSH key",
  "SSH2 PUBLIC KEY": "SSH key",
  "PGP PUBLIC KEY BLOCK": "PGP key",
  "PGP PRIVATE KEY BLOCK": "PGP key",
  "PGP MESSAGE": "PGP message",
};
/** Settings that stand before a key and repeat what is in it, and the signature around a mail. */
const passedOver = ["EC PARAMETERS", "DH PARAMETERS", "PGP SIGNED MESSAGE", "PGP SIGNATURE"];

/** Reads every block in a text, whatever stands around them; failing that, base64 without armour. */
export function readText(parts: Parts, decoded: DecodedText, source: MaterialSource): boolean {
  const plain = straightened(decoded.text);
  const isRepaired = decoded.isRepaired || plain !== decoded.text.replace(/\r\n?/g, "\n");
  const blocks = findBlocks(plain);
  if (blocks.length === 0) return readBareBase64(parts, plain, source) || isEndAlone(parts, plain, source);
  for (const block of blocks) {
    parts.spent.blocks += 1;
    if (parts.spent.blocks === limits.blocks + 1) noteLimit(parts, "blocks", source);
    if (parts.spent.blocks > limits.blocks) return true;
    readBlock(parts, block, source);
  }
  if (isRepaired || blocks.some((block) => block.isRepaired)) note(parts, "text-repaired", {}, source);
  return true;
}

/** Each block reaches at most to where the next begins: so the text is walked once, however many have no end. */
function findBlocks(text: string): Block[] {
  const begins = [...text.matchAll(begin)];
  return begins.map((match, index) => {
    const label = match[1] ?? "";
    const inner = text.slice(match.index + match[0].length, begins[index + 1]?.index);
    const end = inner.indexOf(`-----END ${label}-----`);
    return end < 0
      ? { label, headers: [], base64: null, isRepaired: false }
      : blockOf(label, inner.slice(0, end));
  });
}

/** Undoes what mail programs and word processors do: dashes, invisible characters, spelled-out line ends. */
function straightened(text: string): string {
  return text
    .replace(/[\u200b-\u200d\u2060\ufeff]/g, "")
    .replace(/\u00a0/g, " ")
    .replace(/\\r\\n|\\n|\\r|\r\n?/g, "\n")
    .replace(/[\u2010-\u2015]{5}|[\u2013\u2014]{2,3}-?(?=BEGIN|END)/g, "-----");
}

function blockOf(label: string, inner: string): Block {
  const lines = inner.split("\n").map((line) => line.replace(/^[\s>|]+/, "").trimEnd());
  const isHeader = (line: string) => /^[A-Za-z-]+:\s/.test(line);
  const body = lines.filter((line) => !isHeader(line)).join("");
  const isQuoted = inner.split("\n").some((line) => /^[ \t]*[>|]|^[ \t]+\S/.test(line));
  return {
    label,
    headers: lines.filter(isHeader),
    base64: body.replace(/[\s>]+/g, ""),
    isRepaired: isQuoted || /\S\s+\S/.test(body),
  };
}

/** The label only tells what the sender meant; what it is, the bytes tell. */
function readBlock(parts: Parts, { label, headers, base64 }: Block, source: MaterialSource): void {
  if (passedOver.includes(label)) return;
  const format = otherFormats[label];
  if (format) return note(parts, "unsupported-format", { format }, source);
  const isBase64 = base64 !== null && /^[A-Za-z0-9+/]+={0,2}$/.test(base64);
  if (!isBase64) return note(parts, "malformed-pem", { label: label.toLowerCase() }, source);
  const der = Buffer.from(base64, "base64");
  if (headers.some((line) => line.startsWith("Proc-Type:")) && isKeyLabel(label)) {
    const old = headers.filter((line) => /^(Proc-Type|DEK-Info):/.test(line)).join("\n");
    return readKey(parts, { der, label, headers: old }, source);
  }
  // OpenSSL's trusted form appends settings of its own behind the certificate.
  const whole = label === "TRUSTED CERTIFICATE" ? (derAt(der)?.whole ?? der) : der;
  if (!readDer(parts, whole, source)) note(parts, ...unread(label), source);
}

function unread(
  label: string,
): ["malformed-key" | "malformed-certificate" | "malformed-pem", { label: string }] {
  const about = { label: label.toLowerCase() };
  if (label.endsWith("PRIVATE KEY")) return ["malformed-key", about];
  return [label.endsWith("CERTIFICATE") ? "malformed-certificate" : "malformed-pem", about];
}

/** A certificate whose armour got lost is still a certificate. */
function readBareBase64(parts: Parts, text: string, source: MaterialSource): boolean {
  const body = text.replace(/[\s>]+/g, "");
  if (body.length < 64 || !/^MI[A-Za-z0-9+/]+={0,2}$/.test(body)) return false;
  const isRead = readDer(parts, Buffer.from(body, "base64"), source);
  if (isRead) note(parts, "text-repaired", {}, source);
  return isRead;
}

/** An end without its beginning: something was lost while copying. */
function isEndAlone(parts: Parts, text: string, source: MaterialSource): boolean {
  const label = /-----END ([A-Z0-9 ]{1,40})-----/.exec(text)?.[1];
  if (label === undefined) return false;
  note(parts, "malformed-pem", { label: label.toLowerCase() }, source);
  return true;
}
