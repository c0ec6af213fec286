import { attachment, base64, envelope, multipart, part, plain, quotedPrintable } from "./mail.mjs";
import { automaticMails } from "./mail-automatic-cases.mjs";
import { greeting, key, subject, withArchive } from "./mail-ca.mjs";
import { mailsAndMore, mailsWithKeys } from "./mail-mixed-cases.mjs";
import { signedMails } from "./mail-signed-cases.mjs";
import { chainText } from "./set.mjs";
import { zip } from "./zip.mjs";

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
export function mailCases(book, pki) {
  const chain = chainText(pki, "shop");
  const archive = zip([
    ["shop_example_test.ca-bundle", pki.pem("intermediate")],
    ["shop_example_test.crt", pki.pem("shop")],
  ]);
  const put = (/** @type {string} */ name, /** @type {Buffer} */ bytes) =>
    book.file(`mail/${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.eml`, bytes);
  const html = `<html><body><p>Copy this:</p><pre>${chain}</pre></body></html>`;
  const good = {
    ...attached(archive, chain, pki),
    ...bodies(chain, html),
    ...forwarded(chain, archive, html),
    ...shapes(chain, archive),
  };
  for (const [name, bytes] of Object.entries(good)) book.add(`a mail ${name}`, [put(name, bytes), key]);
  signedMails(book, pki, put);
  automaticMails(book, pki, put);
  mailsWithKeys(book, pki, put);
  mailsAndMore(book, pki, put, archive);
}

/** @param {Buffer} archive @param {string} chain @param {import("./pki.mjs").Pki} pki @returns {Record<string, Buffer>} */
function attached(archive, chain, pki) {
  const [crt, above] = [pki.pem("shop"), pki.pem("intermediate")];
  const mixed = (/** @type {Buffer[]} */ ...parts) =>
    multipart("mixed", "=_b", [plain(greeting), ...parts], envelope(subject));
  const named = part(
    {
      "Content-Type": "application/octet-stream",
      "Content-Transfer-Encoding": "base64",
      "Content-Disposition": "attachment; filename*=UTF-8''shop%20f%C3%BCr%20M%C3%BCller.zip",
    },
    base64(archive),
  );
  return {
    "with a ZIP attached": withArchive(greeting, archive, "b2", "b1"),
    "with a ZIP and an outer boundary that the inner one begins": withArchive(
      greeting,
      archive,
      "(AlternativeBoundary2)",
      "(AlternativeBoundary)",
    ),
    "with a ZIP and an inner boundary that the outer one begins": withArchive(
      greeting,
      archive,
      "(AlternativeBoundary)",
      "(AlternativeBoundary2)",
    ),
    "with a ZIP as octets": withArchive(greeting, archive, "b2", "b1", "application/octet-stream"),
    "with a ZIP as application zip": withArchive(greeting, archive, "b2", "b1", "application/zip"),
    "with a ZIP that a gateway renamed": mixed(attachment("shop_example_test.zi_", archive)),
    "with a ZIP whose name is encoded": mixed(named),
    "with certificate and bundle attached": mixed(
      attachment("shop.crt", crt, "application/x-x509-ca-cert"),
      attachment("shop.ca-bundle", above),
    ),
    "with a text attachment of the whole chain": mixed(
      part({ "Content-Type": 'text/plain; name="chain.txt"', "Content-Disposition": "attachment" }, chain),
    ),
    "with DER files attached": mixed(
      attachment("shop.cer", pki.der("shop"), "application/pkix-cert"),
      attachment("above.cer", pki.der("intermediate"), "application/pkix-cert"),
    ),
    "with a PKCS#7 attached": mixed(attachment("shop.p7b", bundle(pki), "application/x-pkcs7-certificates")),
    "with attachments and no text": multipart(
      "mixed",
      "x",
      [attachment("chain.pem", chain, "application/x-pem-file")],
      envelope(subject),
    ),
    "that is nothing but a ZIP": part(
      { ...envelope(subject), "Content-Type": "application/zip", "Content-Transfer-Encoding": "base64" },
      base64(archive),
    ),
  };
}

