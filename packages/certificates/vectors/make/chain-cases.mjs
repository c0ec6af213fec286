import { extraCases } from "./chain-extra-cases.mjs";
import { faultCases } from "./chain-fault-cases.mjs";

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
export function chainCases(book, pki) {
  orders(book, pki);
  inputs(book);
  ends(book);
  crossSigned(book, pki);
  extraCases(book, pki);
  faultCases(book, pki);
}

/** @template T @param {T[]} list @returns {T[][]} */
function permutations(list) {
  if (list.length < 2) return [list];
  return list.flatMap((one, index) => permutations(list.toSpliced(index, 1)).map((rest) => [one, ...rest]));
}

/** Every order of two CAs, a certificate and its key in one text. @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
function orders(book, pki) {
  for (const order of permutations(["deep", "lower", "upper", "key"])) {
    const text = order.map((name) => (name === "key" ? pki.keyPem("deep") : pki.pem(name))).join("");
    const isOrdered = order.filter((name) => name !== "key").join() === "deep,lower,upper";
    const file = book.file(`chain/${order.join("-")}.pem`, text);
    book.add(`one text in the order ${order.join(", ")}`, [file], {
      leaf: "deep",
      fixed: isOrdered ? [] : ["chain-reordered"],
    });
  }
  for (const order of permutations(["shop", "intermediate", "root"])) {
    const file = book.file(`chain/rooted-${order.join("-")}.pem`, order.map(pki.pem).join(""));
    const above = order.filter((name) => name !== "root");
    book.add(`one text with the root in the order ${order.join(", ")}`, [file, "pem/shop.key"], {
      findings: ["root-included"],
      fixed: above[0] === "shop" ? [] : ["chain-reordered"],
    });
  }
}

/** @param {import("./book.mjs").Book} book */
function inputs(book) {
  for (const order of permutations(["shop.crt", "intermediate.crt", "shop.key"]))
    book.add(
      `three files in the order ${order.join(", ")}`,
      order.map((name) => `pem/${name}`),
    );
  for (const order of permutations(["shop.crt", "intermediate.crt", "shop.key", "shop.csr"]).filter(
    (_, index) => index % 5 === 0,
  ))
    book.add(
      `four files with the request that fits in the order ${order.join(", ")}`,
      order.map((name) => `pem/${name}`),
    );
  for (const order of permutations(["deep.crt", "lower.crt", "upper.crt"]))
    book.add(
      `chain files in the order ${order.join(", ")}`,
      [...order.map((name) => `pem/${name}`), "pem/deep.key"],
      { leaf: "deep" },
    );
}

