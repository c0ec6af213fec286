import { hostCases } from "./host-cases.mjs";
import { fileName } from "./text-cases.mjs";

/** @typedef {import("./pki.mjs").Shape & { algorithm?: string, san?: string | null }} LeafShape */

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki */
export function leafCases(book, pki) {
  /** A certificate of its own, with its chain and key in one file. @param {string} name @param {LeafShape} shape @param {string[]} findings @param {import("./book.mjs").Expected} [more] */
  const one = (name, shape, findings, more = {}) => {
    const own = fileName(name);
    pki.leaf(own, { subject: "/CN=site.example.test", san: "DNS:site.example.test", ...shape });
    const text = book.file(`leaf/${own}.pem`, pki.chainOf(own).map(pki.pem).join("") + pki.keyPem(own));
    book.add(`a certificate ${name}`, [text], { leaf: own, findings, ...more });
  };
  moments(one);
  lives(one);
  usages(one);
  strengths(one);
  extensions(one);
  selfSigned(one);
  hostCases(book, pki);
  pki.leaf("for-anything", { extensions: { extendedKeyUsage: "anyExtendedKeyUsage" } });
  const anything = book.file("leaf/for-anything.pem", pki.pem("for-anything") + pki.pem("intermediate"));
  book.add("a certificate for anything", [anything], {
    leaf: "for-anything",
    options: { certificateOnly: true },
    findings: ["nonconforming-profile"],
  });
}

/** @typedef {(name: string, shape: LeafShape, findings: string[], more?: import("./book.mjs").Expected) => void} One */

/** @param {One} one */
function moments(one) {
  one("that expired yesterday", { from: "2026-06-01T00:00:00Z", to: "2026-11-22T00:00:00Z" }, ["expired"]);
  one("that expired a second ago", { from: "2026-06-01T00:00:00Z", to: "2026-11-22T23:59:59Z" }, ["expired"]);
  one("that expired years ago", { from: "2022-01-01T00:00:00Z", to: "2022-12-31T23:59:59Z" }, ["expired"]);
  one("in its last second", { from: "2026-06-01T00:00:00Z", to: "2026-11-23T00:00:00Z" }, ["expires-soon"]);
  one("in its first second", { from: "2026-11-23T00:00:00Z", to: "2027-05-01T00:00:00Z" }, []);
  one("that begins in a second", { from: "2026-11-23T00:00:01Z", to: "2027-05-01T00:00:00Z" }, [
    "not-yet-valid",
  ]);
  one("that begins next year", { from: "2027-01-01T00:00:00Z", to: "2027-06-01T00:00:00Z" }, [
    "not-yet-valid",
  ]);
  one("with a day left", { from: "2026-06-01T00:00:00Z", to: "2026-11-24T00:00:00Z" }, ["expires-soon"]);
  one(
    "with a little less than thirty days left of a long life",
    { from: "2026-06-15T00:00:00Z", to: "2026-12-22T23:00:00Z" },
    ["expires-soon"],
  );
  one(
    "with a little more than thirty days left",
    { from: "2026-06-15T00:00:00Z", to: "2026-12-23T01:00:00Z" },
    [],
  );
  one("of sixty days with twenty-one left", { from: "2026-10-15T00:00:00Z", to: "2026-12-14T00:00:00Z" }, []);
  one("of sixty days with nineteen left", { from: "2026-10-13T00:00:00Z", to: "2026-12-12T00:00:00Z" }, [
    "expires-soon",
  ]);
  one("of six days with three left", { from: "2026-11-20T00:00:00Z", to: "2026-11-26T00:00:00Z" }, []);
  one("of six days with one left", { from: "2026-11-18T00:00:00Z", to: "2026-11-24T00:00:00Z" }, [
    "expires-soon",
  ]);
}

const dayMs = 86_400_000;

