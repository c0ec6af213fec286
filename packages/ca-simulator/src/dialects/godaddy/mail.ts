import { type Addressing, finished, type Mail, mimeHead, shownName, textPart } from "../../mime.ts";
import type { BookOrder } from "../../order-book.ts";

export function issuedSubject(order: BookOrder): string {
  return `Your SSL certificate for ${shownName(order.commonName)} has been issued`;
}

export function dcvSubject(order: BookOrder): string {
  return `Domain validation needed for ${shownName(order.commonName)}`;
}

/** The mail announces the certificate and leads to the account, where it is fetched; nothing is attached. */
export async function godaddyMail(order: BookOrder, how: Addressing): Promise<Mail> {
  if (order.certificatePem === null)
    throw new Error("an order without a certificate has no fulfillment mail");
  const lines = [
    `Your ${order.product} certificate for ${shownName(order.commonName)} has been issued.`,
    ``,
    `Download the signed certificate and our intermediate certificates here:`,
    // Leads nowhere: nothing may be fetched from a mail without being asked for.
    `https://account.ca.sandbox.test/certificates/${order.id}`,
    ``,
  ];
  return finished(how, [...mimeHead(how, issuedSubject(order)), ...textPart(lines.join("\n"))]);
}
