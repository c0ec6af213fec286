import { base64Lines, children, element, indefinite, pem, tlv } from "./der.mjs";

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
export function pkcs7Cases(book, pki) {
  const { shop } = pki;
  /** @param {string[]} names */
  const bundle = (...names) => {
    shop.write("bundle.pem", names.map(pki.pem).join(""));
    return shop.output("crl2pkcs7", "-nocrl", "-certfile", "bundle.pem", "-outform", "DER");
  };
  const der = bundle("shop", "intermediate");
  const key = "pem/shop.key";
  const files = {
    "in DER": der,
    "in BER of indefinite length": toBer(der),
    "in PEM": pem("PKCS7", der),
    "in PEM with the label CMS": pem("CMS", der),
    "in PEM with the label PKCS #7 SIGNED DATA": pem("PKCS #7 SIGNED DATA", der),
    "in PEM with the label CERTIFICATE": pem("CERTIFICATE", der),
    "in PEM made of BER": pem("PKCS7", toBer(der)),
    "as base64 without armour": `${base64Lines(der)}\n`,
    "in PEM with CRLF": pem("PKCS7", der).replaceAll("\n", "\r\n"),
    "in PEM with quote marks": pem("PKCS7", der).replace(/^/gm, "> "),
    "in DER with the intermediate first": bundle("intermediate", "shop"),
  };
  for (const [name, bytes] of Object.entries(files)) {
    const file = book.file(`pkcs7/${name.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase()}.p7b`, bytes);
    book.add(`a PKCS#7 ${name}`, [file, key]);
  }
  const withRoot = book.file("pkcs7/with-root.p7b", bundle("root", "intermediate", "shop"));
  book.add("a PKCS#7 that holds the root as well", [withRoot, key], { findings: ["root-included"] });
  const chainOnly = book.file("pkcs7/chain-only.p7c", bundle("intermediate"));
  book.add("a PKCS#7 of the chain beside the certificate", [chainOnly, "pem/shop.crt", key]);
  book.add("only a PKCS#7 of CA certificates", [chainOnly], {
    leaf: null,
    findings: ["ca-certificate-as-leaf"],
  });
  const leafOnly = book.file("pkcs7/leaf-only.p7b", bundle("shop"));
  book.add("a PKCS#7 of the certificate alone", [leafOnly, key], {
    chain: ["shop"],
    findings: ["missing-intermediate"],
  });
  book.add(
    "a PKCS#7 beside the certificate it holds",
    [leafOnly, "pem/intermediate.crt", "pem/shop.crt", key],
    { findings: ["duplicate-certificates"] },
  );
  book.add("a PKCS#7 without a key", [book.file("pkcs7/chain.p7b", der)], { findings: ["missing-key"] });
  book.add("a PKCS#7 for an import of the certificate only", ["pkcs7/chain.p7b"], {
    options: { certificateOnly: true },
  });
  shop.openssl(
    "ca",
    "-gencrl",
    "-config",
    "ca.cnf",
    "-cert",
    "intermediate.crt",
    "-keyfile",
    "intermediate.key",
    "-out",
    "list.crl",
  );
  shop.write("bundle.pem", pki.pem("shop") + pki.pem("intermediate"));
  const withList = shop.output("crl2pkcs7", "-in", "list.crl", "-certfile", "bundle.pem", "-outform", "DER");
  book.add("a PKCS#7 that holds a revocation list beside its certificates", [
    book.file("pkcs7/with-crl.p7b", withList),
    key,
  ]);
  const broken = {
    "cut off after three quarters": der.subarray(0, Math.floor(der.length * 0.75)),
    "cut off in its last byte": der.subarray(0, -1),
    "that holds nothing": shop.output("crl2pkcs7", "-nocrl", "-outform", "DER"),
    "whose contents are a number": tlv(
      0x30,
      children(der)[0]?.whole ?? der,
      tlv(0xa0, tlv(0x02, Buffer.from([1]))),
    ),
  };
  for (const [name, bytes] of Object.entries(broken)) {
    const file = book.file(`pkcs7/broken-${name.replaceAll(" ", "-")}.p7b`, bytes);
    book.add(`a PKCS#7 ${name}`, [file], { leaf: null, findings: ["malformed-pkcs7"] });
  }
  const withTail = book.file("pkcs7/trailing.p7b", Buffer.concat([bundle("direct"), Buffer.from("tail")]));
  book.add("a PKCS#7 with bytes behind it", [withTail, "pem/direct.key"], {
    unsaid: true,
    findings: ["trailing-garbage"],
  });
}

/** Only what lies around the certificates: they are signed as DER. @param {Buffer} der */
function toBer(der) {
  const [type, wrapper] = children(der);
  if (!type || !wrapper) throw new Error("no PKCS#7");
  const signed = children(wrapper.content).map(({ tag, content, whole }) =>
    tag === 0xa0 ? indefinite(0xa0, content) : whole,
  );
  return indefinite(0x30, type.whole, indefinite(0xa0, indefinite(element(wrapper.content).tag, ...signed)));
}