/** The longest life, first and last second included, by the day a certificate begins (Baseline Requirements section 6.3.2). @param {One} one */
function lives(one) {
  /** @type {[string, number][]} */
  const eras = [
    ["2019-06-01", 825],
    ["2020-08-31", 825],
    ["2020-09-01", 398],
    ["2026-03-14", 398],
    ["2026-03-15", 200],
    ["2027-03-14", 200],
    ["2027-03-15", 100],
    ["2029-03-14", 100],
    ["2029-03-15", 47],
  ];
  for (const [day, most] of eras) {
    const from = `${day}T00:00:00Z`;
    const at = new Date(Date.parse(from) + dayMs).toISOString();
    const end = (/** @type {number} */ seconds) =>
      new Date(Date.parse(from) + most * dayMs + seconds * 1000).toISOString();
    one(`of ${day} that lives as long as it may`, { from, to: end(-1) }, [], { options: { at } });
    one(`of ${day} that lives a second too long`, { from, to: end(0) }, ["validity-too-long"], {
      options: { at },
    });
  }
  one("that lives until 2044", { to: "2044-01-01T00:00:00Z" }, ["validity-too-long"]);
  one("that lives beyond 2050", { to: "2060-01-01T00:00:00Z", issuer: "root" }, ["validity-too-long"]);
  one("that lived too long and expired", { from: "2021-01-01T00:00:00Z", to: "2025-01-01T00:00:00Z" }, [
    "expired",
    "validity-too-long",
  ]);
}

/** @param {One} one */
function usages(one) {
  const eku = (/** @type {string | null} */ extendedKeyUsage) => ({ extensions: { extendedKeyUsage } });
  const ku = (/** @type {string | null} */ keyUsage) => ({ extensions: { keyUsage } });
  one("for clients only", eku("clientAuth"), ["wrong-usage"]);
  one("for signed code", eku("codeSigning"), ["wrong-usage"]);
  one("for mail and clients", eku("emailProtection,clientAuth"), ["wrong-usage"]);
  one("for time stamps", eku("timeStamping"), ["wrong-usage"]);
  one("for servers and clients", eku("serverAuth,clientAuth"), []);
  one("for servers, said to be critical", eku("critical,serverAuth"), ["nonconforming-profile"]);
  one("without extended key usage", eku(null), ["no-server-auth-eku"]);
  one(
    "without extended key usage and key usage",
    { extensions: { extendedKeyUsage: null, keyUsage: null } },
    ["no-server-auth-eku"],
  );
  one("without extended key usage for RSA", { algorithm: "rsa2048", ...eku(null) }, ["no-server-auth-eku"]);
  one("without key usage", ku(null), []);
  one("whose key is for agreement", ku("critical,keyAgreement"), []);
  one("whose RSA key is for encipherment", { algorithm: "rsa2048", ...ku("critical,keyEncipherment") }, []);
  one("whose key is for non-repudiation only", ku("critical,nonRepudiation"), ["wrong-usage"]);
  one("whose key is for data only", { algorithm: "rsa2048", ...ku("critical,dataEncipherment") }, [
    "wrong-usage",
  ]);
  one("without a subject key identifier", { extensions: { subjectKeyIdentifier: null } }, []);
  one("without basic constraints", { extensions: { basicConstraints: null } }, []);
}

/** @param {One} one */
function strengths(one) {
  one("of RSA 1024", { algorithm: "rsa1024" }, ["weak-key"]);
  one("of RSA 2040", { algorithm: "rsa2040" }, ["weak-key"]);
  one(
    "of RSA 1024 without its chain beside an expired date",
    { algorithm: "rsa1024", from: "2026-05-01T00:00:00Z", to: "2026-11-01T00:00:00Z" },
    ["expired", "weak-key"],
  );
  one("of RSA 2048 under an RSA issuer", { algorithm: "rsa2048", issuer: "rsa-intermediate" }, []);
  one("signed with SHA-1 and ECDSA", { md: "sha1" }, ["weak-signature"]);
  one("signed with SHA-1 and RSA", { md: "sha1", issuer: "rsa-intermediate" }, ["weak-signature"]);
  one("signed with MD5", { md: "md5", issuer: "rsa-intermediate" }, ["weak-signature"]);
  one("of RSA 1024 signed with SHA-1", { algorithm: "rsa1024", md: "sha1" }, ["weak-key", "weak-signature"]);
  one("signed with SHA-384", { md: "sha384" }, []);
  one("signed with SHA-512 and RSA", { md: "sha512", issuer: "rsa-intermediate" }, []);
  const pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"];
  one("signed with RSA-PSS", { issuer: "rsa-intermediate", signing: pss }, []);
  one("signed with RSA-PSS and SHA-384", { issuer: "rsa-intermediate", md: "sha384", signing: pss }, []);
}

