import { fileName } from "./text-cases.mjs";

/** What no public CA may write: addresses as names, wildcards that are no whole first label. */
const breaksRules = ["address-as-name", "partial-wildcard", "inner-wildcard"];

/** Ordered hosts and what covers them (RFC 9525 section 6). @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
export function hostCases(book, pki) {
  /** @type {Record<string, [san: string | null, cases: [ordered: string[], covered: boolean][]]>} */
  const all = {
    exact: [
      "DNS:example.test,DNS:www.example.test",
      [
        [["example.test"], true],
        [["example.test", "www.example.test"], true],
        [["WWW.Example.TEST"], true],
        [["www.example.test."], true],
        [["example.test", "mail.example.test"], false],
        [["shop.www.example.test"], false],
        [["*.example.test"], false],
        [["example.org"], false],
        [["ww.example.test"], false],
      ],
    ],
    wildcard: [
      "DNS:*.example.test",
      [
        [["www.example.test"], true],
        [["*.example.test"], true],
        [["xn--bcher-kva.example.test"], true],
        [["MAIL.example.test."], true],
        [["example.test"], false],
        [["www.example.test", "example.test"], false],
        [["a.b.example.test"], false],
        [["*.b.example.test"], false],
        [["badexample.test"], false],
      ],
    ],
    "wildcard-and-apex": [
      "DNS:*.example.test,DNS:example.test",
      [
        [["example.test", "www.example.test", "mail.example.test"], true],
        [["example.test", "a.b.example.test"], false],
      ],
    ],
    "upper-case": [
      "DNS:WWW.EXAMPLE.TEST,DNS:*.Shop.Example.Test",
      [
        [["www.example.test"], true],
        [["a.shop.example.test"], true],
      ],
    ],
    idn: [
      "DNS:xn--bcher-kva.example.test",
      [
        [["xn--bcher-kva.example.test"], true],
        [["XN--BCHER-KVA.example.test"], true],
        [["bücher.example.test"], true],
        [["bucher.example.test"], false],
      ],
    ],
    "common-name-only": [
      null,
      [
        [["named.example.test"], false],
        [["www.named.example.test"], false],
      ],
    ],
    "common-name-beside": [
      "DNS:other.example.test",
      [
        [["other.example.test"], true],
        [["named.example.test"], false],
      ],
    ],
    address: [
      "IP:192.0.2.1,IP:2001:db8::1,DNS:host.example.test",
      [
        [["192.0.2.1"], true],
        [["2001:db8::1"], true],
        [["2001:DB8:0:0:0:0:0:1"], true],
        [["host.example.test", "192.0.2.1"], true],
        [["192.0.2.2"], false],
      ],
    ],
    "address-as-name": ["DNS:192.0.2.1,DNS:*.0.2.1", [[["192.0.2.1"], false]]],
    "partial-wildcard": ["DNS:w*.example.test,DNS:*w.example.test", [[["www.example.test"], false]]],
    "inner-wildcard": ["DNS:www.*.example.test", [[["www.shop.example.test"], false]]],
    "other-names": [
      "email:www@example.test,URI:https://www.example.test/,DNS:else.example.test",
      [[["www.example.test"], false]],
    ],
  };
  for (const [name, [san, cases]] of Object.entries(all)) {
    const own = `host-${name}`;
    // The common name repeats one of the names (Baseline Requirements section 7.1.4.3), but where that is the point.
    const isNamed = san !== null && name !== "common-name-beside";
    const first = /(?:DNS|IP):([^,]+)/.exec(san ?? "")?.[1];
    pki.leaf(own, { subject: `/CN=${isNamed ? first : "named.example.test"}`, san });
    const text = book.file(
      `host/${fileName(name)}.pem`,
      pki.pem(own) + pki.pem("intermediate") + pki.keyPem(own),
    );
    const isOdd = !isNamed || breaksRules.includes(name);
    for (const [ordered, isCovered] of cases)
      book.add(`${ordered.join(" and ")} ordered, and ${san ?? "a common name only"} certified`, [text], {
        leaf: own,
        options: { orderHosts: ordered },
        findings: [...(isCovered ? [] : ["hostname-mismatch"]), ...(isOdd ? ["nonconforming-profile"] : [])],
      });
  }
}
