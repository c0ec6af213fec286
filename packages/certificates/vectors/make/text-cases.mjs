import { base64Lines, pem } from "./der.mjs";
import { quotedPrintable } from "./mail.mjs";
import { chainText } from "./set.mjs";

/** @typedef {(text: string) => string | Buffer} Damage */

/** What mail programs, editors and copying do to a text, and what a reader must undo without a word of warning. @type {Record<string, Damage>} */
const unnoticed = {
  "CRLF line ends": (text) => text.replaceAll("\n", "\r\n"),
  "a byte order mark": (text) => `\uFEFF${text}`,
  "trailing spaces": (text) => text.replaceAll("\n", "  \n"),
  "trailing tabs": (text) => text.replaceAll("\n", "\t\n"),
  "blank lines before, between and after": (text) => `\n\n${text.replaceAll("-----\n", "-----\n\n\n")}`,
  "no line break at the end": (text) => text.trimEnd(),
  "bodies in one long line": (text) => eachBody(text, (body) => `\n${body.replaceAll("\n", "")}\n`),
  "lines of 76 columns": (text) => eachBody(text, (body) => `\n${columns(body, 76)}\n`),
  "lines of 20 columns": (text) => eachBody(text, (body) => `\n${columns(body, 20)}\n`),
  "comment lines": (text) => `# www.example.test, ordered by Müller\n${text}; end\n`,
  "words around it": (text) =>
    `Dear customer,\n\nhere is what you ordered:\n\n${text}\nKind regards -- your CA\n`,
  "words in Windows-1252 around it": (text) =>
    Buffer.from(`Sehr geehrte Kunden, für Sie:\n${text}Mit Grüßen\n`, "latin1"),
  "a Markdown fence": (text) => `Put this into \`shop.pem\`:\n\n\`\`\`pem\n${text}\`\`\`\n`,
  "the dashes of a forwarded mail": (text) =>
    `----- Original Message -----\nFrom: ca@example.test\n-----------------------\n${text}-- \nsignature\n`,
};

/** The same, where the text itself was altered. @type {Record<string, Damage>} */
const altered = {
  "CR line ends": (text) => text.replaceAll("\n", "\r"),
  "UTF-16 with a mark, little end first": (text) => Buffer.from(`\uFEFF${text}`, "utf16le"),
  "UTF-16 with a mark, big end first": (text) => Buffer.from(`\uFEFF${text}`, "utf16le").swap16(),
  "UTF-16 without a mark, little end first": (text) => Buffer.from(text, "utf16le"),
  "UTF-16 without a mark, big end first": (text) => Buffer.from(text, "utf16le").swap16(),
  "files joined without a line break": (text) => text.replaceAll("-----\n-----BEGIN", "----------BEGIN"),
  "a soft hyphen in each line": (text) => text.replace(/^(.{30})(?=.{10})/gm, "$1\u00ad"),
  "no-break spaces at the beginning of lines": (text) => text.replace(/^/gm, "\u00a0\u00a0"),
  "an HTML page with pre": (text) =>
    `<!DOCTYPE html><html><body><h1>Your certificate</h1><pre>${text}</pre></body></html>`,
  "a JSON string around it": (text) => JSON.stringify({ id: 7, certificate: text }),
  "CDATA around it": (text) => `<?xml version="1.0"?>\n<reply><crt><![CDATA[${text}]]></crt></reply>\n`,
  "YAML around it": (text) => `apiVersion: v1\ntls: |\n${text.replace(/^(?=.)/gm, "    ")}\nkind: Secret\n`,
};

