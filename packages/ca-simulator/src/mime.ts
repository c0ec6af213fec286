import { randomUUID } from "node:crypto";
import { domainToUnicode } from "node:url";
import { createTransport } from "nodemailer";
import yazl from "yazl";

export interface Mail {
  readonly from: string;
  readonly to: string;
  readonly messageId: string;
  readonly raw: Buffer;
}

/** To whom a mail goes, and the date it bears. */
export interface Addressing {
  readonly to: string;
  readonly at: Date;
}

const sender = "noreply@ca.sandbox.test";

/** Hands a mail to an SMTP server as it is. Rejects when the server did not take it. */
export async function sendMail(mail: Mail, server: { host: string; port: number }): Promise<void> {
  const transport = createTransport({ ...server, ignoreTLS: true });
  try {
    await transport.sendMail({ envelope: { from: mail.from, to: [mail.to] }, raw: mail.raw });
  } finally {
    transport.close();
  }
}

export function mimeHead({ to, at }: Addressing, subject: string): string[] {
  return [
    `Message-ID: <${randomUUID()}@ca.sandbox.test>`,
    `Date: ${at.toUTCString().replace("GMT", "+0000")}`,
    `From: "Sandbox Certification Authority" <${sender}>`,
    `To: ${to}`,
    `Subject: ${headerText(subject)}`,
    `MIME-Version: 1.0`,
  ];
}

/** RFC 2047 where a header is not plain ASCII: several words, each within the 75 characters of section 2. */
function headerText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const words = text.match(/.{1,9}/gsu) ?? [];
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString("base64")}?=`).join("\r\n ");
}

export function textPart(text: string): string[] {
  return [`Content-Type: text/plain; charset=UTF-8`, `Content-Transfer-Encoding: 8bit`, ``, crlf(text)];
}

/** As people read it: an internationalised name in its own script. */
export function shownName(commonName: string): string {
  const [star, name] = commonName.startsWith("*.") ? ["*.", commonName.slice(2)] : ["", commonName];
  return `${star}${domainToUnicode(name) || name}`;
}

export function finished({ to }: Addressing, lines: readonly string[]): Mail {
  const messageId = /<([^>]+)>/.exec(lines[0] ?? "")?.[1] ?? "";
  return { from: sender, to, messageId, raw: Buffer.from(lines.join("\r\n"), "utf8") };
}

export function crlf(text: string): string {
  return text.replace(/\r?\n/g, "\r\n");
}

export function base64Lines(bytes: Buffer): string {
  return bytes.toString("base64").replace(/.{76}(?=.)/g, "$&\r\n");
}

/** `shop.example.com` becomes `shop_example_com`, a wildcard `STAR_example_com`. */
export function fileStem(commonName: string): string {
  return commonName.replace(/^\*/, "STAR").replaceAll(".", "_");
}

export async function zipOf(entries: ReadonlyArray<readonly [name: string, text: string]>): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, text] of entries) zip.addBuffer(Buffer.from(text), name, { compress: false });
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
