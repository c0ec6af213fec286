import { base64Lines, children, integer, pem, tlv, withElementReplaced } from "./der.mjs";
import { legacy } from "./openssl.mjs";
import { joined, toBer, withoutSeal } from "./pkcs12.mjs";
import { passwordCases } from "./pkcs12-password-cases.mjs";
import { fileName } from "./text-cases.mjs";

const password = "Correct horse 9";
const locked = { options: { password }, key: { encrypted: true } };
const converted = { fixed: ["pkcs12-converted"] };

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
export function pkcs12Cases(book, pki) {
  const { shop } = pki;
  /** @param {string[]} how */
  const pfx = (secret = password, how = /** @type {string[]} */ ([]), leaf = "shop") => {
    shop.write("above.pem", pki.chainOf(leaf).slice(1).map(pki.pem).join(""));
    const chain = how.includes("-nochain") || how.includes("-nokeys") ? [] : ["-certfile", "above.pem"];
    const options = how.filter((one) => one !== "-nochain");
    return shop.output(
      "pkcs12",
      "-export",
      "-in",
      `${leaf}.crt`,
      "-inkey",
      `${leaf}.key`,
      ...chain,
      "-passout",
      `pass:${secret}`,
      ...options,
      ...(how.includes("-legacy") ? [] : legacy),
    );
  };
  schemes(book, pfx);
  otherKeys(book, pfx);
  passwordCases(book, pki, pfx);
  contents(book, pki, pfx);
  shapes(book, pfx);
  brokenOnes(book, pki, pfx);
}

/** @typedef {(secret?: string, how?: string[], leaf?: string) => Buffer} MakePfx */

/** @param {import("./book.mjs").Book} book @param {MakePfx} pfx */
function schemes(book, pfx) {
  const all = {
    "AES-256": [],
    "AES-128": ["-keypbe", "AES-128-CBC", "-certpbe", "AES-128-CBC"],
    "AES-192": ["-keypbe", "AES-192-CBC", "-certpbe", "AES-192-CBC"],
    "Camellia-256": ["-keypbe", "camellia-256-cbc", "-certpbe", "camellia-256-cbc"],
    "RC2-40 for certificates": ["-legacy"],
    "3DES throughout": ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"],
    "RC2-40 throughout": ["-keypbe", "PBE-SHA1-RC2-40", "-certpbe", "PBE-SHA1-RC2-40", "-macalg", "sha1"],
    "RC2-128": ["-keypbe", "PBE-SHA1-RC2-128", "-certpbe", "PBE-SHA1-RC2-128", "-macalg", "sha1"],
    "RC4-128": ["-keypbe", "PBE-SHA1-RC4-128", "-certpbe", "PBE-SHA1-RC4-128", "-macalg", "sha1"],
    "RC4-40": ["-keypbe", "PBE-SHA1-RC4-40", "-certpbe", "PBE-SHA1-RC4-40", "-macalg", "sha1"],
    "two-key 3DES": ["-keypbe", "PBE-SHA1-2DES", "-certpbe", "PBE-SHA1-2DES", "-macalg", "sha1"],
    "a new cipher and an old seal": ["-macalg", "sha1"],
    "an old cipher and a new seal": [
      "-keypbe",
      "PBE-SHA1-3DES",
      "-certpbe",
      "PBE-SHA1-3DES",
      "-macalg",
      "sha512",
    ],
    "SHA-384 as its seal": ["-macalg", "sha384"],
    "no seal": ["-nomac"],
    "no seal and 3DES": ["-nomac", "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES"],
    "open certificates": ["-certpbe", "NONE"],
    "names for its entries": ["-name", "shop für alle", "-caname", "above"],
    "one round": ["-iter", "1"],
    "a hundred thousand rounds": ["-iter", "100000"],
  };
  for (const [name, how] of Object.entries(all)) {
    const file = book.file(`pkcs12/${fileName(name)}.p12`, pfx(password, how));
    const isOld = /RC2|RC4|3DES|an old cipher/.test(name);
    book.add(`a PKCS#12 with ${name}`, [file], { ...locked, ...(isOld ? converted : {}) });
  }
  const open = book.file("pkcs12/open-key.p12", pfx(password, ["-keypbe", "NONE", "-certpbe", "NONE"]));
  book.add("a PKCS#12 with open contents and a seal", [open], { ...locked, key: {} });
  const bare = book.file(
    "pkcs12/open-key-no-seal.p12",
    pfx("", ["-keypbe", "NONE", "-certpbe", "NONE", "-nomac"]),
  );
  book.add("a PKCS#12 with open contents and no seal", [bare], {});
}

