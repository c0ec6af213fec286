/** The certificates most vectors are made of. @param {import("./pki.mjs").Pki} pki */
export function makeSet(pki) {
  pki.authority("root", { issuer: null });
  pki.authority("other-root", { issuer: null });
  pki.authority("intermediate");
  pki.authority("rsa-intermediate", { algorithm: "rsa2048" });
  pki.authority("upper", { pathLength: 1 });
  pki.authority("lower", { issuer: "upper" });
  pki.authority("stranger", { issuer: "other-root" });
  pki.leaf("shop", { san: "DNS:shop.example.test,DNS:www.shop.example.test" });
  pki.leaf("rsa", { algorithm: "rsa2048" });
  pki.leaf("direct", { issuer: "root" });
  pki.leaf("deep", { issuer: "lower" });
  pki.leaf("elsewhere", { issuer: "stranger" });
  for (const [name, algorithm] of [["p384"], ["p521"], ["rsa3072"], ["ed25519"], ["ed448"]])
    pki.leaf(name ?? "", { algorithm: algorithm ?? name });
  pki.leaf("second");
  pki.leaf("earlier", { to: "2027-03-01T00:00:00Z" });
}

/** Files that many vectors share. @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
export function putSharedFiles(book, pki) {
  for (const name of ["root", "other-root"]) book.file(`pki/${name}.crt`, pki.pem(name));
  for (const name of ["intermediate", "rsa-intermediate", "upper", "lower", "stranger"])
    book.file(`pem/${name}.crt`, pki.pem(name));
  for (const name of [
    "shop",
    "rsa",
    "direct",
    "deep",
    "elsewhere",
    "p384",
    "p521",
    "rsa3072",
    "ed25519",
    "ed448",
    "second",
    "earlier",
  ]) {
    book.file(`pem/${name}.crt`, pki.pem(name));
    book.file(`pem/${name}.key`, pki.keyPem(name));
    book.file(`pem/${name}.csr`, pki.csr(name));
    book.file(`pem/${name}.chain.pem`, chainText(pki, name));
  }
}

/** The certificate and its chain in one text. @param {import("./pki.mjs").Pki} pki @param {string} name */
export function chainText(pki, name) {
  return pki.chainOf(name).map(pki.pem).join("");
}
