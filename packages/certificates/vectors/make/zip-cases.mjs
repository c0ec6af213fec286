import { zip } from "./zip.mjs";

const readMe = "Choosing the right files to install\n\nApache needs the certificate and the bundle.\n";

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
export function zipCases(book, pki) {
  const crt = pki.pem("shop");
  const bundle = pki.pem("intermediate");
  const key = "pem/shop.key";
  /** @type {[string, string | Buffer][]} */
  const pair = [
    ["shop_example_test.ca-bundle", bundle],
    ["shop_example_test.crt", crt],
  ];
  /** @param {[string, string | Buffer][]} files */
  const inFolder = (files) =>
    files.map(([name, bytes]) => /** @type {[string, string | Buffer]} */ ([`shop_1042/${name}`, bytes]));
  const stored = zip(pair);
  /** @type {Record<string, Buffer>} */
  const good = {
    "of stored files": stored,
    "of deflated files": zip(pair, { deflate: true }),
    "in a ZIP": zip([["inner.zip", stored]]),
    "in a ZIP, deflated": zip([["inner.zip", zip(pair, { deflate: true })]], { deflate: true }),
    "with a folder": zip([["shop_1042/", ""], ...inFolder(pair)]),
    "with folders and no entries for them": zip([
      ["a/b/shop.crt", crt],
      ["a/c/bundle.crt", bundle],
    ]),
    "with names that lead out of it": zip([
      ["../../shop.crt", crt],
      ["/etc/bundle.crt", bundle],
    ]),
    "with names beyond ASCII": zip([
      ["Zertifikat für Müller.crt", crt],
      ["Zwischenstelle.crt", bundle],
    ]),
    "of DER files": zip([
      ["shop.cer", pki.der("shop")],
      ["above.cer", pki.der("intermediate")],
    ]),
    "of one file with the whole chain": zip([["fullchain.pem", `${crt}${bundle}`]]),
  };
  for (const [name, bytes] of Object.entries(good)) {
    const file = book.file(`zip/${name.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase()}.zip`, bytes);
    book.add(`a ZIP ${name}`, [file, key]);
  }
  book.add("a ZIP with the key in it", [
    book.file("zip/with-key.zip", zip([...pair, ["shop.key", pki.keyPem("shop")]])),
  ]);
  const request = zip([...pair, ["shop.csr", pki.csr("shop")], ["shop.key", pki.keyPem("shop")]]);
  book.add("a ZIP with the request that fits", [book.file("zip/with-request.zip", request)]);
  const described = book.file(
    "zip/with-readme.zip",
    zip([...pair, ["Choosing the Right Files to Install.txt", readMe]]),
  );
  book.add("a ZIP with a README", [described, key]);
  const pictured = zip([
    ...inFolder(pair),
    ["shop_1042/logo.png", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex")],
  ]);
  book.add("a ZIP with a picture", [book.file("zip/with-picture.zip", pictured), key]);
  const rooted = zip([...pair, ["TrustedRoot.crt", pki.pem("root")]]);
  book.add("a ZIP with the root", [book.file("zip/with-root.zip", rooted), key], {
    findings: ["root-included"],
  });
  const forms = zip([
    ["CER - CRT Files/shop.crt", crt],
    ["CER - CRT Files/My_CA_Bundle.ca-bundle", bundle],
    ["Plain Text Files/shop.txt", crt],
  ]);
  book.add(
    "a reseller's ZIP with the certificate in two forms",
    [book.file("zip/two-forms.zip", forms), key],
    { findings: ["duplicate-certificates"] },
  );
  book.add(
    "a ZIP with only the bundle",
    [book.file("zip/bundle-only.zip", zip([["my.ca-bundle", bundle]]))],
    { leaf: null, findings: ["ca-certificate-as-leaf"] },
  );
  book.add("a ZIP with only a README", [book.file("zip/readme-only.zip", zip([["README.txt", readMe]]))], {
    leaf: null,
    findings: ["not-a-certificate"],
  });
  refused(book, pair, stored);
}

/** @param {import("./book.mjs").Book} book @param {[string, string | Buffer][]} pair @param {Buffer} stored */
function refused(book, pair, stored) {
  const twice = zip([["b.zip", zip([["a.zip", stored]])]]);
  const many = Array.from(
    { length: 2000 },
    (_, index) => /** @type {[string, string]} */ ([`${index}.txt`, ""]),
  );
  const cases = {
    "in a ZIP in a ZIP": [twice, "resource-limit"],
    "in a ZIP in a ZIP in a ZIP": [zip([["c.zip", twice]]), "resource-limit"],
    "that inflates to twenty megabytes": [
      zip([["zeros.crt", Buffer.alloc(20 << 20)]], { deflate: true }),
      "resource-limit",
    ],
    "of two thousand files": [zip(many), "resource-limit"],
    "with a password": [zip(pair, { password: "secret" }), "encrypted-zip"],
    "with a password and deflated": [zip(pair, { password: "secret", deflate: true }), "encrypted-zip"],
    "in AES": [zip(pair, { password: "secret", method: 99 }), "encrypted-zip"],
    "cut off at half": [stored.subarray(0, stored.length >> 1), "malformed-zip"],
    "cut off in its directory": [stored.subarray(0, -40), "malformed-zip"],
    "whose last bytes are missing": [stored.subarray(0, -5), "malformed-zip"],
    "whose directory points beyond its end": [withDirectoryAt(stored, stored.length + 100), "malformed-zip"],
  };
  for (const [name, [bytes, id]] of Object.entries(cases)) {
    const file = book.file(
      `zip/refused-${name.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase()}.zip`,
      /** @type {Buffer} */ (bytes),
    );
    book.add(`a ZIP ${name}`, [file], { leaf: null, findings: [String(id)] });
  }
}

/** @param {Buffer} bytes @param {number} offset */
function withDirectoryAt(bytes, offset) {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(offset, copy.length - 6);
  return copy;
}
