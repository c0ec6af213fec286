/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
export function extraCases(book, pki) {
  const good = ["pem/shop.crt", "pem/intermediate.crt", "pem/shop.key"];
  const [crt, above, key] = good.map(String);
  book.add("an intermediate of another CA beside", [...good, "pem/stranger.crt"], {
    findings: ["unrelated-certificates"],
  });
  book.add("two intermediates of others beside", [...good, "pem/upper.crt", "pem/stranger.crt"], {
    findings: ["unrelated-certificates"],
  });
  book.add(
    "the certificate twice in one text",
    [
      book.file("chain/leaf-twice.pem", [pki.pem("shop"), pki.pem("shop"), pki.pem("intermediate")].join("")),
      String(key),
    ],
    { findings: ["duplicate-certificates"] },
  );
  book.add(
    "the intermediate twice in one text",
    [
      book.file(
        "chain/intermediate-twice.pem",
        [pki.pem("shop"), pki.pem("intermediate"), pki.pem("intermediate")].join(""),
      ),
      String(key),
    ],
    { findings: ["duplicate-certificates"] },
  );
  book.add("the certificate as PEM and as DER", [...good, "der/shop.der"], {
    findings: ["duplicate-certificates"],
  });
  book.add(
    "the four files that ACME clients write",
    [String(crt), String(above), "pem/shop.chain.pem", String(key)],
    { findings: ["duplicate-certificates"] },
  );
  book.add("another certificate beside, whose key is not there", [...good, "pem/second.crt"], {
    findings: ["several-certificates"],
  });
  book.add(
    "two certificates and both keys, the one that ends later taken",
    [...good, "pem/earlier.crt", "pem/earlier.key"],
    { options: { orderHosts: ["shop.example.test"] }, findings: ["several-certificates", "several-keys"] },
  );
  book.add(
    "two certificates and the key of the one that ends earlier",
    ["pem/shop.crt", "pem/earlier.crt", String(above), "pem/earlier.key"],
    { leaf: "earlier", findings: ["several-certificates"] },
  );
  pki.leaf("renewed", {
    subject: "/CN=shop.example.test",
    san: "DNS:shop.example.test",
    from: "2026-11-20T00:00:00Z",
    to: "2027-05-20T00:00:00Z",
  });
  pki.leaf("before", {
    subject: "/CN=shop.example.test",
    san: "DNS:shop.example.test",
    from: "2026-05-20T00:00:00Z",
    to: "2026-11-28T00:00:00Z",
  });
  const pair = [
    book.file("chain/renewed.crt", pki.pem("renewed")),
    book.file("chain/before.crt", pki.pem("before")),
  ];
  for (const given of [pair, pair.toReversed()]) {
    const place = given === pair ? "first" : "last";
    book.add(`an old certificate and its renewal, the renewal ${place}`, [...given, String(above)], {
      leaf: "renewed",
      options: { certificateOnly: true },
      findings: ["several-certificates"],
    });
    book.add(
      `an old certificate and its renewal with its key, the renewal ${place}`,
      [...given, String(above), book.file("chain/renewed.key", pki.keyPem("renewed"))],
      { leaf: "renewed", findings: ["several-certificates"] },
    );
  }
  book.add("a key that belongs to nothing beside the one that fits", [...good, "pem/second.key"], {
    findings: ["several-keys"],
  });
  book.add("a key that belongs to nothing before the one that fits", ["pem/rsa.key", ...good], {
    findings: ["several-keys"],
  });
  book.add("the key twice", [...good, "der/shop.key"]);
  book.add("a key that is not the certificate's", [String(crt), String(above), "pem/second.key"], {
    key: { matches: false },
    findings: ["key-mismatch"],
  });
  book.add("a key of another kind", [String(crt), String(above), "pem/rsa.key"], {
    key: { type: "rsa", matches: false },
    findings: ["key-mismatch"],
  });
  book.add("a key of another curve", [String(crt), String(above), "pem/p384.key"], {
    key: { matches: false },
    findings: ["key-mismatch"],
  });
  book.add(
    "a key that is not the certificate's, with the request that is",
    [String(crt), String(above), "pem/second.key", "pem/shop.csr"],
    { key: { matches: false }, findings: ["key-mismatch"] },
  );
  book.add("no key", [String(crt), String(above)], { findings: ["missing-key"] });
  book.add("no key, but the request", [String(crt), String(above), "pem/shop.csr"], {
    findings: ["missing-key"],
  });
  book.add("no key, for an import of the certificate only", [String(crt), String(above)], {
    options: { certificateOnly: true },
  });
}
