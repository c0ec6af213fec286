import { createPrivateKey } from "node:crypto";
import { integer, pem, withElementReplaced } from "./der.mjs";
import { fileName } from "./text-cases.mjs";

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki @param {import("./odd-cases.mjs").Alone} alone */
export function foreignKeys(book, pki, alone) {
  const ssh = openSshKey(pki);
  const putty = `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: shop\nPublic-Lines: 2\nAAAAC3NzaC1lZDI1NTE5AAAAIDummyDummyDummyDummyDummyDummyDummyDumm\ny0A=\nPrivate-Lines: 1\nAAAAIDummyDummyDummyDummyDummyDummyDummyDummyDummy\nPrivate-MAC: ${"00".repeat(32)}\n`;
  const jwk = JSON.stringify(createPrivateKey(pki.keyPem("second")).export({ format: "jwk" }), null, 2);
  const formats = { "an OpenSSH key": ssh, "a PuTTY key": putty, "a JSON Web Key": jwk };
  for (const [name, text] of Object.entries(formats)) {
    alone(name, text, "unsupported-key-format");
    book.add(
      `${name} beside a certificate imported by itself`,
      ["pem/direct.crt", `odd/${fileName(name)}.txt`],
      { leaf: "direct", options: { certificateOnly: true }, findings: ["unsupported-key-format"] },
    );
  }
  pki.key("dsa", "dsa");
  pki.key("x25519", "x25519");
  const kinds = { "a DSA key": pki.shop.text("dsa.key"), "an X25519 key": pki.shop.text("x25519.key") };
  for (const [name, text] of Object.entries(kinds)) {
    alone(name, text, "unsupported-key");
    book.add(
      `${name} beside a certificate imported by itself`,
      ["pem/direct.crt", `odd/${fileName(name)}.txt`],
      { leaf: "direct", options: { certificateOnly: true }, findings: ["unsupported-key"] },
    );
  }
  const encrypted = pki.shop.output(
    "pkcs8",
    "-topk8",
    "-in",
    "shop.key",
    "-v2",
    "aes-256-cbc",
    "-passout",
    "pass:letmein",
    "-outform",
    "DER",
  );
  const costly = withElementReplaced(encrypted, integer(2048), integer(900_000_000));
  const given = { leaf: null, options: { password: "letmein" }, findings: ["resource-limit"] };
  book.add(
    "a key that asks for 900 million rounds",
    [book.file("odd/costly.key", pem("ENCRYPTED PRIVATE KEY", costly))],
    given,
  );
  const scrypt = pki.shop.output(
    "pkcs8",
    "-topk8",
    "-in",
    "shop.key",
    "-scrypt",
    "-scrypt_N",
    "1024",
    "-passout",
    "pass:letmein",
    "-outform",
    "DER",
  );
  const large = withElementReplaced(scrypt, integer(1024), integer(2 ** 30));
  book.add(
    "a key that asks for a terabyte of memory",
    [book.file("odd/large.key", pem("ENCRYPTED PRIVATE KEY", large))],
    given,
  );
}

/** The layout of PROTOCOL.key, without encryption. @param {import("./pki.mjs").Pki} pki */
function openSshKey(pki) {
  const { d = "", x = "" } = createPrivateKey(pki.keyPem("ed25519")).export({ format: "jwk" });
  const [secret, open] = [d, x].map((text) => Buffer.from(text, "base64url"));
  const string = (/** @type {string | Buffer} */ value) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(Buffer.byteLength(value));
    return Buffer.concat([head, Buffer.from(value)]);
  };
  const number = (/** @type {number} */ value) => Buffer.from([0, 0, 0, value]);
  const publicKey = Buffer.concat([string("ssh-ed25519"), string(open ?? "")]);
  const list = Buffer.concat([
    number(7),
    number(7),
    publicKey,
    string(Buffer.concat([secret ?? Buffer.alloc(0), open ?? Buffer.alloc(0)])),
    string("shop"),
  ]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8].slice(0, (8 - (list.length % 8)) % 8));
  const body = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    string("none"),
    string("none"),
    string(""),
    number(1),
    string(publicKey),
    string(Buffer.concat([list, padding])),
  ]);
  return pem("OPENSSH PRIVATE KEY", body, 70);
}

/** @param {import("./odd-cases.mjs").Alone} alone */
export function foreignFormats(alone) {
  const start = (/** @type {string} */ hex) =>
    Buffer.concat([Buffer.from(hex, "hex"), Buffer.alloc(300, 0x41)]);
  alone("a Java keystore", start("feedfeed00000002000000010000000100"), "unsupported-format");
  alone("a Java keystore with ciphers", start("cececece00000002000000010000000100"), "unsupported-format");
  alone("a RAR archive", start("526172211a0701003392b5e50a01050600"), "unsupported-format");
  alone("a 7z archive", start("377abcaf271c0004"), "unsupported-format");
  alone("a gzip archive", start("1f8b0800000000000003"), "unsupported-format");
  alone(
    "an OpenPGP key",
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBFexampleABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmno\n=AbCd\n-----END PGP PUBLIC KEY BLOCK-----\n",
    "unsupported-format",
  );
}
