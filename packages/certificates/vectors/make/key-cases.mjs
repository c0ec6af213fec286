import { legacy } from "./openssl.mjs";
import { fileName } from "./text-cases.mjs";

const password = "Correct horse 9";
const pass = ["-passout", `pass:${password}`];
const oldSchemes = [
  "PBE-MD5-DES",
  "PBE-MD5-RC2-64",
  "PBE-SHA1-RC2-64",
  "PBE-SHA1-DES",
  "PBE-SHA1-RC4-128",
  "PBE-SHA1-RC4-40",
  "PBE-SHA1-3DES",
  "PBE-SHA1-2DES",
  "PBE-SHA1-RC2-128",
  "PBE-SHA1-RC2-40",
];
const ciphers = [
  "aes-128-cbc",
  "aes-192-cbc",
  "aes-256-cbc",
  "des3",
  "des",
  "rc2",
  "rc2-40-cbc",
  "rc2-64-cbc",
  "camellia-128-cbc",
  "camellia-192-cbc",
  "camellia-256-cbc",
  "aria-128-cbc",
  "aria-192-cbc",
  "aria-256-cbc",
  "sm4-cbc",
];
const hashes = [
  "hmacWithSHA1",
  "hmacWithSHA224",
  "hmacWithSHA256",
  "hmacWithSHA384",
  "hmacWithSHA512",
  "hmacWithSHA512-224",
  "hmacWithSHA512-256",
];
const textCiphers = [
  "aes128",
  "aes192",
  "aes256",
  "des3",
  "des",
  "camellia128",
  "camellia192",
  "camellia256",
  "aria128",
  "aria192",
  "aria256",
];

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
export function keyCases(book, pki) {
  plainKeys(book, pki);
  pkcs8Keys(book, pki);
  textEncryptedKeys(book, pki);
  lockedKeys(book);
  oddPassphrases(book, pki);
  falseKeys(book, pki);
}

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
function plainKeys(book, pki) {
  const { shop } = pki;
  const converted = { fixed: ["key-converted"] };
  for (const [name, old] of [
    ["rsa", "PKCS#1"],
    ["shop", "SEC 1"],
    ["p384", "SEC 1"],
    ["p521", "SEC 1"],
    ["rsa3072", "PKCS#1"],
  ]) {
    const chain = `pem/${name}.chain.pem`;
    const pem = book.file(`keys/${name}-old.key`, shop.output("pkey", "-in", `${name}.key`, "-traditional"));
    const der = book.file(
      `keys/${name}-old.der`,
      shop.output("pkey", "-in", `${name}.key`, "-traditional", "-outform", "DER"),
    );
    book.add(`a ${name} key as ${old} in PEM`, [chain, pem], { leaf: name, ...converted });
    book.add(`a ${name} key as ${old} in DER`, [chain, der], { leaf: name, ...converted });
  }
  for (const name of ["shop", "rsa", "p384", "p521", "rsa3072", "ed25519", "ed448"]) {
    const der = book.file(`keys/${name}.der`, shop.output("pkey", "-in", `${name}.key`, "-outform", "DER"));
    book.add(`a ${name} key as PKCS#8 in PEM`, [`pem/${name}.chain.pem`, `pem/${name}.key`], { leaf: name });
    book.add(`a ${name} key as PKCS#8 in DER`, [`pem/${name}.chain.pem`, der], { leaf: name });
  }
  const settings = shop.output("ecparam", "-name", "prime256v1");
  const withSettings = book.file(
    "keys/ec-parameters.key",
    `${settings}${shop.output("pkey", "-in", "shop.key", "-traditional")}`,
  );
  book.add("an EC key below its EC PARAMETERS", ["pem/shop.chain.pem", withSettings], converted);
}

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
function pkcs8Keys(book, pki) {
  const { shop } = pki;
  const opened = { options: { password }, key: { encrypted: true }, fixed: ["key-converted"] };
  /** @param {string} name @param {string[]} scheme @param {string} [leaf] */
  const both = (name, scheme, leaf = "shop") => {
    for (const form of ["PEM", "DER"]) {
      const bytes = shop.output(
        "pkcs8",
        "-topk8",
        "-in",
        `${leaf}.key`,
        ...scheme,
        ...pass,
        "-outform",
        form,
        ...legacy,
      );
      const file = book.file(`keys/pkcs8-${fileName(name)}.${form === "PEM" ? "key" : "der"}`, bytes);
      book.add(`a key encrypted with ${name} in ${form}`, [`pem/${leaf}.chain.pem`, file], {
        leaf,
        ...opened,
      });
    }
  };
  for (const scheme of oldSchemes) both(scheme, ["-v1", scheme]);
  for (const cipher of ciphers) both(`PBES2 and ${cipher}`, ["-v2", cipher]);
  for (const cipher of ["seed-cbc", "bf-cbc", "cast5-cbc"]) {
    const bytes = shop.output("pkcs8", "-topk8", "-in", "shop.key", "-v2", cipher, ...pass, ...legacy);
    const file = book.file(`keys/forgotten-${cipher}.key`, bytes);
    book.add(`a key behind a cipher that nobody offers any more, ${cipher}`, ["pem/shop.chain.pem", file], {
      options: { password, certificateOnly: true },
      findings: ["unsupported-key-format"],
    });
  }
  both("PBES2, scrypt and aes-256-cbc", ["-scrypt", "-scrypt_N", "1024"]);
  for (const hash of hashes) {
    const bytes = shop.output(
      "pkcs8",
      "-topk8",
      "-in",
      "shop.key",
      "-v2",
      "aes-256-cbc",
      "-v2prf",
      hash,
      ...pass,
    );
    const file = book.file(`keys/pkcs8-${fileName(hash)}.key`, bytes);
    book.add(`a key encrypted with PBKDF2 and ${hash}`, ["pem/shop.chain.pem", file], opened);
  }
  for (const leaf of ["rsa", "p384", "p521", "rsa3072", "ed25519", "ed448"]) {
    const bytes = shop.output("pkcs8", "-topk8", "-in", `${leaf}.key`, "-v2", "aes-256-cbc", ...pass);
    const file = book.file(`keys/pkcs8-${leaf}-aes256.key`, bytes);
    book.add(`a ${leaf} key encrypted with PBES2 and AES-256`, [`pem/${leaf}.chain.pem`, file], {
      leaf,
      ...opened,
    });
  }
}

