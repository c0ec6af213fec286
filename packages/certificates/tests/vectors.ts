import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FindingId, MaterialReader, MaterialReading } from "@sealpost/domain";
import yazl from "yazl";
import { createMaterialReader } from "../src/index.ts";

export type Input = string | Buffer;

export interface LeafOptions {
  readonly key?: readonly string[];
  readonly san?: string;
  readonly days?: string;
  readonly extensions?: string;
  readonly issuer?: string;
}

export interface Vectors extends Disposable {
  openssl(...args: readonly string[]): void;
  path(name: string): string;
  bytes(name: string): Buffer;
  text(name: string): string;
  /** A key `<name>.key`, a request `<name>.csr` and a certificate `<name>.crt`. */
  leaf(name: string, options?: LeafOptions): void;
  /** The same for a CA; `issuer` null: a root. */
  authority(name: string, issuer: string | null, pathLength?: number): void;
  /** Reads as the console would, with `root.crt` trusted. */
  read(
    inputs: readonly Input[],
    options?: { passphrase?: string; now?: Date; trust?: string[]; certificate?: string },
  ): Promise<MaterialReading>;
}

const p256 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];

/** A directory in which OpenSSL makes everything afresh: no key of ours lies in the repository. */
export function makeVectors(): Vectors {
  const directory = mkdtempSync(join(tmpdir(), "sealpost-vectors-"));
  const at = (name: string) => join(directory, name);
  const openssl = (...args: readonly string[]) =>
    void execFileSync("openssl", args, { cwd: directory, stdio: "pipe" });
  const request = (name: string, subject: string, key: readonly string[] = p256) => {
    openssl("genpkey", ...key, "-out", `${name}.key`);
    openssl("req", "-new", "-key", `${name}.key`, "-subj", subject, "-out", `${name}.csr`);
  };
  const sign = (name: string, issuer: string | null, days: string, extensions: readonly string[]) => {
    writeFileSync(at("extensions"), extensions.join("\n"));
    const by = issuer
      ? ["-CA", `${issuer}.crt`, "-CAkey", `${issuer}.key`, "-CAcreateserial"]
      : ["-signkey", `${name}.key`];
    openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      ...by,
      "-days",
      days,
      "-extfile",
      "extensions",
      "-out",
      `${name}.crt`,
    );
  };
  const readers = new Map<string, MaterialReader>();
  const readerFor = (trust: readonly string[]) => {
    const reader = readers.get(trust.join()) ?? createMaterialReader({ anchorsPem: trust });
    readers.set(trust.join(), reader);
    return reader;
  };
  const vectors: Vectors = {
    openssl,
    path: at,
    bytes: (name) => readFileSync(at(name)),
    text: (name) => readFileSync(at(name), "utf8"),
    leaf(
      name,
      { key, san, days = "90", extensions = "extendedKeyUsage=serverAuth", issuer = "intermediate" } = {},
    ) {
      request(name, `/CN=${name}.example.test`, key);
      const names = `subjectAltName=${san ?? `DNS:${name}.example.test`}`;
      sign(name, issuer, days, [names, extensions, "basicConstraints=critical,CA:FALSE"]);
    },
    authority(name, issuer, pathLength) {
      request(name, `/O=Test, Inc/CN=Test ${name}`);
      const length = pathLength === undefined ? "" : `,pathlen:${pathLength}`;
      sign(name, issuer, "3000", [
        `basicConstraints=critical,CA:TRUE${length}`,
        "keyUsage=critical,keyCertSign",
      ]);
    },
    read(inputs, { passphrase, now = new Date(), trust = [vectors.text("root.crt")], certificate } = {}) {
      const named = inputs.map((given, index) => ({ name: `file-${index}`, bytes: Buffer.from(given) }));
      return readerFor(trust).read(named, {
        passphrase: passphrase ?? null,
        now,
        certificate: certificate ?? null,
      });
    },
    [Symbol.dispose]: () => rmSync(directory, { recursive: true }),
  };
  vectors.authority("root", null);
  vectors.authority("intermediate", "root", 0);
  vectors.leaf("shop", { san: "DNS:shop.example.test,DNS:*.shop.example.test" });
  return vectors;
}

export function ids({ facts }: MaterialReading): readonly FindingId[] {
  return facts.findings.map((found) => found.id);
}

export function paramsOf({ facts }: MaterialReading, id: FindingId) {
  return facts.findings.find((found) => found.id === id)?.params;
}

export function pemOf(material: { reveal(): Uint8Array } | null | undefined): string | null {
  return material ? Buffer.from(material.reveal()).toString() : null;
}

export async function zip(entries: Readonly<Record<string, Input>>): Promise<Buffer> {
  const file = new yazl.ZipFile();
  for (const [name, bytes] of Object.entries(entries)) file.addBuffer(Buffer.from(bytes), name);
  file.end();
  return Buffer.concat((await Array.fromAsync(file.outputStream)).map((chunk) => Buffer.from(chunk)));
}

const subject = "ORDER #12345678 - Your certificate";

/** A mail of one part. */
export function mail(body: string, { type = "text/plain", about = subject } = {}): string {
  return [
    "From: ca@example.test",
    `Subject: ${about}`,
    "MIME-Version: 1.0",
    `Content-Type: ${type}`,
    "",
    body.replace(/\r?\n/g, "\r\n"),
  ].join("\r\n");
}

/** A mail with a text part inside a multipart of its own, and one attachment; which boundary begins like which is given. */
export function mailWith(text: string, attachment: Input, outer = "(b2)", inner = "(b)"): string {
  return [
    "From: ca@example.test",
    `Subject: ${subject}`,
    "MIME-Version: 1.0",
    `Content-Type: multipart/mixed; boundary="${outer}"`,
    "",
    `--${outer}`,
    `Content-Type: multipart/alternative; boundary="${inner}"`,
    "",
    `--${inner}`,
    "Content-Type: text/plain; charset=UTF-8",
    "",
    text.replace(/\r?\n/g, "\r\n"),
    `--${inner}`,
    "Content-Type: text/html; charset=ISO-8859-1",
    "",
    "<p>Your certificate is attached!</p>",
    `--${inner}--`,
    "",
    `--${outer}`,
    'Content-Type: application/x-zip-compressed; name="shop.zip"',
    "Content-Transfer-Encoding: base64",
    'Content-Disposition: attachment; filename="shop.zip"',
    "",
    Buffer.from(attachment)
      .toString("base64")
      .replace(/.{76}(?=.)/g, "$&\r\n"),
    `--${outer}--`,
    "",
  ].join("\r\n");
}
