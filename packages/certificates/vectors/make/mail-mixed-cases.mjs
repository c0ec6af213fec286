import { attachment, envelope, multipart, plain } from "./mail.mjs";
import { greeting, key, subject, withArchive } from "./mail-ca.mjs";
import { chainText } from "./set.mjs";
import { zip } from "./zip.mjs";

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki @param {import("./mail-cases.mjs").Put} put */
export function mailsWithKeys(book, pki, put) {
  const [chain, secret] = [chainText(pki, "shop"), pki.keyPem("shop")];
  const found = { findings: ["private-key-in-email"] };
  const mixed = (/** @type {Buffer[]} */ ...parts) =>
    multipart("mixed", "=_b", [plain(greeting), ...parts], envelope("Your certificate and key"));
  book.add(
    "a mail with the key in its text",
    [put("key in text", plain(`${chain}${secret}`, envelope("Your certificate and key")))],
    found,
  );
  book.add(
    "a mail with the key attached",
    [put("key attached", mixed(attachment("chain.pem", chain), attachment("shop.key", secret)))],
    found,
  );
  const archive = zip([
    ["chain.pem", chain],
    ["shop.key", secret],
  ]);
  book.add(
    "a mail with the key in a ZIP",
    [put("key in ZIP", mixed(attachment("all.zip", archive, "application/zip")))],
    found,
  );
  pki.shop.write("above.pem", pki.pem("intermediate"));
  const pfx = pki.shop.output(
    "pkcs12",
    "-export",
    "-in",
    "shop.crt",
    "-inkey",
    "shop.key",
    "-certfile",
    "above.pem",
    "-passout",
    "pass:letmein",
  );
  book.add(
    "a mail with a PKCS#12",
    [put("PKCS 12", mixed(attachment("shop.pfx", pfx, "application/x-pkcs12")))],
    { ...found, options: { password: "letmein" }, key: { encrypted: true } },
  );
  const onlyKey = put("only a key", plain(secret, envelope("The key")));
  book.add("a mail with the key, and certificates as files", [onlyKey, "pem/shop.chain.pem"], found);
}

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki @param {import("./mail-cases.mjs").Put} put @param {Buffer} archive */
export function mailsAndMore(book, pki, put, archive) {
  const twice = withArchive(
    `${greeting}${pki.pem("shop")}`,
    archive,
    "(AlternativeBoundary2)",
    "(AlternativeBoundary)",
  );
  book.add("a mail with a ZIP and the certificate again in its text", [put("again in text", twice), key], {
    findings: ["duplicate-certificates"],
  });
  const stripped = multipart("mixed", "=_b", [plain(`${greeting}${pki.pem("shop")}`)], envelope(subject));
  book.add("a mail whose ZIP was taken away and whose text has the certificate", [
    put("stripped", stripped),
    "pem/intermediate.crt",
    key,
  ]);
  book.add("a mail with the certificate only", [put("stripped", stripped), key], {
    chain: ["shop"],
    findings: ["missing-intermediate"],
  });
  const guide = multipart(
    "mixed",
    "=_b",
    [
      plain(greeting),
      attachment("shop.zip", archive, "application/zip"),
      attachment("guide.pdf", "%PDF-1.4\n%\u00e2\u00e3\n1 0 obj\n<<>>\nendobj\n", "application/pdf"),
    ],
    envelope(subject),
  );
  book.add("a mail with a ZIP and a guide", [put("guide", guide), key]);
  book.add("a mail without a key for it", [put("no key", withArchive(greeting, archive, "o", "i"))], {
    findings: ["missing-key"],
  });
  book.add(
    "a mail and a certificate from it as a file",
    [put("no key", withArchive(greeting, archive, "o", "i")), "pem/shop.crt", key],
    { findings: ["duplicate-certificates"] },
  );
}
