import { withByteChanged } from "./der.mjs";
import { fileName } from "./text-cases.mjs";

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
export function faultCases(book, pki) {
  brokenLinks(book, pki);
  falseSignatures(book, pki);
}

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
function brokenLinks(book, pki) {
  const dates = { from: "2024-01-01T00:00:00Z", to: "2026-11-01T00:00:00Z" };
  /** @type {[string, string, object, object][]} */
  const links = [
    ["an issuer that has expired", "expired-intermediate", dates, {}],
    [
      "an issuer that expired an hour ago",
      "expired-intermediate",
      { from: "2024-01-01T00:00:00Z", to: "2026-11-22T23:00:00Z" },
      {},
    ],
    [
      "an issuer that is no CA",
      "invalid-chain",
      { extensions: { basicConstraints: "critical,CA:FALSE" } },
      {},
    ],
    ["an issuer without basic constraints", "invalid-chain", { extensions: { basicConstraints: null } }, {}],
    [
      "an issuer that may not sign certificates",
      "invalid-chain",
      { extensions: { keyUsage: "critical,cRLSign,digitalSignature" } },
      {},
    ],
    [
      "an issuer for other names only",
      "invalid-chain",
      { extensions: { nameConstraints: "critical,permitted;DNS:other.test" } },
      {},
    ],
    [
      "an issuer that excludes its name",
      "invalid-chain",
      { extensions: { nameConstraints: "critical,excluded;DNS:example.test" } },
      {},
    ],
    [
      "an issuer for one of its two names",
      "invalid-chain",
      { extensions: { nameConstraints: "critical,permitted;DNS:example.test" } },
      { san: "DNS:ok.example.test,DNS:ok.example.org", subject: "/CN=ok.example.test" },
    ],
    [
      "an issuer for other addresses only",
      "invalid-chain",
      { extensions: { nameConstraints: "critical,permitted;IP:192.0.2.0/255.255.255.0" } },
      { san: "IP:198.51.100.7", subject: "/CN=198.51.100.7" },
    ],
    ["an issuer signed with SHA-1", "weak-signature", { md: "sha1" }, {}],
    [
      "an issuer for its names",
      "",
      { extensions: { nameConstraints: "critical,permitted;DNS:example.test" } },
      {},
    ],
    [
      "an issuer that excludes other names",
      "",
      { extensions: { nameConstraints: "critical,excluded;DNS:other.test" } },
      {},
    ],
    [
      "an issuer for its names and no addresses",
      "",
      { extensions: { nameConstraints: "critical,permitted;DNS:example.test,excluded;IP:0.0.0.0/0.0.0.0" } },
      {},
    ],
    [
      "an issuer for its addresses",
      "",
      { extensions: { nameConstraints: "critical,permitted;IP:192.0.2.0/255.255.255.0" } },
      { san: "IP:192.0.2.7", subject: "/CN=192.0.2.7" },
    ],
    [
      "an issuer whose constraints are not critical",
      "",
      { extensions: { nameConstraints: "permitted;DNS:example.test" } },
      {},
    ],
    ["an issuer without extended key usage", "", { extensions: { extendedKeyUsage: null } }, {}],
  ];
  for (const [name, id, authority, leaf] of links) {
    const own = fileName(name);
    pki.authority(`${own}-ca`, authority);
    pki.leaf(own, {
      issuer: `${own}-ca`,
      subject: "/CN=linked.example.test",
      san: "DNS:linked.example.test",
      ...leaf,
    });
    const text = book.file(`chain/${own}.pem`, pki.pem(own) + pki.pem(`${own}-ca`) + pki.keyPem(own));
    book.add(`a certificate with ${name}`, [text], {
      leaf: own,
      chain: id === "invalid-chain" ? null : undefined,
      findings: id ? [id] : [],
    });
  }
  pki.authority("too-deep", { issuer: "intermediate" });
  pki.leaf("too-long", { issuer: "too-deep" });
  pki.authority("too-deep-root-side", { issuer: "lower", pathLength: null });
  pki.leaf("too-long-by-one", { issuer: "too-deep-root-side" });
  for (const name of ["too-long", "too-long-by-one"]) {
    const text = book.file(`chain/${name}.pem`, pki.chainOf(name).map(pki.pem).join("") + pki.keyPem(name));
    book.add(`a chain longer than its path length: ${name}`, [text], {
      leaf: name,
      chain: null,
      findings: ["invalid-chain"],
    });
  }
  pki.authority("old-root", { issuer: null, md: "sha1" });
  pki.authority("under-old-root", { issuer: "old-root" });
  pki.leaf("old-rooted", { issuer: "under-old-root" });
  const root = book.file("pki/old-root.crt", pki.pem("old-root"));
  const text = book.file(
    "chain/old-rooted.pem",
    pki.chainOf("old-rooted").map(pki.pem).join("") + pki.keyPem("old-rooted"),
  );
  book.add("a trusted root that signed itself with SHA-1", [text], {
    leaf: "old-rooted",
    options: { trust: [root] },
  });
  book.add("a trusted root that signed itself with SHA-1, among the files", [text, root], {
    leaf: "old-rooted",
    options: { trust: [root] },
    findings: ["root-included"],
  });
}

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
function falseSignatures(book, pki) {
  const names = { subject: "/CN=Test intermediate" };
  pki.authority("impostor", names);
  const impostor = book.file("chain/impostor.crt", pki.pem("impostor"));
  const found = { chain: null, findings: ["bad-signature"] };
  book.add(
    "an issuer of the right name that did not sign",
    ["pem/shop.crt", impostor, "pem/shop.key"],
    found,
  );
  /** @param {string} name @param {Buffer} bytes @param {string[]} beside @param {string} [leaf] */
  const changed = (name, bytes, beside, leaf = "shop") =>
    book.add(name, [book.file(`chain/${fileName(name)}.der`, bytes), ...beside], { ...found, leaf, bytes });
  const [shop, direct] = [pki.der("shop"), pki.der("direct")];
  const beside = ["pem/intermediate.crt", "pem/shop.key"];
  changed("a certificate whose signature was changed", withByteChanged(shop, -3), beside);
  changed(
    "a certificate whose name was changed",
    withByteChanged(shop, shop.indexOf("www.shop.example.test") + 4),
    beside,
  );
  changed(
    "a certificate that a trusted root did not sign",
    withByteChanged(direct, -3),
    ["pem/direct.key"],
    "direct",
  );
  const text = changedText(pki.pem("shop"));
  const letter = book.file("chain/letter-changed.pem", text);
  book.add("a certificate with one letter changed in its signature", [letter, ...beside], {
    ...found,
    bytes: Buffer.from(text),
  });
  const above = book.file("chain/intermediate-changed.der", withByteChanged(pki.der("intermediate"), -3));
  book.add(
    "an intermediate that the trusted root did not sign",
    ["pem/shop.crt", above, "pem/shop.key"],
    found,
  );
}

/** @param {string} pem */
function changedText(pem) {
  const at = pem.indexOf("\n-----END") - 12;
  return pem.slice(0, at) + (pem[at] === "A" ? "B" : "A") + pem.slice(at + 1);
}
