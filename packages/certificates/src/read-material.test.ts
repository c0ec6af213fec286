import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MaterialReading } from "@sealpost/domain";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import yazl from "yazl";
import { type Anchors, createAnchors, limits, readMaterial } from "./index.ts";

// Everything is made afresh by OpenSSL: no key of ours lies in the repository.
const directory = mkdtempSync(join(tmpdir(), "sealpost-vectors-"));
const at = (name: string) => join(directory, name);
const read = (name: string) => readFileSync(at(name));
const text = (name: string) => readFileSync(at(name), "utf8");
const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: directory, stdio: "pipe" });
const now = new Date();
let anchors: Anchors;

function issue(
  name: string,
  options: { readonly key?: string[]; readonly san?: string; readonly days?: string } = {},
): void {
  openssl(
    "genpkey",
    ...(options.key ?? ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    "-out",
    `${name}.key`,
  );
  openssl("req", "-new", "-key", `${name}.key`, "-subj", `/CN=${name}.example.test`, "-out", `${name}.csr`);
  writeFileSync(
    at("leaf.ext"),
    `subjectAltName=${options.san ?? `DNS:${name}.example.test`}\nextendedKeyUsage=serverAuth\nbasicConstraints=critical,CA:FALSE\n`,
  );
  const signing = [
    "-CA",
    "intermediate.crt",
    "-CAkey",
    "intermediate.key",
    "-CAcreateserial",
    "-extfile",
    "leaf.ext",
  ];
  openssl(
    "x509",
    "-req",
    "-in",
    `${name}.csr`,
    "-days",
    options.days ?? "90",
    ...signing,
    "-out",
    `${name}.crt`,
  );
}

beforeAll(() => {
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl(
    "req",
    "-x509",
    ...ec,
    "-keyout",
    "root.key",
    "-out",
    "root.crt",
    "-subj",
    "/CN=Test Root",
    "-days",
    "3650",
    "-addext",
    "basicConstraints=critical,CA:TRUE",
    "-addext",
    "keyUsage=critical,keyCertSign",
  );
  openssl(
    "req",
    "-new",
    ...ec,
    "-keyout",
    "intermediate.key",
    "-out",
    "intermediate.csr",
    "-subj",
    "/CN=Test Int",
  );
  writeFileSync(
    at("ca.ext"),
    "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n",
  );
  openssl(
    "x509",
    "-req",
    "-in",
    "intermediate.csr",
    "-CA",
    "root.crt",
    "-CAkey",
    "root.key",
    "-CAcreateserial",
    "-days",
    "3000",
    "-extfile",
    "ca.ext",
    "-out",
    "intermediate.crt",
  );
  issue("shop", { san: "DNS:shop.example.test,DNS:www.shop.example.test" });
  issue("rsa", { key: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"] });
  issue("weak", { key: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"] });
  for (const name of ["shop", "rsa", "intermediate", "root"])
    openssl("x509", "-in", `${name}.crt`, "-outform", "DER", "-out", `${name}.der`);
  openssl("pkey", "-in", "rsa.key", "-traditional", "-out", "rsa.pkcs1.key");
  openssl("pkey", "-in", "shop.key", "-traditional", "-out", "shop.sec1.key");
  openssl(
    "pkcs8",
    "-topk8",
    "-in",
    "shop.key",
    "-v2",
    "aes-256-cbc",
    "-iter",
    "10000",
    "-passout",
    "pass:letmein",
    "-out",
    "shop.enc.key",
  );
  openssl(
    "rsa",
    "-in",
    "rsa.key",
    "-traditional",
    "-aes128",
    "-passout",
    "pass:letmein",
    "-out",
    "rsa.proctype.key",
  );
  openssl("pkey", "-in", "shop.key", "-pubout", "-out", "shop.pub");
  openssl(
    "pkcs12",
    "-export",
    "-in",
    "shop.crt",
    "-inkey",
    "shop.key",
    "-passout",
    "pass:x",
    "-out",
    "shop.pfx",
  );
  openssl("crl2pkcs7", "-nocrl", "-certfile", "shop.crt", "-out", "shop.p7b");
  anchors = createAnchors([text("root.crt")]);
}, 60_000);
afterAll(() => rmSync(directory, { recursive: true }));

type Input = string | Buffer;
function readAll(
  inputs: readonly Input[],
  passphrase: string | null = null,
  moment = now,
): Promise<MaterialReading> {
  const named = inputs.map((bytes, index) => ({ name: `file-${index}`, bytes: Buffer.from(bytes) }));
  return readMaterial(named, { passphrase, now: moment }, anchors);
}
const ids = ({ facts }: MaterialReading) => facts.findings.map((found) => found.id);
const pemOf = (material: { reveal(): Uint8Array } | null | undefined) =>
  material ? Buffer.from(material.reveal()).toString() : null;

function zip(entries: Readonly<Record<string, Input>>): Promise<Buffer> {
  const file = new yazl.ZipFile();
  for (const [name, bytes] of Object.entries(entries)) file.addBuffer(Buffer.from(bytes), name);
  file.end();
  return Array.fromAsync(file.outputStream).then((chunks) =>
    Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))),
  );
}

function mail(body: string, attachment?: Buffer): string {
  const head =
    "From: ca@example.test\r\nTo: admin@example.test\r\nSubject: ORDER #12345678 - Your certificate\r\nMIME-Version: 1.0\r\n";
  if (!attachment) return `${head}Content-Type: text/plain\r\n\r\n${body.replace(/\n/g, "\r\n")}`;
  const base64 = attachment.toString("base64").replace(/.{76}/g, "$&\r\n");
  return `${head}Content-Type: multipart/mixed; boundary="(b2)"\r\n\r\n--(b2)\r\nContent-Type: text/plain\r\n\r\n${body}\r\n--(b2)\r\nContent-Type: application/x-zip-compressed; name="a.zip"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="a.zip"\r\n\r\n${base64}\r\n--(b2)--\r\n`;
}

describe("reading what a CA sent", () => {
  it("finds certificate, chain and key in any order of blocks, and stores them leaf first without the root", async () => {
    const blocks = [text("root.crt"), text("intermediate.crt"), text("shop.crt"), text("shop.key")];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(blocks, { minLength: 4 }), async (shuffled) => {
        const { facts, material } = await readAll([shuffled.join("")]);
        expect(facts).toMatchObject({ keyFits: true, chainState: "complete", missingIssuer: null });
        expect(facts.certificate?.dnsNames).toEqual(["shop.example.test", "www.shop.example.test"]);
        expect(pemOf(material?.certificatePem)).toBe(text("shop.crt"));
        expect(pemOf(material?.chainPem)).toBe(text("intermediate.crt"));
        expect(pemOf(material?.privateKeyPem)).toBe(text("shop.key"));
        expect(facts.findings.every((found) => found.severity === "fixed")).toBe(true);
        expect(facts.handshake).toMatchObject({
          protocol: "TLSv1.3",
          names: ["shop.example.test", "www.shop.example.test"],
        });
      }),
      { numRuns: 12 },
    );
  });

  const damages: Readonly<Record<string, (pem: string) => Input>> = {
    "CRLF line ends": (pem) => pem.replaceAll("\n", "\r\n"),
    "CR line ends": (pem) => pem.replaceAll("\n", "\r"),
    "a byte order mark": (pem) => `\uFEFF${pem}`,
    "UTF-16": (pem) => Buffer.from(`\uFEFF${pem}`, "utf16le"),
    "text around": (pem) => `Dear customer,\n\nhere it is:\n${pem}\nRegards -- the CA`,
    "quote marks": (pem) => pem.replace(/^/gm, "> "),
    indentation: (pem) => pem.replace(/^/gm, "    "),
    "line breaks turned to spaces": (pem) => pem.replaceAll("\n", " "),
    "spelled-out line breaks": (pem) => pem.replaceAll("\n", "\\n"),
    "no line breaks in the body": (pem) => pem.replace(/(?<=[A-Za-z0-9+/=])\n(?=[A-Za-z0-9+/=])/g, ""),
    "bag attributes": (pem) => `Bag Attributes\n    friendlyName: x\n${pem}`,
    "files joined without a line break": (pem) => pem.trimEnd(),
  };
  it.each(Object.keys(damages))("reads the same certificate, chain and key through %s", async (name) => {
    const whole = `${text("shop.crt")}${text("intermediate.crt")}${text("shop.key")}`.replaceAll(
      "-----\n-----",
      "-----\n-----",
    );
    const damaged = damages[name]?.(
      name === "files joined without a line break"
        ? whole.replaceAll("-----\n-----BEGIN", "----------BEGIN")
        : whole,
    );
    const { facts, material } = await readAll([damaged ?? ""]);
    expect(facts).toMatchObject({ keyFits: true, chainState: "complete" });
    expect(pemOf(material?.certificatePem)).toBe(text("shop.crt"));
  });

  it("reads DER files, base64 without armour, and a ZIP within a ZIP, each named by its way in", async () => {
    const inner = await zip({ "shop.crt": text("shop.crt"), "shop.ca-bundle": text("intermediate.crt") });
    for (const inputs of [
      [read("shop.der"), read("intermediate.der")],
      [read("shop.der").toString("base64"), read("intermediate.der").toString("base64")],
      [await zip({ "inner.zip": inner })],
    ]) {
      const { facts } = await readAll([...inputs, text("shop.key")]);
      expect(facts).toMatchObject({ keyFits: true, chainState: "complete" });
    }
    const { facts } = await readAll([await zip({ "inner.zip": inner })]);
    expect(facts.certificate?.source.path).toEqual(["file-0", "inner.zip", "shop.crt"]);
  });

  it("reads a whole mail with text and ZIP, takes its order number, and leaves the double out", async () => {
    const archive = await zip({ "shop.ca-bundle": text("intermediate.crt"), "shop.crt": text("shop.crt") });
    const { facts } = await readAll([
      mail(`Your certificate:\n${text("shop.crt")}`, archive),
      text("shop.key"),
    ]);
    expect(facts).toMatchObject({ keyFits: true, chainState: "complete", orderNumbers: ["12345678"] });
    expect(facts.findings.map((found) => found.id)).toEqual(["duplicates-left-out"]);
    expect(facts.key?.source.path).toEqual(["file-1"]);
  });

  it("warns of a private key that came by mail", async () => {
    expect(ids(await readAll([mail(`${text("shop.crt")}${text("shop.key")}`)]))).toContain(
      "private-key-in-email",
    );
  });

  it.each([
    ["rsa", "rsa.pkcs1.key", null],
    ["shop", "shop.sec1.key", null],
    ["shop", "shop.enc.key", "letmein"],
    ["rsa", "rsa.proctype.key", "letmein"],
  ])("opens %s's key from %s and hands it on as PKCS#8", async (name, file, passphrase) => {
    const reading = await readAll([text(`${name}.crt`), text(file)], passphrase);
    expect(reading.facts.keyFits).toBe(true);
    expect(ids(reading)).toContain("key-converted");
    expect(pemOf(reading.material?.privateKeyPem)).toBe(text(`${name}.key`));
  });
});

