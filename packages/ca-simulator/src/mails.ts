import { randomUUID } from "node:crypto";
import {
  type Addressing,
  base64Lines,
  crlf,
  fileStem,
  finished,
  type Mail,
  mimeHead,
  shownName,
  textPart,
  zipOf,
} from "./mime.ts";
import type { BookOrder } from "./order-book.ts";
import { escapeHtml } from "./page.ts";

/** The mail with the certificate, as CAs send it: ZIP and text, or everything in the body (older brands). */
export async function fulfillmentMail(
  order: BookOrder,
  intermediatePem: string,
  how: Addressing,
): Promise<Mail> {
  if (order.certificatePem === null)
    throw new Error("an order without a certificate has no fulfillment mail");
  const leaf = order.certificatePem;
  return order.mailStyle === "zip"
    ? await zipMail(order, leaf, intermediatePem, how)
    : bodyMail(order, leaf, intermediatePem, how);
}

/**
 * The shape seen from Sectigo and its resellers: a ZIP beside a text that repeats the leaf at its end, a second text
 * in HTML and ISO-8859-1, boundaries with parentheses of which one begins like the other.
 */
async function zipMail(
  order: BookOrder,
  leaf: string,
  intermediatePem: string,
  how: Addressing,
): Promise<Mail> {
  const stem = fileStem(order.commonName);
  const zip = await zipOf([
    [`${stem}.ca-bundle`, intermediatePem],
    [`${stem}.crt`, leaf],
  ]);
  const what = `Your ${order.product} Certificate for ${shownName(order.commonName)}`;
  const outer = "(AlternativeBoundary2)";
  const inner = "(AlternativeBoundary)";
  return finished(how, [
    ...mimeHead(how, `ORDER #${order.id} - ${what}`),
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
function bodyMail(order: BookOrder, leaf: string, intermediatePem: string, how: Addressing): Mail {
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
  return finished(how, [...mimeHead(how, `${order.product} Order: ${order.id} Complete`), ...textPart(text)]);
}

/** The other mail: asks the domain's owner for consent, and holds no certificate. */
export function approverMail(order: BookOrder, how: Addressing): Mail {
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
  return finished(how, [
    ...mimeHead(how, `ORDER #${order.id} - Domain Control Validation for ${name}`),
    ...textPart(text),
  ]);
}