/** Where the chain ends. @param {import("./book.mjs").Book} book */
function ends(book) {
  const [crt, key, above, root] = ["pem/shop.crt", "pem/shop.key", "pem/intermediate.crt", "pki/root.crt"];
  book.add("a certificate, its chain and its key", [crt, above, key]);
  book.add("a certificate that a trusted root issued itself", ["pem/direct.crt", "pem/direct.key"], {
    leaf: "direct",
  });
  book.add(
    "a certificate that a trusted root issued itself, with the root",
    ["pem/direct.crt", root, "pem/direct.key"],
    { leaf: "direct", findings: ["root-included"] },
  );
  book.add("a certificate without its chain", [crt, key], {
    chain: ["shop"],
    findings: ["missing-intermediate"],
  });
  book.add("a certificate without its chain and without a key", [crt], {
    chain: ["shop"],
    findings: ["missing-intermediate", "missing-key"],
  });
  book.add("a certificate without its chain, for an import of it alone", [crt], {
    chain: ["shop"],
    options: { certificateOnly: true },
    findings: ["missing-intermediate"],
  });
  book.add("a certificate whose issuer is known", [crt, key], {
    options: { intermediates: "pem/intermediate.crt" },
  });
  book.add("a certificate whose two issuers are known", ["pem/deep.crt", "pem/deep.key"], {
    leaf: "deep",
    options: {
      intermediates: book.file(
        "pki/known.pem",
        `${book.files.get("pem/lower.crt")}${book.files.get("pem/upper.crt")}`,
      ),
    },
  });
  book.add("a certificate whose upper issuer is known", ["pem/deep.crt", "pem/lower.crt", "pem/deep.key"], {
    leaf: "deep",
    options: { intermediates: "pem/upper.crt" },
  });
  book.add("a certificate whose issuer is not among the known ones", [crt, key], {
    chain: ["shop"],
    options: { intermediates: "pem/upper.crt" },
    findings: ["missing-intermediate"],
  });
  book.add("a chain whose upper part is missing", ["pem/deep.crt", "pem/lower.crt", "pem/deep.key"], {
    leaf: "deep",
    chain: ["deep", "lower"],
    findings: ["missing-intermediate"],
  });
  book.add("a chain whose lower part is missing", ["pem/deep.crt", "pem/upper.crt", "pem/deep.key"], {
    leaf: "deep",
    chain: ["deep"],
    findings: ["missing-intermediate", "unrelated-certificates"],
  });
  book.add(
    "a chain up to a root nobody trusts",
    ["pem/elsewhere.chain.pem", "pki/other-root.crt", "pem/elsewhere.key"],
    { leaf: "elsewhere", findings: ["root-included", "untrusted-root"] },
  );
  book.add(
    "a chain up to a root trusted only here",
    ["pem/elsewhere.chain.pem", "pki/other-root.crt", "pem/elsewhere.key"],
    { leaf: "elsewhere", options: { trust: ["pki/other-root.crt"] }, findings: ["root-included"] },
  );
  book.add("a chain whose root is trusted among others", ["pem/elsewhere.chain.pem", "pem/elsewhere.key"], {
    leaf: "elsewhere",
    options: { trust: ["pki/root.crt", "pki/other-root.crt"] },
  });
  book.add("a certificate that an untrusted root issued itself", ["pem/direct.crt", root, "pem/direct.key"], {
    leaf: "direct",
    options: { trust: ["pki/other-root.crt"] },
    findings: ["root-included", "untrusted-root"],
  });
  book.add(
    "a chain whose root is neither trusted nor there",
    ["pem/elsewhere.chain.pem", "pem/elsewhere.key"],
    { leaf: "elsewhere", findings: ["missing-intermediate"] },
  );
  book.add("only the CA's own certificate", [above], { leaf: null, findings: ["ca-certificate-as-leaf"] });
  book.add("only a root", [root], { leaf: null, findings: ["ca-certificate-as-leaf"] });
  book.add("only a chain without its certificate", ["pem/lower.crt", "pem/upper.crt"], {
    leaf: null,
    findings: ["ca-certificate-as-leaf"],
  });
}

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
function crossSigned(book, pki) {
  const names = { subject: "/CN=Test young root", key: "young-root" };
  pki.authority("young-root", { issuer: null, ...names });
  pki.authority("young-by-old", { issuer: "root", pathLength: null, ...names });
  pki.authority("young-by-old-expired", {
    issuer: "root",
    pathLength: null,
    ...names,
    to: "2025-01-01T00:00:00Z",
  });
  pki.authority("under-young", { issuer: "young-root" });
  pki.leaf("cross", { issuer: "under-young" });
  const twin = { subject: "/CN=Test twin", key: "twin" };
  pki.authority("twin", { ...twin });
  pki.authority("twin-elsewhere", { ...twin, issuer: "other-root" });
  pki.authority("twin-expired", { ...twin, to: "2025-01-01T00:00:00Z" });
  pki.leaf("twins", { issuer: "twin" });
  for (const name of [
    "young-by-old",
    "young-by-old-expired",
    "under-young",
    "twin",
    "twin-elsewhere",
    "twin-expired",
    "cross",
    "twins",
  ])
    book.file(`cross/${name}.crt`, pki.pem(name));
  for (const name of ["cross", "twins"]) book.file(`cross/${name}.key`, pki.keyPem(name));
  const young = book.file("pki/young-root.crt", pki.pem("young-root"));
  const given = ["cross/cross.crt", "cross/under-young.crt", "cross/cross.key"];
  book.add("a chain over a cross-signed root to the old one", [...given, "cross/young-by-old.crt"], {
    leaf: "cross",
    chain: ["cross", "under-young", "young-by-old"],
  });
  book.add("a chain to the young root, which is trusted", given, {
    leaf: "cross",
    chain: ["cross", "under-young"],
    options: { trust: [young] },
  });
  book.add(
    "a chain to the young root, which is trusted, with its cross certificate",
    [...given, "cross/young-by-old.crt"],
    { leaf: "cross", chain: ["cross", "under-young"], options: { trust: [young] } },
  );
  book.add(
    "a chain to the young root, whose cross certificate has expired",
    [...given, "cross/young-by-old-expired.crt"],
    { leaf: "cross", chain: ["cross", "under-young"], options: { trust: [young] } },
  );
  book.add("a chain that needs the expired cross certificate", [...given, "cross/young-by-old-expired.crt"], {
    leaf: "cross",
    chain: ["cross", "under-young", "young-by-old-expired"],
    findings: ["expired-intermediate"],
  });
  const twins = ["cross/twins.crt", "cross/twins.key"];
  for (const order of [
    ["twin", "twin-elsewhere"],
    ["twin-elsewhere", "twin"],
  ])
    book.add(
      `two issuers of one key, one to a trusted root, in the order ${order.join(", ")}`,
      [...twins, ...order.map((name) => `cross/${name}.crt`)],
      { leaf: "twins", chain: ["twins", "twin"] },
    );
  for (const order of [
    ["twin", "twin-expired"],
    ["twin-expired", "twin"],
  ])
    book.add(
      `two issuers of one key, one expired, in the order ${order.join(", ")}`,
      [...twins, ...order.map((name) => `cross/${name}.crt`)],
      { leaf: "twins", chain: ["twins", "twin"] },
    );
}
