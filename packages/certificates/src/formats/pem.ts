import { finding, type MaterialSource } from "@sealpost/domain";
import { readCertificate } from "../certificate-facts.ts";
import { limits } from "../limits.ts";
import type { Parts } from "../parts.ts";
import { readDer } from "./der-file.ts";
import { readKey } from "./key.ts";
import { readRequest } from "./request.ts";
import type { DecodedText } from "./text.ts";

/** One armoured block (RFC 7468), its body freed of what mail programs add. */
interface Block {
  readonly label: string;
  readonly headers: string;
  readonly base64: string;
  readonly isRepaired: boolean;
}

const begin = /-----BEGIN ([A-Z0-9 #]+?)-----/g;
const certificateLabels = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "X.509 CERTIFICATE"];
const requestLabels = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"];
const otherFormats: Readonly<Record<string, string>> = {
  PKCS7: "PKCS#7",
  CMS: "PKCS#7",
  "X509 CRL": "CRL",
  "OPENSSH PRIVATE KEY": "OpenSSH key",
  "SSH2 ENCRYPTED PRIVATE KEY": "SSH key",
  "PGP PUBLIC KEY BLOCK": "PGP key",
  "PGP PRIVATE KEY BLOCK": "PGP key",
  "PGP MESSAGE": "PGP message",
};

/** Reads every block in a text, whatever stands around them; failing that, base64 without armour. */
export function readText(parts: Parts, decoded: DecodedText, source: MaterialSource): boolean {
  const blocks = findBlocks(decoded.text);
  if (blocks.length === 0)
    return readBareBase64(parts, decoded.text, source) || isCutOff(parts, decoded.text, source);
  for (const block of blocks) readBlock(parts, block, source);
  if (decoded.isRepaired || blocks.some((block) => block.isRepaired))
    parts.findings.push(finding("text-repaired", {}, source));
  return true;
}

function findBlocks(text: string): Block[] {
  const plain = straightened(text);
  const blocks: Block[] = [];
  for (const match of plain.text.matchAll(begin)) {
    const label = match[1] ?? "";
    const start = match.index + match[0].length;
    const end = plain.text.indexOf(`-----END ${label}-----`, start);
    const nextBegin = plain.text.indexOf("-----BEGIN ", start);
    if (end < 0 || (nextBegin >= 0 && nextBegin < end)) {
      blocks.push({ label, headers: "", base64: "", isRepaired: false });
      continue;
    }
    blocks.push(blockOf(label, plain.text.slice(start, end), plain.isRepaired));
  }
  return blocks;
}

/** Undoes what mail programs and word processors do: dashes, invisible characters, spelled-out line ends. */
function straightened(text: string): { readonly text: string; readonly isRepaired: boolean } {
  const clean = text
    .replace(/[\u200b-\u200d\u2060\ufeff]/g, "")
    .replace(/\u00a0/g, " ")
    .replace(/\\r\\n|\\n|\\r/g, "\n")
    .replace(/[\u2010-\u2015]{5}|[\u2013\u2014]{2,3}-?(?=BEGIN|END)/g, "-----");
  return { text: clean.replace(/\r\n?/g, "\n"), isRepaired: clean !== text };
}

function blockOf(label: string, inner: string, wasRepaired: boolean): Block {
  const lines = inner.split("\n").map((line) => line.replace(/^[\s>|]+/, "").trimEnd());
  const isHeader = (line: string) => /^(Proc-Type|DEK-Info|Comment|Version|[A-Za-z-]+):\s/.test(line);
  const headers = lines.filter(isHeader);
  const body = lines.filter((line) => !isHeader(line)).join("");
  const base64 = body.replace(/[\s>]+/g, "");
  const isQuoted =
    inner.split("\n").some((line) => /^[ \t]*[>|]|^[ \t]+\S/.test(line)) || /\S\s+\S/.test(body);
  return { label, headers: headers.join("\n"), base64, isRepaired: wasRepaired || isQuoted };
}

function readBlock(parts: Parts, block: Block, source: MaterialSource): void {
  const add = (...args: Parameters<typeof finding>) => void parts.findings.push(finding(...args));
  const format = otherFormats[block.label];
  if (format) return add("unsupported-format", { format }, source);
  if (block.label === "PUBLIC KEY" || block.label === "RSA PUBLIC KEY")
    return add("public-key-given", {}, source);
  if (block.label === "EC PARAMETERS" || block.label === "DH PARAMETERS") return;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(block.base64))
    return add("malformed-pem", { label: block.label.toLowerCase() }, source);
  const der = Buffer.from(block.base64, "base64");
  if (certificateLabels.includes(block.label)) {
    if (parts.certificates.length >= limits.certificates)
      return add("resource-limit", { limit: "certificates", value: limits.certificates });
    // OpenSSL's trusted form appends settings of its own behind the certificate.
    const certificate = readCertificate(
      block.label === "TRUSTED CERTIFICATE" ? firstElement(der) : der,
      source,
    );
    return certificate ? void parts.certificates.push(certificate) : add("malformed-certificate", {}, source);
  }
  if (requestLabels.includes(block.label))
    return readRequest(parts, der, source) ? undefined : add("malformed-pem", { label: "csr" }, source);
  if (block.label.endsWith("PRIVATE KEY"))
    return readKey(parts, { der, label: block.label, headers: block.headers }, source);
  add("unsupported-format", { format: block.label.toLowerCase() }, source);
}

function firstElement(der: Buffer): Buffer {
  const extra = (der[1] ?? 0) < 0x80 ? 0 : (der[1] ?? 0) & 0x7f;
  if (extra === 0 || extra > 4 || der.length < 2 + extra) return der;
  return der.subarray(0, 2 + extra + der.readUIntBE(2, extra));
}

/** A certificate whose armour got lost is still a certificate. */
function readBareBase64(parts: Parts, text: string, source: MaterialSource): boolean {
  const body = text.replace(/\s+/g, "");
  if (body.length < 200 || !/^MI[A-Za-z0-9+/]+={0,2}$/.test(body)) return false;
  const isRead = readDer(parts, Buffer.from(body, "base64"), source);
  if (isRead) parts.findings.push(finding("text-repaired", {}, source));
  return isRead;
}

/** A beginning or an end without its other half: something was lost while copying. */
function isCutOff(parts: Parts, text: string, source: MaterialSource): boolean {
  const label = /-----END ([A-Z0-9 ]+)-----/.exec(text)?.[1];
  if (label === undefined) return false;
  parts.findings.push(finding("malformed-pem", { label: label.toLowerCase() }, source));
  return true;
}