/** @param {import("./book.mjs").Book} book @param {MakePfx} pfx */
function otherKeys(book, pfx) {
  for (const leaf of ["rsa", "p384", "p521", "ed25519", "rsa3072", "ed448"]) {
    const file = book.file(`pkcs12/key-${leaf}.p12`, pfx(password, [], leaf));
    book.add(`a PKCS#12 with a ${leaf} key`, [file], { leaf, ...locked });
  }
  const old = book.file("pkcs12/old-rsa.pfx", pfx(password, ["-legacy"], "rsa"));
  book.add("a PKCS#12 of an old program with an RSA key", [old], { leaf: "rsa", ...locked, ...converted });
}

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki @param {MakePfx} pfx */
function contents(book, pki, pfx) {
  const { shop } = pki;
  const alone = book.file("pkcs12/no-chain.p12", pfx(password, ["-nochain"]));
  book.add("a PKCS#12 without its chain", [alone], {
    ...locked,
    chain: ["shop"],
    findings: ["missing-intermediate"],
  });
  book.add("a PKCS#12 without its chain, which comes as a file", [alone, "pem/intermediate.crt"], locked);
  const publicOnly = shop.output(
    "pkcs12",
    "-export",
    "-nokeys",
    "-in",
    "shop.crt",
    "-certfile",
    "intermediate.crt",
    "-passout",
    `pass:${password}`,
  );
  const noKey = book.file("pkcs12/certificates-only.p12", publicOnly);
  book.add("a PKCS#12 of certificates only", [noKey], { options: { password }, findings: ["missing-key"] });
  book.add("a PKCS#12 of certificates only, with the key beside", [noKey, "pem/shop.key"], {
    options: { password },
  });
  book.add("a PKCS#12 of certificates only for an import of the certificate only", [noKey], {
    options: { password, certificateOnly: true },
  });
  const keyOnly = book.file(
    "pkcs12/key-only.p12",
    shop.output("pkcs12", "-export", "-nocerts", "-inkey", "shop.key", "-passout", `pass:${password}`),
  );
  book.add("a PKCS#12 of a key only, with the certificates beside", [keyOnly, "pem/shop.chain.pem"], locked);
  shop.write("with-root.pem", pki.pem("intermediate") + pki.pem("root"));
  const rooted = shop.output(
    "pkcs12",
    "-export",
    "-in",
    "shop.crt",
    "-inkey",
    "shop.key",
    "-certfile",
    "with-root.pem",
    "-passout",
    `pass:${password}`,
  );
  book.add("a PKCS#12 that holds the root as well", [book.file("pkcs12/with-root.p12", rooted)], {
    ...locked,
    findings: ["root-included"],
  });
  const others = shop.output(
    "pkcs12",
    "-export",
    "-in",
    "earlier.crt",
    "-inkey",
    "earlier.key",
    "-passout",
    `pass:${password}`,
  );
  book.add("a PKCS#12 and the certificates it holds", [book.file("pkcs12/aes.pfx", pfx()), "pem/shop.crt"], {
    ...locked,
    findings: ["duplicate-certificates"],
  });
  const two = book.file("pkcs12/two-keys.p12", joined(pfx(password, ["-nomac"]), withoutSeal(others)));
  book.add("a PKCS#12 with two certificates and their keys, one of them ordered", [two], {
    ...locked,
    options: { password, orderHosts: ["shop.example.test"] },
    findings: ["several-certificates", "several-keys"],
  });
  const spare = shop.output(
    "pkcs12",
    "-export",
    "-nocerts",
    "-inkey",
    "second.key",
    "-nomac",
    "-passout",
    `pass:${password}`,
  );
  book.add(
    "a PKCS#12 with a key nobody needs",
    [book.file("pkcs12/spare-key.p12", joined(spare, pfx(password, ["-nomac"])))],
    { ...locked, findings: ["several-keys"] },
  );
}

/** @param {import("./book.mjs").Book} book @param {MakePfx} pfx */
function shapes(book, pfx) {
  const der = pfx();
  book.add("a PKCS#12 in BER of indefinite length", [book.file("pkcs12/ber.p12", toBer(der))], locked);
  book.add("a PKCS#12 as base64", [book.file("pkcs12/base64.txt", `${base64Lines(der)}\n`)], locked);
  book.add("a PKCS#12 in PEM armour", [book.file("pkcs12/armoured.pem", pem("PKCS12", der))], locked);
  book.add("a PKCS#12 that is called a certificate", [book.file("pkcs12/called.crt", pfx())], locked);
}

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki @param {MakePfx} pfx */
function brokenOnes(book, { shop }, pfx) {
  const der = pfx();
  const options = { password };
  const contentType = children(children(der)[1]?.whole ?? der)[0]?.whole ?? der;
  const broken = {
    "cut off at half": der.subarray(0, der.length >> 1),
    "cut off in its last bytes": der.subarray(0, -3),
    "whose contents are a number": tlv(0x30, integer(3), tlv(0x30, contentType, tlv(0xa0, integer(7)))),
  };
  for (const [name, bytes] of Object.entries(broken)) {
    const file = book.file(`pkcs12/broken-${fileName(name)}.p12`, bytes);
    book.add(`a PKCS#12 ${name}`, [file], { leaf: null, options, findings: ["malformed-pkcs12"] });
  }
  const direct = shop.output(
    "pkcs12",
    "-export",
    "-in",
    "direct.crt",
    "-inkey",
    "direct.key",
    "-passout",
    `pass:${password}`,
  );
  const tail = book.file("pkcs12/trailing.p12", Buffer.concat([direct, Buffer.from("more")]));
  book.add("a PKCS#12 with bytes behind it", [tail], {
    unsaid: true,
    options,
    findings: ["trailing-garbage"],
  });
  const seal = children(der)[2]?.whole ?? der;
  const rounds = children(seal)[2]?.whole ?? integer(1);
  const costly = tlv(
    0x30,
    ...children(der)
      .slice(0, 2)
      .map(({ whole }) => whole),
    withElementReplaced(seal, rounds, integer(900_000_000)),
  );
  book.add("a PKCS#12 that asks for 900 million rounds", [book.file("pkcs12/costly.p12", costly)], {
    leaf: null,
    options,
    findings: ["resource-limit"],
  });
}
