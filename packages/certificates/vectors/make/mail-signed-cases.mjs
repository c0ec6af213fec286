import { attachment, envelope, multipart, part, plain, withEnvelope } from "./mail.mjs";
import { chainText } from "./set.mjs";
import { zip } from "./zip.mjs";

const subject = "Your certificate";

/** S/MIME (RFC 8551), and what other programs wrap mails in. @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki @param {import("./mail-cases.mjs").Put} put */
export function signedMails(book, pki, put) {
  const { shop } = pki;
  const chain = chainText(pki, "shop");
  pki.authority("mail-authority", {
    issuer: "other-root",
    extensions: { extendedKeyUsage: "emailProtection" },
  });
  pki.leaf("sender", {
    issuer: "mail-authority",
    san: "email:ca@example.test",
    extensions: { extendedKeyUsage: "emailProtection" },
  });
  const archive = zip([
    ["shop.crt", pki.pem("shop")],
    ["above.crt", pki.pem("intermediate")],
  ]);
  const contents = {
    text: part({ "Content-Type": "text/plain; charset=UTF-8" }, `Here it is:\n\n${chain}`),
    ZIP: multipart("mixed", "inside", [
      plain("Attached.\n"),
      attachment("shop.zip", archive, "application/zip"),
    ]),
  };
  const signer = ["-signer", "sender.crt", "-inkey", "sender.key", "-certfile", "mail-authority.crt"];
  const key = "pem/shop.key";
  for (const [name, content] of Object.entries(contents)) {
    shop.write("content.txt", content);
    const send = (/** @type {string[]} */ ...args) =>
      withEnvelope(envelope(subject), crlf(shop.output("cms", "-in", "content.txt", ...args)));
    const detached = send("-sign", ...signer);
    const opaque = send("-sign", "-nodetach", ...signer);
    const streamed = send("-sign", "-nodetach", "-stream", ...signer);
    const sealed = send("-encrypt", "-aes256", "sender.crt");
    book.add(`a signed mail with ${name}`, [put(`signed ${name}`, detached), key]);
    book.add(`an opaquely signed mail with ${name}`, [put(`opaque ${name}`, opaque), key]);
    book.add(`an opaquely signed mail with ${name}, streamed`, [put(`streamed ${name}`, streamed), key]);
    book.add(`an encrypted mail with ${name} alone`, [put(`encrypted ${name}`, sealed)], {
      leaf: null,
      findings: ["encrypted-email"],
    });
  }
  const pgp = multipart(
    'encrypted; protocol="application/pgp-encrypted"',
    "pgp",
    [
      part({ "Content-Type": "application/pgp-encrypted" }, "Version: 1\n"),
      part(
        { "Content-Type": 'application/octet-stream; name="encrypted.asc"' },
        "-----BEGIN PGP MESSAGE-----\n\nhQEMA0example+0123456789abcdefghijklmnopqrstuvwxyz\n=AbCd\n-----END PGP MESSAGE-----\n",
      ),
    ],
    envelope(subject),
  );
  book.add("a mail encrypted with OpenPGP", [put("PGP", pgp)], { leaf: null, findings: ["encrypted-email"] });
  const pgpSigned = multipart(
    'signed; protocol="application/pgp-signature"; micalg=pgp-sha256',
    "pgp",
    [
      part({ "Content-Type": "text/plain" }, chain),
      part(
        { "Content-Type": 'application/pgp-signature; name="signature.asc"' },
        "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdexample\n=AbCd\n-----END PGP SIGNATURE-----\n",
      ),
    ],
    envelope(subject),
  );
  book.add("a mail signed with OpenPGP", [put("PGP signed", pgpSigned), key]);
  tnefMails(book, pki, put);
}

/** OpenSSL writes LF between header fields. @param {Buffer} bytes */
function crlf(bytes) {
  return Buffer.from(bytes.toString("latin1").replace(/\r?\n/g, "\r\n"), "latin1");
}

/** Outlook's own envelope, [MS-OXTNEF], which is named and not read. @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki @param {import("./mail-cases.mjs").Put} put */
function tnefMails(book, pki, put) {
  const tnef = Buffer.concat([
    Buffer.from("789f3e220100", "hex"),
    tnefAttribute(1, 0x00089006, Buffer.from([0, 0, 1, 0])),
    tnefAttribute(2, 0x00069002, Buffer.alloc(14)),
    tnefAttribute(2, 0x00018010, Buffer.from("shop.crt\0")),
    tnefAttribute(2, 0x0006800f, Buffer.from(pki.pem("shop"))),
  ]);
  const winmail = attachment("winmail.dat", tnef, "application/ms-tnef");
  const alone = multipart("mixed", "=_b", [plain("See the attachment.\n"), winmail], envelope(subject));
  book.add("a mail in Outlook's own envelope", [put("TNEF", alone)], {
    leaf: null,
    findings: ["unsupported-format"],
  });
  const file = book.file("mail/winmail.dat", tnef);
  book.add("Outlook's own envelope as a file", [file], { leaf: null, findings: ["unsupported-format"] });
  const beside = multipart("mixed", "=_b", [plain(chainText(pki, "shop")), winmail], envelope(subject));
  book.add(
    "a mail with PEM in its text and Outlook's own envelope",
    [put("TNEF beside", beside), "pem/shop.key"],
    { findings: ["file-left-out"] },
  );
}

/** @param {number} level @param {number} id @param {Buffer} data */
function tnefAttribute(level, id, data) {
  const head = Buffer.alloc(9);
  head.writeUInt8(level, 0);
  head.writeUInt32LE(id, 1);
  head.writeUInt32LE(data.length, 5);
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(data.reduce((total, byte) => (total + byte) & 0xffff, 0));
  return Buffer.concat([head, data, sum]);
}