describe("naming what is wrong", () => {
  it("asks for a passphrase, and says of a wrong one that it did not open the key", async () => {
    expect(ids(await readAll([text("shop.crt"), text("shop.enc.key")]))).toContain("passphrase-required");
    expect(ids(await readAll([text("shop.crt"), text("shop.enc.key")], "wrong"))).toContain(
      "wrong-passphrase",
    );
  });

  it("says that a key is not the certificate's, and keeps it out of the material", async () => {
    const { facts, material } = await readAll([text("shop.crt"), text("rsa.key")]);
    const found = facts.findings.find((one) => one.id === "key-mismatch");
    expect(found?.params).toMatchObject({
      name: "shop.example.test",
      certificateSpki: facts.certificate?.spkiSha256,
    });
    expect(material?.privateKeyPem).toBeNull();
    expect(facts.handshake).toBeNull();
  });

  it.each([
    ["nothing", "", "empty-input"],
    ["a holiday letter", "Dear Sir or Madam, the weather is fine.", "not-a-certificate"],
    ["a request", () => text("shop.csr"), "csr-given"],
    ["a public key", () => text("shop.pub"), "public-key-given"],
    ["a PFX", () => read("shop.pfx"), "unsupported-format"],
    ["a PKCS#7", () => text("shop.p7b"), "unsupported-format"],
    ["a key alone", () => text("shop.key"), "missing-certificate"],
    ["the CA's own certificate", () => text("intermediate.crt"), "ca-certificate-as-leaf"],
    ["a block without its end", () => text("shop.crt").slice(0, 300), "malformed-pem"],
    ["a block without its beginning", () => text("shop.crt").slice(300), "malformed-pem"],
    ["a damaged certificate", () => text("shop.crt").replace(/MII/, "MIX"), "malformed-certificate"],
    ["a weak key", () => text("weak.crt"), "weak-key"],
  ] as const)("calls %s by its name", async (_, given, id) => {
    const reading = await readAll([typeof given === "function" ? given() : given]);
    expect(ids(reading)).toContain(id);
  });

  it("names the issuer whose certificate is missing", async () => {
    const { facts } = await readAll([text("shop.crt"), text("shop.key")]);
    expect(facts).toMatchObject({ chainState: "incomplete", missingIssuer: "Test Int", keyFits: true });
    expect(facts.findings).toMatchObject([
      { id: "missing-intermediate", severity: "warning", params: { issuer: "Test Int" } },
    ]);
  });

  it("tells a chain to a root nobody trusts from one to a trusted root", async () => {
    const all = [text("shop.crt"), text("intermediate.crt"), text("root.crt"), text("shop.key")].join("");
    const reading = await readMaterial(
      [{ name: "a", bytes: Buffer.from(all) }],
      { passphrase: null, now },
      createAnchors([]),
    );
    expect(reading.facts.chainState).toBe("untrusted");
    expect(ids(reading)).toContain("untrusted-root");
  });

  it("takes the newest of two certificates for the same key, and names the one left out", async () => {
    const signing = [
      "-CA",
      "intermediate.crt",
      "-CAkey",
      "intermediate.key",
      "-CAcreateserial",
      "-extfile",
      "leaf.ext",
    ];
    openssl("x509", "-req", "-in", "shop.csr", "-days", "10", ...signing, "-out", "shop.old.crt");
    const { facts } = await readAll([
      text("shop.old.crt"),
      text("shop.crt"),
      text("intermediate.crt"),
      text("shop.key"),
    ]);
    expect(facts.certificate?.fingerprintSha256).toBe(
      (await readAll([text("shop.crt")])).facts.certificate?.fingerprintSha256,
    );
    expect(facts.findings.map((found) => found.id)).toContain("several-certificates");
  });
});