/** The same, where a person should see that it was repaired. @type {Record<string, Damage>} */
const repaired = {
  "quote marks": (text) => text.replace(/^/gm, "> "),
  "quote marks of two answers": (text) => text.replace(/^/gm, "> > "),
  "quote marks without a space": (text) => text.replace(/^/gm, ">"),
  "line breaks turned to spaces": (text) => text.replaceAll("\n", " "),
  "no line breaks at all": (text) => text.replaceAll("\n", ""),
  "spelled-out line breaks": (text) => text.replaceAll("\n", "\\n"),
  "spelled-out CRLF": (text) => text.replaceAll("\n", "\\r\\n"),
  "en dashes": (text) => text.replaceAll("-----", "–––––"),
  "an em dash for two hyphens": (text) => text.replaceAll("-----", "——-"),
  "no-break spaces in the labels": (text) =>
    text.replaceAll("BEGIN CERT", "BEGIN\u00a0CERT").replaceAll("END CERT", "END\u00a0CERT"),
  "zero-width spaces": (text) => text.replace(/^(.{20})(?=.{10})/gm, "$1\u200b"),
  "quoted-printable left in it": (text) =>
    quotedPrintable(Buffer.from(text)).replace(/^(.{40})(.+)$/gm, "$1=\n$2"),
  "an HTML page with line breaks": (text) =>
    `<html><body><p>Copy this:</p><p>${text.replaceAll("\n", "<br>\n")}</p></body></html>`,
  "an HTML page with a division for each line": (text) =>
    `<html><body>${text.replace(/^(.+)$/gm, "<div>$1</div>")}</body></html>`,
  "an HTML page with entities": (text) =>
    `<html><body><p>${text.replaceAll("+", "&#43;").replaceAll("/", "&#x2F;").replaceAll("=", "&#61;").replaceAll(" ", "&nbsp;").replaceAll("\n", "<br/>")}</p></body></html>`,
};

/** @param {string} text @param {(body: string) => string} change */
function eachBody(text, change) {
  return text.replace(
    /(-----BEGIN [^-]+-----)\n([^-]+)\n(?=-----END)/g,
    (_, begin, body) => `${begin}${change(body)}`,
  );
}

/** @param {string} body @param {number} width */
function columns(body, width) {
  return body.replaceAll("\n", "").replace(new RegExp(`.{${width}}(?=.)`, "g"), "$&\n");
}

