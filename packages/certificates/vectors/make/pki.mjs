import { X509Certificate } from "node:crypto";

/**
 * @typedef {{ issuer?: string | null, subject?: string, key?: string, from?: string, to?: string, md?: string, extensions?: Record<string, string | null>, sections?: string, signing?: string[] }} Shape
 * @typedef {"rsa" | "ec" | "ed25519" | "ed448"} KeyType
 */

const algorithms = {
  p256: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
  p384: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
  p521: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
  rsa1024: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
  rsa2040: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2040"],
  rsa2048: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
  rsa3072: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
  ed25519: ["-algorithm", "ED25519"],
  ed448: ["-algorithm", "ED448"],
  x25519: ["-algorithm", "X25519"],
};

/** A public key infrastructure for example.test, all of it made now. @param {import("./openssl.mjs").Workshop} shop */
export function makePki(shop) {
  /** @type {Map<string, { issuer: string | null, key: string }>} */
  const made = new Map();
  const keys = new Set();
  /** @param {string} name @param {string} algorithm */
  function key(name, algorithm = "p256") {
    if (keys.has(name)) return;
    keys.add(name);
    if (algorithm === "dsa") {
      shop.openssl(
        "genpkey",
        "-genparam",
        "-algorithm",
        "DSA",
        "-pkeyopt",
        "dsa_paramgen_bits:2048",
        "-out",
        "dsa.par",
      );
      shop.openssl("genpkey", "-paramfile", "dsa.par", "-out", `${name}.key`);
      return;
    }
    const how = /** @type {Record<string, string[]>} */ (algorithms)[algorithm];
    if (!how) throw new Error(`no algorithm ${algorithm}`);
    shop.openssl("genpkey", ...how, "-out", `${name}.key`);
  }
  /** @param {string} name @param {Required<Pick<Shape, "subject" | "from" | "to">> & Shape} shape */
  function certificate(
    name,
    {
      issuer = null,
      subject,
      key: keyName = name,
      from,
      to,
      md = "sha256",
      extensions = {},
      sections = "",
      signing = [],
    },
  ) {
    shop.openssl("req", "-new", "-utf8", "-key", `${keyName}.key`, "-subj", subject, "-out", `${name}.csr`);
    const lines = Object.entries(extensions).flatMap(([id, value]) =>
      value === null ? [] : [`${id}=${value}`],
    );
    shop.write("extensions.cnf", `[ext]\n${lines.join("\n")}\n${sections}`);
    const by = issuer
      ? ["-cert", `${issuer}.crt`, "-keyfile", `${made.get(issuer)?.key}.key`]
      : ["-selfsign", "-keyfile", `${keyName}.key`];
    shop.openssl(
      ...[
        "ca",
        "-batch",
        "-notext",
        "-rand_serial",
        "-preserveDN",
        "-utf8",
        "-config",
        "ca.cnf",
        "-in",
        `${name}.csr`,
      ],
      ...["-out", `${name}.crt`, "-startdate", stamp(from), "-enddate", stamp(to), "-md", md, ...by],
      ...["-extfile", "extensions.cnf", "-extensions", "ext", ...signing],
    );
    made.set(name, { issuer, key: keyName });
  }
  const pki = {
    shop,
    key,
    pem: (/** @type {string} */ name) => shop.text(`${name}.crt`),
    der: (/** @type {string} */ name) => new X509Certificate(shop.read(`${name}.crt`)).raw,
    keyPem: (/** @type {string} */ name) => shop.text(`${made.get(name)?.key ?? name}.key`),
    csr: (/** @type {string} */ name) => shop.text(`${name}.csr`),
    /** A certificate of a server, right in everything that is not said otherwise. @param {string} name @param {Shape & { algorithm?: string, san?: string | null }} [shape] */
    leaf(
      name,
      {
        algorithm = "p256",
        san = `DNS:${name}.example.test`,
        extensions = {},
        key: keyName = name,
        issuer = "intermediate",
        ...rest
      } = {},
    ) {
      key(keyName, algorithm);
      const isRsa = algorithm.startsWith("rsa");
      certificate(name, {
        subject: `/CN=${name}.example.test`,
        from: "2026-10-01T00:00:00Z",
        to: "2027-04-01T00:00:00Z",
        key: keyName,
        issuer,
        ...rest,
        extensions: {
          basicConstraints: "critical,CA:FALSE",
          keyUsage: `critical,digitalSignature${isRsa ? ",keyEncipherment" : ""}`,
          extendedKeyUsage: "serverAuth",
          subjectKeyIdentifier: "hash",
          authorityKeyIdentifier: issuer === null ? null : "keyid:always",
          subjectAltName: san,
          ...extensions,
        },
      });
    },
    /** @param {string} name @param {Shape & { algorithm?: string, pathLength?: number | null }} [shape] */
    authority(
      name,
      {
        algorithm = "p256",
        key: keyName = name,
        issuer = "root",
        pathLength = 0,
        extensions = {},
        ...rest
      } = {},
    ) {
      key(keyName, algorithm);
      const isRoot = issuer === null;
      const length = isRoot || pathLength === null ? "" : `,pathlen:${pathLength}`;
      certificate(name, {
        subject: `/CN=Test ${name}`,
        from: "2018-01-01T00:00:00Z",
        to: "2045-01-01T00:00:00Z",
        key: keyName,
        issuer,
        ...rest,
        extensions: {
          basicConstraints: `critical,CA:TRUE${length}`,
          keyUsage: "critical,keyCertSign,cRLSign",
          subjectKeyIdentifier: "hash",
          authorityKeyIdentifier: isRoot ? null : "keyid:always",
          extendedKeyUsage: isRoot ? null : "serverAuth",
          ...extensions,
        },
      });
    },
    /** The certificate and what is stored above it: up to the root, which is not. @param {string} name @returns {string[]} */
    chainOf(name) {
      const issuer = made.get(name)?.issuer ?? null;
      const isAbove = issuer !== null && made.get(issuer)?.issuer !== null;
      return isAbove ? [name, ...pki.chainOf(issuer)] : [name];
    },
    /** @param {string} name @returns {KeyType} */
    keyType(name) {
      const type = new X509Certificate(pki.pem(name)).publicKey.asymmetricKeyType ?? "";
      return /** @type {KeyType} */ (type.startsWith("rsa") ? "rsa" : type);
    },
  };
  return pki;
}

/** As `openssl ca` wants it: two digits of the year until 2049 (RFC 5280 section 4.1.2.5). @param {string} iso */
function stamp(iso) {
  return iso.replace(/[-:T]|\.\d+/g, "");
}

/** @typedef {ReturnType<typeof makePki>} Pki */
