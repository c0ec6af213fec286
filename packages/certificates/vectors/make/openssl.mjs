import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const configuration = `
[ca]
default_ca = all
[all]
database = index.txt
new_certs_dir = .
unique_subject = no
default_md = sha256
default_crl_days = 30
serial = serial
crlnumber = crlnumber
policy = any
email_in_dn = no
[any]
commonName = optional
organizationName = optional
`;

/** Old ciphers live in a provider of their own since OpenSSL 3.0. */
export const legacy = ["-provider", "legacy", "-provider", "default"];

/** A directory to work in, and OpenSSL's command line inside it. */
export function makeWorkshop() {
  const directory = mkdtempSync(join(tmpdir(), "certificate-vectors-"));
  const at = (/** @type {string} */ name) => join(directory, name);
  /** @param {string[]} args */
  const openssl = (...args) => {
    const { status, stdout, stderr } = spawnSync("openssl", args, { cwd: directory, maxBuffer: 1 << 24 });
    if (status !== 0) throw new Error(`openssl ${args.join(" ")}\n${stderr}`);
    return stdout;
  };
  writeFileSync(at("ca.cnf"), configuration);
  writeFileSync(at("index.txt"), "");
  writeFileSync(at("serial"), "01\n");
  writeFileSync(at("crlnumber"), "01\n");
  return {
    openssl,
    read: (/** @type {string} */ name) => readFileSync(at(name)),
    text: (/** @type {string} */ name) => readFileSync(at(name), "utf8"),
    write: (/** @type {string} */ name, /** @type {string | Buffer} */ bytes) =>
      writeFileSync(at(name), bytes),
    /** What a command writes to its standard output. @param {string[]} args */
    output: (...args) => openssl(...args),
    end: () => rmSync(directory, { recursive: true }),
  };
}

/** @typedef {ReturnType<typeof makeWorkshop>} Workshop */
