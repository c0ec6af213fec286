import { brokenDer, brokenText } from "./broken-cases.mjs";
import { unarmoured } from "./der.mjs";
import { foreignFormats, foreignKeys } from "./foreign-cases.mjs";
import { fileName } from "./text-cases.mjs";

const good = ["pem/shop.crt", "pem/intermediate.crt", "pem/shop.key"];

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
export function oddCases(book, pki) {
  /** Only this, or as a certificate-only import beside it. @param {string} name @param {string | Buffer} bytes @param {string} id */
  const alone = (name, bytes, id) =>
    book.add(name, [book.file(`odd/${fileName(name)}.txt`, bytes)], { leaf: null, findings: [id] });
  nothing(book, alone);
  otherThings(book, pki, alone);
  foreignKeys(book, pki, alone);
  foreignFormats(alone);
  brokenText(book, pki, alone);
  brokenDer(book, pki, alone);
  beside(book, pki);
}

/** @typedef {(name: string, bytes: string | Buffer, id: string) => void} Alone */

/** @param {import("./book.mjs").Book} book @param {Alone} alone */
function nothing(book, alone) {
  const empty = book.file("odd/empty.crt", "");
  book.add("no file at all", [], { leaf: null, findings: ["empty-input"] });
  book.add("an empty file", [empty], { leaf: null, findings: ["empty-input"] });
  book.add("two empty files", [empty, book.file("odd/empty.key", "")], {
    leaf: null,
    findings: ["empty-input"],
  });
  alone("words", "Hello, is this the right place for my certificate?\n", "not-a-certificate");
  alone(
    "random bytes",
    Buffer.from(Array.from({ length: 600 }, (_, index) => (index * 73 + (index >> 3) * 151 + 5) % 256)),
    "not-a-certificate",
  );
  alone(
    "a page that asks to sign in",
    "<!DOCTYPE html><html><body><form>Please sign in</form></body></html>",
    "unsupported-format",
  );
  alone("a host name", "www.example.test\n", "not-a-certificate");
  alone("a fingerprint", `${"AB:CD:".repeat(16).slice(0, -1)}\n`, "not-a-certificate");
}

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki @param {Alone} alone */
function otherThings(book, pki, alone) {
  const { shop } = pki;
  const request = pki.csr("shop");
  alone("a certificate request", request, "csr-given");
  alone("a certificate request in DER", unarmoured(request), "csr-given");
  alone(
    "a NEW CERTIFICATE REQUEST",
    request.replaceAll("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"),
    "csr-given",
  );
  alone("a certificate request with quote marks", request.replace(/^/gm, "> "), "csr-given");
  alone(
    "a certificate request with its contents in words",
    shop.output("req", "-in", "shop.csr", "-text"),
    "csr-given",
  );
  book.add("a certificate request and its key", ["pem/shop.csr", "pem/shop.key"], {
    leaf: null,
    key: { type: "ec" },
    findings: ["csr-given"],
  });
  alone("a public key", shop.output("pkey", "-in", "shop.key", "-pubout"), "public-key-given");
  alone(
    "a public key in DER",
    shop.output("pkey", "-in", "shop.key", "-pubout", "-outform", "DER"),
    "public-key-given",
  );
  alone("an RSA PUBLIC KEY", shop.output("rsa", "-in", "rsa.key", "-RSAPublicKey_out"), "public-key-given");
  const list = shop.output("ca", "-gencrl", "-config", "ca.cnf", "-cert", "root.crt", "-keyfile", "root.key");
  alone("a revocation list", list, "crl-given");
  alone("a revocation list in DER", unarmoured(list.toString()), "crl-given");
  book.add("a key only", ["pem/shop.key"], {
    leaf: null,
    key: { type: "ec" },
    findings: ["missing-certificate"],
  });
  book.add("an RSA key only", ["keys/rsa-old.key"], {
    leaf: null,
    key: { type: "rsa" },
    findings: ["missing-certificate"],
  });
  book.add("a key only in DER", ["der/shop.key"], {
    leaf: null,
    key: { type: "ec" },
    findings: ["missing-certificate"],
  });
  book.add("a PKCS#12 with a key only", ["pkcs12/key-only.p12"], {
    leaf: null,
    options: { password: "Correct horse 9" },
    key: { type: "ec", encrypted: true },
    findings: ["missing-certificate"],
  });
}

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
function beside(book, pki) {
  const readMe = book.file("odd/README.txt", "How to install your certificate.\n");
  const logo = book.file(
    "odd/logo.png",
    Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489", "hex"),
  );
  const left = { findings: ["file-left-out"] };
  book.add("a README beside", [...good, readMe], left);
  book.add("a README before", [readMe, ...good], left);
  book.add("a picture beside", [...good, logo], left);
  book.add("a README and a picture beside", [...good, readMe, logo], left);
  book.add("the public key beside", [...good, `odd/${fileName("a public key")}.txt`], left);
  book.add("the request of another certificate beside", [...good, "pem/second.csr"], left);
  book.add("the request that fits beside", [...good, "pem/shop.csr"]);
  const settings = book.file(
    "odd/settings.pem",
    pki.shop.output("dhparam", "-text", "-in", dhParameters(pki)),
  );
  book.add("a certificate file of a web server with its DH parameters", [
    book.file(
      "odd/haproxy.pem",
      `${pki.pem("shop")}${pki.pem("intermediate")}${pki.keyPem("shop")}${book.files.get(settings)}`,
    ),
  ]);
}

/** A group of RFC 7919: made in no time. @param {import("./pki.mjs").Pki} pki */
function dhParameters({ shop }) {
  shop.openssl("genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048", "-out", "dh.pem");
  return "dh.pem";
}
