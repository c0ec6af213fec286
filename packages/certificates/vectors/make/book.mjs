import { createHash, X509Certificate } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Severities as the specification has them; the outcome of a vector follows from them. */
const blocked = `empty-input not-a-certificate missing-certificate missing-key key-mismatch malformed-pem
  malformed-certificate malformed-key malformed-pkcs12 malformed-pkcs7 malformed-zip encrypted-zip unsupported-format
  unsupported-key unsupported-key-format passphrase-required wrong-passphrase csr-given public-key-given crl-given
  precertificate ca-certificate-as-leaf wrong-usage unknown-critical-extension bad-signature invalid-chain
  expired-intermediate expired not-yet-valid hostname-mismatch weak-key weak-signature trailing-garbage resource-limit
  encrypted-email bounce-message handshake-failed`.split(/\s+/);
const warning = `missing-intermediate untrusted-root self-signed root-included unrelated-certificates
  duplicate-certificates expires-soon validity-too-long must-staple no-server-auth-eku private-key-in-email
  several-certificates several-keys file-left-out nonconforming-profile`.split(/\s+/);
const fixable = "text-repaired chain-reordered key-converted pkcs12-converted".split(" ");

/**
 * @typedef {{ password?: string, orderHosts?: string[], trust?: string[], intermediates?: string, certificateOnly?: true, at?: string }} Options
 * @typedef {{ type: "rsa" | "ec" | "ed25519" | "ed448", encrypted: boolean, matches: boolean }} Key
 * @typedef {{ findings?: string[], fixed?: string[], options?: Options, leaf?: string | null, chain?: string[] | null, key?: Partial<Key> | null, bytes?: Buffer, unsaid?: true }} Expected
 */

export const at = "2026-11-23T00:00:00Z";

/** Collects vectors and their files. @param {import("./pki.mjs").Pki} pki */
export function openBook(pki) {
  /** @type {Map<string, Buffer>} */
  const files = new Map();
  /** @type {object[]} */
  const vectors = [];
  const names = new Set();
  /** @param {string | null} leaf @param {Buffer} [bytes] */
  const about = (leaf, bytes) =>
    bytes ? aboutCertificate(bytes) : leaf === null ? null : aboutCertificate(pki.pem(leaf));
  return {
    files,
    vectors,
    /** Puts a file and returns its path. @param {string} path @param {string | Buffer} bytes */
    file(path, bytes) {
      const given = Buffer.from(bytes);
      const known = files.get(path);
      if (known && !known.equals(given)) throw new Error(`two files are called ${path}`);
      files.set(path, given);
      return path;
    },
    /**
     * A vector; what is not said is as in a good import: the certificate `shop` with its key and its chain, and no
     * finding.
     * @param {string} name @param {string[]} given @param {Expected} [expected]
     */
    add(
      name,
      given,
      { findings = [], fixed = [], options = {}, leaf = "shop", chain, key = {}, bytes, unsaid } = {},
    ) {
      if (names.has(name)) throw new Error(`two vectors are called ${name}`);
      names.add(name);
      for (const path of given) if (!files.has(path)) throw new Error(`${name}: no file ${path}`);
      for (const id of findings)
        if (![...blocked, ...warning].includes(id)) throw new Error(`no finding ${id}`);
      for (const id of fixed) if (!fixable.includes(id)) throw new Error(`no repair ${id}`);
      const outcome = findings.some((id) => blocked.includes(id))
        ? "blocked"
        : findings.length > 0
          ? "warning"
          : "ok";
      const isKey =
        leaf !== null && key !== null && !options.certificateOnly && !findings.includes("missing-key");
      const authority = chain === undefined && leaf !== null ? pki.chainOf(leaf) : chain;
      const other = key?.type ? { ...privateKey(key.type, key), matches: key.matches ?? false } : null;
      vectors.push({
        name,
        files: given,
        options,
        outcome,
        findings: findings.toSorted(),
        ...(fixed.length > 0 ? { fixed: fixed.toSorted() } : {}),
        ...(unsaid
          ? {}
          : {
              certificate: about(leaf, bytes),
              privateKey: isKey ? privateKey(key.type ?? pki.keyType(leaf), key) : other,
            }),
        ...(authority && !unsaid
          ? { chain: authority.map((one) => aboutCertificate(pki.pem(one)).subject) }
          : {}),
      });
    },
    /** @param {string} directory */
    write(directory) {
      for (const [path, bytes] of files) {
        mkdirSync(dirname(join(directory, "files", path)), { recursive: true });
        writeFileSync(join(directory, "files", path), bytes);
      }
      writeFileSync(join(directory, "manifest.json"), `${JSON.stringify({ at, vectors }, null, 2)}\n`);
    },
    /** Identifiers that fewer than two vectors have. */
    rare() {
      const count = (/** @type {string} */ id) =>
        vectors.filter((one) => JSON.stringify(one).includes(`"${id}"`)).length;
      return [...blocked, ...warning, ...fixable].filter((id) => count(id) < 2);
    },
  };
}

/** @param {Key["type"]} type @param {Partial<Key>} key @returns {Key} */
function privateKey(type, key) {
  return { encrypted: false, matches: true, ...key, type };
}

/** @param {string | Buffer} text */
function aboutCertificate(text) {
  const { raw, subject } = new X509Certificate(text);
  const hash = createHash("sha256").update(raw).digest("hex").toUpperCase();
  return { subject: subject.replaceAll("\n", ", "), fingerprint256: hash.replace(/..(?=.)/g, "$&:") };
}

/** @typedef {ReturnType<typeof openBook>} Book */
