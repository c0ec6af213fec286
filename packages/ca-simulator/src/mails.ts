import { randomUUID } from "node:crypto";
import { domainToUnicode } from "node:url";
import { createTransport } from "nodemailer";
import yazl from "yazl";
import type { BookOrder } from "./order-book.ts";
import { escapeHtml } from "./page.ts";

export interface Mail {
  readonly from: string;
  readonly to: string;
  readonly messageId: string;
  readonly raw: Buffer;
}

const sender = "noreply@ca.sandbox.test";

/** The mail with the certificate, as CAs send it: ZIP and text, or everything in the body (older brands). */
export async function fulfillmentMail(order: BookOrder, intermediatePem: string, at: Date): Promise<Mail> {
  if (order.certificatePem === null)
    throw new Error("an order without a certificate has no fulfillment mail");
  const leaf = order.certificatePem;
  return order.mailStyle === "zip"
    ? await zipMail(order, leaf, intermediatePem, at)
    : bodyMail(order, leaf, intermediatePem, at);
}

/**
 * The shape seen from Sectigo and its resellers: a ZIP beside a text that repeats the leaf at its end, a second text
 * in HTML and ISO-8859-1, boundaries with parentheses of which one begins like the other.
 */
async function zipMail(order: BookOrder, leaf: string, intermediatePem: string, at: Date): Promise<Mail> {
  const stem = fileStem(order.commonName);
  const zip = await zipOf([
    [`${stem}.ca-bundle`, intermediatePem],
    [`${stem}.crt`, leaf],
  ]);
  const what = `Your ${order.product} Certificate for ${shownName(order.commonName)}`;
  const outer = "(AlternativeBoundary2)";
  const inner = "(AlternativeBoundary)";
  return finished(order, [
    ...mimeHead(order, at, `ORDER #${order.id} - ${what}`),
    `Content-Type: multipart/mixed; boundary="${outer}"`,
    ``,
    `--${outer}`,
    `Content-Type: multipart/alternative; boundary="${inner}"`,
    ``,
    `--${inner}`,
    ...textPart(zipMailText(what, stem, leaf)),
    ``,
    `--${inner}`,
    `Content-Type: text/html; charset=ISO-8859-1`,
    `Content-Transfer-Encoding: 7bit`,
    ``,
    zipMailHtml(what, stem),
    ``,
    `--${inner}--`,
    ``,
    `--${outer}`,
    `Content-Type: application/x-zip-compressed; name="${stem}.zip"`,
    `Content-Transfer-Encoding: base64`,
    `Content-Disposition: attachment; filename="${stem}.zip"`,
    ``,
    base64Lines(zip),
    `--${outer}--`,
    ``,
  ]);
}

function zipMailText(what: string, stem: string, leaf: string): string {
  return [
    `Dear customer,`,
    ``,
    `${what} is attached!`,
    ``,
    `In the ZIP file you find:`,
    `  * your certificate: ${stem}.crt`,
    `  * the bundle of your CA for Apache: ${stem}.ca-bundle`,
    ``,
    `The private key is where you made your request (CSR). We never had it.`,
    ``,
    `Your certificate again, as text:`,
    ``,
    leaf.trim(),
    ``,
  ].join("\n");
}

/** Whatever ISO-8859-1 may not hold stands as a character reference, so that 7bit is true. */
function zipMailHtml(what: string, stem: string): string {
  const html = `<html><body>
<p>Dear customer,</p>
<p><b>${escapeHtml(what)}</b> is attached!</p>
<ul><li>${stem}.crt</li><li>${stem}.ca-bundle</li></ul>
<img src="http://open.ca.sandbox.test/pixel.gif" width="1" height="1" alt="">
</body></html>`;
  return crlf(html.replace(/[^\n -~]/gu, (char) => `&#${char.codePointAt(0)};`));
}

/** The older shape: certificate and intermediate under headings in the text. */
function bodyMail(order: BookOrder, leaf: string, intermediatePem: string, at: Date): Mail {
  const text = [
    `Dear customer,`,
    ``,
    `your order is complete. Install the two certificates below on ${shownName(order.commonName)}.`,
    ``,
    `Web Server CERTIFICATE`,
    `-----------------`,
    ``,
    leaf.trim(),
    ``,
    `INTERMEDIATE CA:`,
    `---------------------------------------`,
    ``,
    intermediatePem.trim(),
    ``,
  ].join("\n");
  return finished(order, [
    ...mimeHead(order, at, `${order.product} Order: ${order.id} Complete`),
    ...textPart(text),
  ]);
}

/** The other mail: asks the domain's owner for consent, and holds no certificate. */
export function approverMail(order: BookOrder, at: Date): Mail {
  const name = shownName(order.commonName);
  const text = [
    `A certificate for ${name} was ordered (order ${order.id}).`,
    ``,
    `If you may decide for this domain, approve the order here:`,
    `https://approve.ca.sandbox.test/${order.id}/${randomUUID()}`,
    ``,
    `If you know nothing of it, do nothing.`,
    ``,
  ].join("\n");
  return finished(order, [
    ...mimeHead(order, at, `ORDER #${order.id} - Domain Control Validation for ${name}`),
    ...textPart(text),
  ]);
}

/** Hands a mail to an SMTP server as it is. Rejects when the server did not take it. */
export async function sendMail(mail: Mail, server: { host: string; port: number }): Promise<void> {
  const transport = createTransport({ ...server, ignoreTLS: true });
  try {
    await transport.sendMail({ envelope: { from: mail.from, to: [mail.to] }, raw: mail.raw });
  } finally {
    transport.close();
  }
}

function mimeHead(order: BookOrder, at: Date, subject: string): string[] {
  return [
    `Message-ID: <${randomUUID()}@ca.sandbox.test>`,
    `Date: ${at.toUTCString().replace("GMT", "+0000")}`,
    `From: "Sandbox Certification Authority" <${sender}>`,
    `To: ${order.approverEmail}`,
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

function textPart(text: string): string[] {
  return [`Content-Type: text/plain; charset=UTF-8`, `Content-Transfer-Encoding: 8bit`, ``, crlf(text)];
}

/** As people read it: an internationalised name in its own script. */
function shownName(commonName: string): string {
  const [star, name] = commonName.startsWith("*.") ? ["*.", commonName.slice(2)] : ["", commonName];
  return `${star}${domainToUnicode(name) || name}`;
}

function finished(order: BookOrder, lines: readonly string[]): Mail {
  const messageId = /<([^>]+)>/.exec(lines[0] ?? "")?.[1] ?? "";
  return { from: sender, to: order.approverEmail, messageId, raw: Buffer.from(lines.join("\r\n"), "utf8") };
}

function crlf(text: string): string {
  return text.replace(/\r?\n/g, "\r\n");
}

function base64Lines(bytes: Buffer): string {
  return bytes.toString("base64").replace(/.{76}(?=.)/g, "$&\r\n");
}

/** `shop.example.com` becomes `shop_example_com`, a wildcard `STAR_example_com`. */
export function fileStem(commonName: string): string {
  return commonName.replace(/^\*/, "STAR").replaceAll(".", "_");
}

async function zipOf(entries: ReadonlyArray<readonly [name: string, text: string]>): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, text] of entries) zip.addBuffer(Buffer.from(text), name, { compress: false });
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