/** @param {import("./pki.mjs").Pki} pki */
function bundle({ shop, pem }) {
  shop.write("bundle.pem", pem("shop") + pem("intermediate"));
  return shop.output("crl2pkcs7", "-nocrl", "-certfile", "bundle.pem", "-outform", "DER");
}

/** @param {string} chain @param {string} html @returns {Record<string, Buffer>} */
function bodies(chain, html) {
  const text = `${greeting}${chain}\nRegards\n`;
  const german = `Sehr geehrte Frau Müller,\n\nIhr Zertifikat für shop.example.test:\n\n${chain}\nMit freundlichen Grüßen\n`;
  const one = (
    /** @type {string} */ type,
    /** @type {string} */ encoding,
    /** @type {string | Buffer} */ body,
  ) =>
    part(
      {
        ...envelope("Your certificate for shop.example.test has been issued"),
        "Content-Type": type,
        "Content-Transfer-Encoding": encoding,
      },
      body,
    );
  const latin = Buffer.from(german.replaceAll("\n", "\r\n"), "latin1");
  const [leaf, above] = chain.split(/(?<=END CERTIFICATE-----\n)/);
  const headings = `Web Server CERTIFICATE\n-----------------\n\n${leaf}\nINTERMEDIATE CA:\n-----------------\n\n${above}\n`;
  return {
    "with PEM in its text": one("text/plain; charset=UTF-8", "8bit", text),
    "with PEM under headings of dashes": one("text/plain; charset=us-ascii", "7bit", headings),
    "with PEM in HTML only": one("text/html; charset=UTF-8", "8bit", html),
    "with PEM in HTML with line breaks, quoted-printable": one(
      "text/html; charset=UTF-8",
      "quoted-printable",
      quotedPrintable(Buffer.from(html.replaceAll("\n", "<br>\n"))),
    ),
    "with PEM in HTML in base64": one("text/html; charset=UTF-8", "base64", base64(Buffer.from(html))),
    "in ISO-8859-1": one("text/plain; charset=ISO-8859-1", "8bit", latin),
    "in ISO-8859-1, quoted-printable": one(
      "text/plain; charset=ISO-8859-1",
      "quoted-printable",
      quotedPrintable(latin),
    ),
    "in Windows-1252 that says nothing of it": one("text/plain", "8bit", latin),
    "in UTF-16, base64": one(
      "text/plain; charset=UTF-16LE",
      "base64",
      base64(Buffer.from(german, "utf16le")),
    ),
    "quoted-printable": one(
      "text/plain; charset=UTF-8",
      "quoted-printable",
      quotedPrintable(Buffer.from(text)),
    ),
    "with a text in base64": one("text/plain; charset=UTF-8", "base64", base64(Buffer.from(text))),
    "in format flowed": one(
      "text/plain; charset=UTF-8; format=flowed",
      "8bit",
      `This line is so long that it goes on \nhere.\n\n${chain}`,
    ),
    "with PEM in both of its alternatives": multipart(
      "alternative",
      "alt",
      [plain(text), part({ "Content-Type": "text/html; charset=UTF-8" }, html)],
      envelope(subject),
    ),
    "with PEM in the HTML alternative only": multipart(
      "alternative",
      "alt",
      [plain("Please read this mail as HTML.\n"), part({ "Content-Type": "text/html; charset=UTF-8" }, html)],
      envelope(subject),
    ),
    "with PEM in the HTML beside its pictures": multipart(
      "related",
      "rel",
      [part({ "Content-Type": "text/html; charset=UTF-8" }, html)],
      envelope(subject),
    ),
  };
}