/** RFC 1421 section 4.6.1: `Proc-Type` and `DEK-Info`. @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
function textEncryptedKeys(book, pki) {
  for (const [leaf, tool] of [
    ["rsa", ["rsa", "-traditional"]],
    ["shop", ["ec"]],
  ])
    for (const cipher of textCiphers) {
      const bytes = pki.shop.output(...tool, "-in", `${leaf}.key`, `-${cipher}`, ...pass, ...legacy);
      const file = book.file(`keys/dek-${leaf}-${cipher}.key`, bytes);
      const expected = {
        leaf: String(leaf),
        options: { password },
        key: { encrypted: true },
        fixed: ["key-converted"],
      };
      book.add(`a ${leaf} key with DEK-Info and ${cipher}`, [`pem/${leaf}.chain.pem`, file], expected);
    }
}

/** @param {import("./book.mjs").Book} book */
function lockedKeys(book) {
  const locked = [
    "dek-rsa-aes256",
    "dek-shop-aes128",
    "dek-shop-des3",
    "pkcs8-pbes2-and-aes-256-cbc",
    "pkcs8-pbes2-scrypt-and-aes-256-cbc",
    "pkcs8-pbe-sha1-3des",
    "pkcs8-pbe-md5-des",
  ];
  for (const name of locked) {
    const leaf = name.includes("-rsa-") ? "rsa" : "shop";
    const given = [`pem/${leaf}.chain.pem`, `keys/${name}.key`];
    book.add(`no passphrase for ${name}`, given, { leaf, key: null, findings: ["passphrase-required"] });
    book.add(`a wrong passphrase for ${name}`, given, {
      leaf,
      key: null,
      findings: ["wrong-passphrase"],
      options: { password: "correct horse 9" },
    });
  }
  const der = ["pem/shop.chain.pem", "keys/pkcs8-pbes2-and-aes-256-cbc.der"];
  book.add("no passphrase for a key in DER", der, { key: null, findings: ["passphrase-required"] });
  book.add("a wrong passphrase for a key in DER", der, {
    key: null,
    findings: ["wrong-passphrase"],
    options: { password: `${password} ` },
  });
  book.add("a passphrase that no key needs", ["pem/shop.chain.pem", "pem/shop.key"], {
    options: { password },
  });
}

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
function oddPassphrases(book, { shop }) {
  for (const [name, odd] of [
    ["umlauts and Cyrillic letters", "Grüße-пароль-密码"],
    ["a space at its end", "letmein "],
    ["quotes and a backslash", "a\"b'c\\d$e"],
    ["sixty-four letters", "x".repeat(64)],
    ["an emoji", "key🔑key"],
  ]) {
    const bytes = shop.output(
      "pkcs8",
      "-topk8",
      "-in",
      "shop.key",
      "-v2",
      "aes-256-cbc",
      "-passout",
      `pass:${odd}`,
    );
    const file = book.file(`keys/passphrase-${fileName(name ?? "")}.key`, bytes);
    book.add(`a key whose passphrase has ${name}`, ["pem/shop.chain.pem", file], {
      options: { password: odd ?? "" },
      key: { encrypted: true },
      fixed: ["key-converted"],
    });
  }
  const text = shop.output("ec", "-in", "shop.key", "-aes256", "-passout", "pass:Grüße");
  book.add(
    "an old key whose passphrase has umlauts",
    ["pem/shop.chain.pem", book.file("keys/dek-umlauts.key", text)],
    { options: { password: "Grüße" }, key: { encrypted: true }, fixed: ["key-converted"] },
  );
}

/**
 * The public half stands in the key beside the private one and is the certificate's; that the private one is another
 * number only shows when it signs (RFC 5915 section 3).
 * @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki
 */
function falseKeys(book, { shop }) {
  for (const [leaf, begin] of [
    ["shop", "0201010420"],
    ["p384", "0201010430"],
  ]) {
    const bytes = shop.output("pkey", "-in", `${leaf}.key`, "-outform", "DER");
    const at = bytes.indexOf(Buffer.from(String(begin), "hex")) + 15;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    const given = [`pem/${leaf}.chain.pem`, book.file(`keys/false-${leaf}.der`, bytes)];
    book.add(`a ${leaf} key that only claims to be the certificate's`, given, {
      leaf: String(leaf),
      findings: ["handshake-failed"],
    });
  }
}