/** @param {One} one */
function extensions(one) {
  const poison = { "1.3.6.1.4.1.11129.2.4.3": "critical,DER:05:00" };
  one("that is a precertificate", { extensions: poison }, ["precertificate"]);
  one("of RSA that is a precertificate", { algorithm: "rsa2048", extensions: poison }, ["precertificate"]);
  one("that must be stapled", { extensions: { tlsfeature: "status_request" } }, ["must-staple"]);
  one(
    "that must be stapled with two versions",
    { extensions: { tlsfeature: "status_request,status_request_v2" } },
    ["must-staple"],
  );
  one(
    "with a critical extension nobody knows",
    { extensions: { "1.3.6.1.4.1.55555.1": "critical,DER:04:01:00" } },
    ["unknown-critical-extension"],
  );
  one(
    "with two critical extensions nobody knows",
    { extensions: { "1.3.6.1.4.1.55555.2": "critical,DER:05:00", "2.999.7": "critical,DER:05:00" } },
    ["unknown-critical-extension"],
  );
  one("with an extension nobody knows", { extensions: { "1.3.6.1.4.1.55555.3": "DER:04:01:00" } }, []);
  one(
    "with all that public CAs write",
    {
      extensions: {
        certificatePolicies: "2.23.140.1.2.1",
        authorityInfoAccess: "OCSP;URI:http://ocsp.example.test,caIssuers;URI:http://ca.example.test/ca.crt",
        crlDistributionPoints: "URI:http://ca.example.test/ca.crl",
        "1.3.6.1.4.1.11129.2.4.2": "DER:04:02:00:00",
      },
    },
    [],
  );
  one(
    "whose names are critical",
    { subject: "/CN=site.example.test", san: "critical,DNS:site.example.test" },
    ["nonconforming-profile"],
  );
  const many = Array.from({ length: 250 }, (_, index) => `DNS:host-${index}.example.test`).join(",");
  one("with 250 names", { san: many, subject: "/CN=host-0.example.test" }, []);
  one("with a name in letters from elsewhere", { subject: "/O=Prüfstelle Zürich/CN=site.example.test" }, []);
}

/** @param {One} one */
function selfSigned(one) {
  one("that signed itself", { issuer: null }, ["self-signed"]);
  one("of RSA that signed itself", { issuer: null, algorithm: "rsa2048" }, ["self-signed"]);
  one(
    "that signed itself and has expired",
    { issuer: null, from: "2026-05-01T00:00:00Z", to: "2026-11-01T00:00:00Z" },
    ["expired", "self-signed"],
  );
  one(
    "that signed itself for ten years",
    { issuer: null, from: "2026-06-01T00:00:00Z", to: "2036-06-01T00:00:00Z" },
    ["self-signed", "validity-too-long"],
  );
  one(
    "that signed itself, without extended key usage",
    { issuer: null, extensions: { extendedKeyUsage: null } },
    ["no-server-auth-eku", "self-signed"],
  );
  one(
    "for clients that has expired and is weak",
    {
      algorithm: "rsa1024",
      md: "sha1",
      from: "2026-05-01T00:00:00Z",
      to: "2026-11-01T00:00:00Z",
      extensions: { extendedKeyUsage: "clientAuth" },
    },
    ["expired", "weak-key", "weak-signature", "wrong-usage"],
  );
}