/** @param {string} chain @param {Buffer} archive @param {string} html @returns {Record<string, Buffer>} */
function forwarded(chain, archive, html) {
  const inner = multipart(
    "mixed",
    "in",
    [plain(greeting), attachment("shop.zip", archive, "application/zip")],
    envelope(subject),
  );
  const innerText = part({ ...envelope(subject), "Content-Type": "text/plain" }, `${greeting}${chain}`);
  const outer = envelope("Fwd: your certificate", "Colleague <colleague@example.test>");
  const asMessage = (/** @type {Buffer} */ mail, /** @type {Record<string, string>} */ more = {}) =>
    multipart(
      "mixed",
      `out-${mail.length}`,
      [plain("See below.\n"), part({ "Content-Type": "message/rfc822", ...more }, mail)],
      outer,
    );
  const inline = `FYI\n\n---------- Forwarded message ---------\nFrom: CA <noreply@ca.example.test>\nSubject: ${subject}\n\n${chain}`;
  const quoted = `Please install this.\n\nOn Fri, 20 Nov 2026, the CA wrote:\n${chain.replace(/^/gm, "> ")}`;
  const outlook = `Please.\n\n-----Original Message-----\nFrom: CA\nSent: Friday\n\n${chain}`;
  return {
    "forwarded inline": plain(inline, outer),
    "forwarded with quote marks": plain(quoted, outer),
    "forwarded below a line of dashes like armour": plain(outlook, outer),
    "forwarded as an attached message with a ZIP": asMessage(inner),
    "forwarded as an attached message with text": asMessage(innerText),
    "forwarded twice as an attached message": asMessage(asMessage(inner)),
    "forwarded as a message with a name": asMessage(inner, {
      "Content-Disposition": 'attachment; filename="certificate.eml"',
    }),
    "forwarded as a file": multipart(
      "mixed",
      "out",
      [plain("See below.\n"), attachment("certificate.eml", inner)],
      outer,
    ),
    "forwarded as HTML in a quotation": part(
      { ...outer, "Content-Type": "text/html; charset=UTF-8" },
      `<div>FYI</div><blockquote>${html}</blockquote>`,
    ),
  };
}

/** @param {string} chain @param {Buffer} archive @returns {Record<string, Buffer>} */
function shapes(chain, archive) {
  const whole = part({ ...envelope(subject), "Content-Type": "text/plain" }, `${greeting}${chain}`);
  const zipped = withArchive(greeting, archive, "b2", "b1");
  const unix = (/** @type {Buffer} */ mail) =>
    Buffer.from(mail.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
  const folded = `=?UTF-8?B?${Buffer.from("Ihr Zertifikat für").toString("base64")}?=\r\n =?UTF-8?Q?_shop.example.test?=`;
  return {
    "with LF line ends": unix(whole),
    "with a ZIP and LF line ends": unix(zipped),
    "with the separator line of a mailbox before it": Buffer.concat([
      Buffer.from("From noreply@ca.example.test Fri Nov 20 10:00:00 2026\n"),
      unix(whole),
    ]),
    "with a byte order mark before it": Buffer.concat([Buffer.from("\uFEFF"), whole]),
    "with an encoded and folded subject": part(
      { ...envelope(folded), "Content-Type": "text/plain; charset=UTF-8" },
      chain,
    ),
    "with a long trail of Received fields": Buffer.concat([
      Buffer.from(
        Array.from(
          { length: 30 },
          (_, hop) =>
            `Received: from hop${hop}.example.test by next.example.test with ESMTPS;\r\n\tFri, 20 Nov 2026 10:00:${String(hop).padStart(2, "0")} +0000\r\n`,
        ).join(""),
      ),
      whole,
    ]),
    "without a MIME version": part({ From: "ca@example.test", Subject: subject }, `${greeting}${chain}`),
    "with words before and after its parts": Buffer.from(
      zipped
        .toString("latin1")
        .replace("\r\n\r\n--b2", "\r\n\r\nThis is a multi-part message in MIME format.\r\n--b2") +
        "\r\nThe end.\r\n",
      "latin1",
    ),
  };
}

/** @typedef {(name: string, bytes: Buffer) => string} Put */
