import { randomUUID } from "node:crypto";
import { finished, type Mail, mimeHead, shownName, textPart } from "../../mime.ts";
import type { BookOrder } from "../../order-book.ts";
import type { IssuingChain, MailHow } from "../dialect.ts";

/** GoDaddy's mail, who is the CA behind: it says that the certificate is there, and where to fetch it. */
export async function azureMail(order: BookOrder, _chain: IssuingChain, how: MailHow): Promise<Mail> {
  if (order.certificatePem === null)
    throw new Error("an order without a certificate has no fulfillment mail");
  const name = shownName(order.commonName);
  const text = [
    `Dear customer,`,
    ``,
    `the certificate for ${name} has been issued. Download it together with the intermediate certificate here:`,
    ``,
    linkOf(order),
    ``,
    `The private key is where the request (CSR) was made.`,
    ``,
  ].join("\n");
  return finished(how, [...mimeHead(how, `Your certificate for ${name} is ready`), ...textPart(text)]);
}

/** Leads nowhere: nothing may be fetched from a mail without being asked for. */
function linkOf(order: BookOrder): string {
  return `https://certificates.ca.sandbox.test/${order.id}/download?token=${randomUUID()}`;
}