/** @param {string} name */
export const fileName = (name) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
export function textCases(book, pki) {
  const chain = chainText(pki, "shop");
  const all = { ...unnoticed, ...altered, ...repaired };
  for (const [name, damage] of Object.entries(all)) {
    const file = book.file(`text/${fileName(name)}.txt`, damage(chain));
    const fixed = name in repaired ? ["text-repaired"] : [];
    book.add(`certificate and chain with ${name}`, [file, "pem/shop.key"], { fixed });
  }
  const both = `${chain}${pki.keyPem("shop")}`;
  for (const name of [
    "CR line ends",
    "quote marks",
    "spelled-out line breaks",
    "line breaks turned to spaces",
    "UTF-16 with a mark, little end first",
    "files joined without a line break",
  ]) {
    const file = book.file(`text/with-key-${fileName(name)}.txt`, all[name]?.(both) ?? "");
    book.add(`certificate, chain and key in one text with ${name}`, [file], {});
  }
  const encryptedKey = book.file(
    "text/quoted-encrypted.key",
    pki.shop
      .output("pkcs8", "-topk8", "-in", "shop.key", "-passout", "pass:letmein")
      .toString()
      .replace(/^/gm, "> "),
  );
  book.add("an encrypted key with quote marks", ["pem/shop.chain.pem", encryptedKey], {
    options: { password: "letmein" },
    key: { encrypted: true },
    fixed: ["text-repaired", "key-converted"],
  });
  const indented = book.file("text/indented.txt", chain.replace(/^(?=.)/gm, "    "));
  book.add("certificate and chain indented by four spaces", [indented, "pem/shop.key"]);
  const tabbed = book.file("text/tabbed.txt", chain.replace(/^(?=.)/gm, "\t"));
  book.add("certificate and chain indented by tabs", [tabbed, "pem/shop.key"]);
  unarmouredCases(book, pki);
  openSslTexts(book, pki);
  labels(book, pki);
}

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
function unarmouredCases(book, pki) {
  const wrapped = book.file("text/bare-wrapped.txt", `${base64Lines(pki.der("shop"))}\n`);
  const oneLine = book.file("text/bare-one-line.txt", pki.der("shop").toString("base64"));
  const key = book.file(
    "text/bare-key.txt",
    base64Lines(Buffer.from(pki.shop.output("pkey", "-in", "shop.key", "-outform", "DER"))),
  );
  const above = "pem/intermediate.crt";
  book.add("a certificate as base64 without armour", [wrapped, above, "pem/shop.key"], {
    fixed: ["text-repaired"],
  });
  book.add("a certificate as one line of base64", [oneLine, above, "pem/shop.key"], {
    fixed: ["text-repaired"],
  });
  book.add("certificate and key as base64 without armour", [wrapped, above, key]);
}

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
function openSslTexts(book, pki) {
  const { shop } = pki;
  shop.write("chain.pem", pki.pem("intermediate"));
  shop.openssl(
    "pkcs12",
    "-export",
    "-in",
    "shop.crt",
    "-inkey",
    "shop.key",
    "-certfile",
    "chain.pem",
    "-name",
    "shop",
    "-passout",
    "pass:",
    "-out",
    "bags.p12",
  );
  const bags = book.file(
    "text/bag-attributes.pem",
    shop.output("pkcs12", "-in", "bags.p12", "-nodes", "-passin", "pass:"),
  );
  book.add("a PKCS#12 written out with its bag attributes", [bags]);
  const spoken = ["shop", "intermediate"].map((name) =>
    shop.output("x509", "-in", `${name}.crt`, "-text").toString(),
  );
  book.add("certificates with their contents in words above them", [
    book.file("text/x509-text.pem", spoken.join("")),
    "pem/shop.key",
  ]);
  const shown = `depth=1 CN = Test intermediate\nverify return:1\n---\nCertificate chain\n 0 s:CN = shop.example.test\n   i:CN = Test intermediate\n${pki.pem("shop")} 1 s:CN = Test intermediate\n   i:CN = Test root\n${pki.pem("intermediate")}---\nServer certificate\n`;
  book.add("what a TLS client shows of a server's chain", [
    book.file("text/showcerts.txt", shown),
    "pem/shop.key",
  ]);
}

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
function labels(book, pki) {
  const { shop } = pki;
  const above = "pem/intermediate.crt";
  const trusted = book.file(
    "pem/trusted.pem",
    shop.output("x509", "-in", "shop.crt", "-trustout", "-addtrust", "serverAuth", "-setalias", "shop"),
  );
  book.add("a TRUSTED CERTIFICATE with trust settings behind it", [trusted, above, "pem/shop.key"]);
  const plainTrusted = book.file(
    "pem/trusted-plain.pem",
    shop.output("x509", "-in", "shop.crt", "-trustout"),
  );
  book.add("a TRUSTED CERTIFICATE without trust settings", [plainTrusted, above, "pem/shop.key"]);
  const old = book.file("pem/x509-label.pem", pem("X509 CERTIFICATE", pki.der("shop")));
  book.add("an X509 CERTIFICATE", [old, above, "pem/shop.key"]);
  const oldAbove = book.file(
    "pem/x509-label-intermediate.pem",
    pem("X509 CERTIFICATE", pki.der("intermediate")),
  );
  book.add("X509 CERTIFICATE labels throughout", [old, oldAbove, "pem/shop.key"]);
  const wrongKeyLabel = book.file(
    "pem/pkcs8-labelled-pkcs1.key",
    pki.keyPem("rsa").replaceAll(" PRIVATE", " RSA PRIVATE"),
  );
  book.add("a PKCS#8 key labelled as PKCS#1", ["pem/rsa.chain.pem", wrongKeyLabel], { leaf: "rsa" });
  for (const name of ["shop", "intermediate"]) book.file(`der/${name}.der`, pki.der(name));
  book.file("der/shop.key", shop.output("pkey", "-in", "shop.key", "-outform", "DER"));
  book.add("certificate, chain and key as DER", ["der/shop.der", "der/intermediate.der", "der/shop.key"]);
  book.add("a DER certificate beside PEM", ["der/shop.der", above, "pem/shop.key"]);
  book.add("a DER intermediate beside PEM", ["pem/shop.crt", "der/intermediate.der", "pem/shop.key"]);
}