describe("hostile input", () => {
  it("never throws and never hangs, whatever the bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        const { facts } = await readAll([Buffer.from(bytes)]);
        expect(facts.findings.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it("meets every truncation of every kind of file with findings, not with an exception", async () => {
    const archive = await zip({ "shop.crt": text("shop.crt") });
    for (const whole of [
      read("shop.crt"),
      read("shop.der"),
      read("shop.key"),
      read("shop.enc.key"),
      read("shop.csr"),
      archive,
      Buffer.from(mail("hello", archive)),
    ]) {
      for (let length = 0; length < whole.length; length += Math.ceil(whole.length / 40)) {
        const { facts } = await readAll([whole.subarray(0, length)]);
        expect(facts.findings.length).toBeGreaterThan(0);
      }
    }
  });

  it("stops a ZIP that grows beyond its ratio, one with too many entries, and one with a password", async () => {
    expect(ids(await readAll([await zip({ "bomb.crt": Buffer.alloc(8 * 1024 * 1024) })]))).toContain(
      "resource-limit",
    );
    const many = Object.fromEntries(
      Array.from({ length: limits.zipEntries + 1 }, (_, i) => [`${i}.txt`, "x"]),
    );
    expect(ids(await readAll([await zip(many)]))).toContain("resource-limit");
    const locked = await zip({ "shop.crt": text("shop.crt") });
    for (const signature of [0x04034b50, 0x02014b50]) {
      const head = Buffer.alloc(4);
      head.writeUInt32LE(signature);
      const found = locked.indexOf(head);
      locked[found + (signature === 0x04034b50 ? 6 : 8)] =
        (locked[found + (signature === 0x04034b50 ? 6 : 8)] ?? 0) | 1;
    }
    expect(ids(await readAll([locked]))).toContain("encrypted-zip");
  });

  it("refuses a key that asks for hundreds of millions of rounds, without deriving it", async () => {
    openssl(
      "pkcs8",
      "-topk8",
      "-in",
      "shop.key",
      "-v2",
      "aes-256-cbc",
      "-iter",
      "3000000",
      "-passout",
      "pass:x",
      "-out",
      "slow.key",
    );
    const startedAt = performance.now();
    expect(ids(await readAll([text("shop.crt"), text("slow.key")], "x"))).toContain("resource-limit");
    expect(performance.now() - startedAt).toBeLessThan(300);
  });

  it("refuses text and files beyond their size before reading them", async () => {
    expect(ids(await readAll(["x".repeat(limits.textBytes + 1)]))).toContain("resource-limit");
    expect(ids(await readAll([Buffer.alloc(limits.fileBytes + 1, 1)]))).toContain("resource-limit");
  });
});
