import { randomUUID } from "node:crypto";
import { domainToUnicode } from "node:url";
import { createTransport } from "nodemailer";
import yazl from "yazl";
import type { BookOrder } from "./order-book.ts";

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
  const name = domainToUnicode(order.commonName.replace(/^\*\./, "")) || order.commonName;
  const shown = order.commonName.startsWith("*.") ? `*.${name}` : name;
  const stem = fileStem(order.commonName);
  const zip = await zipOf([
    [`${stem}.ca-bundle`, intermediatePem],
    [`${stem}.crt`, leaf],
  ]);
  const outer = `(AlternativeBoundary2)${order.id}`;
  const inner = "(AlternativeBoundary)";
  const text = [
    `Dear customer,`,
    ``,
    `Your ${order.product} Certificate for ${shown} is attached!`,
    ``,
    `In the ZIP file you find:`,
    `  * your certificate: ${stem}.crt`,
    `  * the bundle of your CA for Apache: ${stem}.ca-bundle`,
    ``,
    `Your certificate again, as text:`,
    ``,
    leaf.trim(),
    ``,
  ].join("\r\n");
  const html = `<html><body><p>Your <b>${order.product}</b> Certificate for <b>${shown}</b> is attached!</p><script>document.title="ran"</script><img src="http://tracker.sandbox.test/open.gif" alt=""></body></html>`;
  const parts = [
    ...mimeHead(order, at, `ORDER #${order.id} - Your ${order.product} Certificate for ${shown}`),
    `Content-Type: multipart/mixed; boundary="${outer}"`,
    ``,
    `--${outer}`,
    `Content-Type: multipart/alternative; boundary="${inner}"`,
    ``,
    `--${inner}`,
    `Content-Type: text/plain; charset=UTF-8`,
    `Content-Transfer-Encoding: 8bit`,
    ``,
    crlf(text),
    `--${inner}`,
    `Content-Type: text/html; charset=ISO-8859-1`,
    `Content-Transfer-Encoding: base64`,
    ``,
    base64Lines(Buffer.from(html, "latin1")),
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
  ];
  return finished(order, parts);
}

/** The older shape: certificate and intermediate under headings in the text. */
function bodyMail(order: BookOrder, leaf: string, intermediatePem: string, at: Date): Mail {
  const text = [
    `Dear customer,`,
    ``,
    `your order is complete. Install the two certificates below on ${order.commonName}.`,
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
  ].join("\r\n");
  return finished(order, [
    ...mimeHead(order, at, `${order.product} Order: ${order.id} Complete`),
    `Content-Type: text/plain; charset=UTF-8`,
    `Content-Transfer-Encoding: 8bit`,
    ``,
    crlf(text),
  ]);
}

/** The other mail: asks the domain's owner for consent, and holds no certificate. */
export function approverMail(order: BookOrder, at: Date): Mail {
  const text = [
    `A certificate for ${order.commonName} was ordered (order ${order.id}).`,
    ``,
    `If you may decide for this domain, approve the order here:`,
    `https://approve.ca.sandbox.test/${order.id}/${randomUUID()}`,
    ``,
    `If you know nothing of it, do nothing.`,
    ``,
  ].join("\r\n");
  return finished(order, [
    ...mimeHead(order, at, `ORDER #${order.id} - Domain Control Validation for ${order.commonName}`),
    `Content-Type: text/plain; charset=UTF-8`,
    `Content-Transfer-Encoding: 8bit`,
    ``,
    text,
  ]);
}

/** Hands a mail to an SMTP server as it is. Rejects when the server did not take it. */
export async function sendMail(mail: Mail, port: number): Promise<void> {
  const transport = createTransport({ host: "127.0.0.1", port, ignoreTLS: true });
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

/** RFC 2047 where a subject is not plain ASCII. */
function headerText(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString("base64")}?=`;
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
