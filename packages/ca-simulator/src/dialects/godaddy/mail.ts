import { randomUUID } from "node:crypto";
import { finished, type Mail, mimeHead, shownName, textPart } from "../../mime.ts";
import type { BookOrder } from "../../order-book.ts";
import type { IssuingChain, MailHow } from "../dialect.ts";

/** Says that it is there, and where to fetch it: no certificate travels with it. */
export async function godaddyMail(order: BookOrder, _: IssuingChain, how: MailHow): Promise<Mail> {
  const name = shownName(order.commonName);
  const text = [
    `Good news: the SSL certificate for ${name} is ready.`,
    ``,
    `Sign in and download it, together with the intermediate certificates:`,
    // Leads nowhere: nothing may be fetched from a mail without being asked for.
    `https://certs.ca.sandbox.test/download/${order.number}?t=${randomUUID()}`,
    ``,
  ];
  return finished(how, [
    ...mimeHead(how, `Your SSL certificate for ${name} is ready`),
    ...textPart(text.join("\n")),
  ]);
}
