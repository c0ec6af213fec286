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
} from "../../mime.ts";
import { type BookOrder, certificateIdOf } from "../../order-book.ts";
import type { IssuingChain, MailHow } from "../dialect.ts";

/**
 * The mail with the certificate in one of its three forms. Names of ZIP and files are those of the vendor's install
 * guides and users' notes; the subject changes with the account's language, so nobody may lean on it.
 */
export async function digicertMail(order: BookOrder, chain: IssuingChain, how: MailHow): Promise<Mail> {
  const leaf = how.certificatePem ?? order.certificatePem;
  if (leaf === null) throw new Error("an order without a certificate has no fulfillment mail");
  const greeting = [
    ...(how.message ? [how.message, ``] : []),
    `Your ${order.product} certificate for ${shownName(order.commonName)} (order ${order.id}) has been issued.`,
    ``,
  ];
  switch (how.format ?? "attachment") {
    case "attachment":
      return await attachmentMail(order, { ...chain, leaf }, greeting, how);
    case "plaintext":
      return plainMail(order, [...greeting, leaf.trim(), ``, chain.intermediatePem.trim(), ``], how);
    case "link":
      return plainMail(order, [...greeting, `Download it here:`, linkOf(order), ``], how);
  }
}

async function attachmentMail(
  order: BookOrder,
  pems: { readonly leaf: string; readonly intermediatePem: string; readonly rootPem: string },
  greeting: readonly string[],
  how: Addressing,
): Promise<Mail> {
  const stem = fileStem(order.commonName);
  const folder = `${stem}_${order.id}`;
  const zip = await zipOf([
    [`${folder}/${stem}.crt`, crlf(pems.leaf)],
    [`${folder}/DigiCertCA.crt`, crlf(pems.intermediatePem)],
    [`${folder}/TrustedRoot.crt`, crlf(pems.rootPem)],
    [`${folder}/INSTALL_INSTRUCTIONS.txt`, "Install the certificate together with DigiCertCA.crt.\r\n"],
  ]);
  const boundary = `=_${randomUUID()}`;
  return finished(how, [
    ...mimeHead(how, subjectOf(order)),
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    ``,
    `--${boundary}`,
    ...textPart(
      [...greeting, `The certificate and its intermediate are in the attached ZIP file.`, ``].join("\n"),
    ),
    ``,
    `--${boundary}`,
    `Content-Type: application/zip; name="${folder}.zip"`,
    `Content-Transfer-Encoding: base64`,
    `Content-Disposition: attachment; filename="${folder}.zip"`,
    ``,
    base64Lines(zip),
    `--${boundary}--`,
    ``,
  ]);
}

function plainMail(order: BookOrder, lines: readonly string[], how: Addressing): Mail {
  return finished(how, [...mimeHead(how, subjectOf(order)), ...textPart(lines.join("\n"))]);
}

function subjectOf(order: BookOrder): string {
  return `Your certificate for ${shownName(order.commonName)} has been issued`;
}

/** Leads nowhere: nothing may be fetched from a mail without being asked for. */
function linkOf(order: BookOrder): string {
  return `https://download.ca.sandbox.test/certificate/${certificateIdOf(order)}?token=${randomUUID()}`;
}
