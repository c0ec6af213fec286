import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import type { FindingId } from "@sealpost/domain";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Input,
  ids,
  mail,
  mailWith,
  makeVectors,
  paramsOf,
  pemOf,
  type Vectors,
  zip,
} from "../tests/vectors.ts";
import { fromTransferable } from "./index.ts";
import readJob from "./read-job.ts";

let made: Vectors;
beforeAll(() => {
  made = makeVectors();
  const { openssl } = made;
  const pass = ["-passout", "pass:letmein"];
  made.leaf("rsa", { key: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"] });
  made.leaf("weak", { key: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"] });
  made.leaf("p384", { key: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"] });
  made.leaf("ed", { key: ["-algorithm", "ED25519"] });
  for (const name of ["shop", "intermediate"])
    openssl("x509", "-in", `${name}.crt`, "-outform", "DER", "-out", `${name}.der`);
  openssl("req", "-in", "shop.csr", "-outform", "DER", "-out", "shop.csr.der");
  openssl("pkey", "-in", "rsa.key", "-traditional", "-out", "rsa.pkcs1.key");
  openssl("pkey", "-in", "shop.key", "-traditional", "-out", "shop.sec1.key");
  openssl("pkey", "-in", "shop.key", "-outform", "DER", "-out", "shop.key.der");
  openssl(
    "pkcs8",
    "-topk8",
    "-in",
    "shop.key",
    "-v2",
    "aes-256-cbc",
    "-iter",
    "10000",
    ...pass,
    "-out",
    "shop.enc.key",
  );
  openssl("pkcs8", "-topk8", "-in", "shop.key", "-scrypt", ...pass, "-out", "shop.scrypt.key");
  openssl("rsa", "-in", "rsa.key", "-traditional", "-aes128", ...pass, "-out", "rsa.proctype.key");
  openssl("pkey", "-in", "shop.key", "-pubout", "-out", "shop.pub");
  openssl("pkcs12", "-export", "-in", "shop.crt", "-inkey", "shop.key", ...pass, "-out", "shop.pfx");
  openssl("crl2pkcs7", "-nocrl", "-certfile", "shop.crt", "-out", "shop.p7b");
  openssl("crl2pkcs7", "-nocrl", "-certfile", "shop.crt", "-outform", "DER", "-out", "shop.p7b.der");
}, 60_000);
afterAll(() => made[Symbol.dispose]());
const text = (name: string) => made.text(name);
const bytes = (name: string) => made.bytes(name);

const damages: Readonly<Record<string, (pem: string) => Input>> = {
  "CRLF line ends": (pem) => pem.replaceAll("\n", "\r\n"),
  "CR line ends": (pem) => pem.replaceAll("\n", "\r"),
  "a byte order mark": (pem) => `\uFEFF${pem}`,
  "UTF-16": (pem) => Buffer.from(`\uFEFF${pem}`, "utf16le"),
  "UTF-16 without its mark": (pem) => Buffer.from(pem, "utf16le"),
  "text around": (pem) => `Dear customer,\n\nhere it is:\n${pem}\nRegards -- the CA`,
  "quote marks": (pem) => pem.replace(/^/gm, "> "),
  indentation: (pem) => pem.replace(/^/gm, "    "),
  "line breaks turned to spaces": (pem) => pem.replaceAll("\n", " "),
  "spelled-out line breaks": (pem) => pem.replaceAll("\n", "\\n"),
  "no line breaks in the body": (pem) => pem.replace(/(?<=[A-Za-z0-9+/=])\n(?=[A-Za-z0-9+/=])/g, ""),
  "bag attributes": (pem) => `Bag Attributes\n    friendlyName: x\n${pem}`,
  "files joined without a line break": (pem) => pem.replaceAll("-----\n-----", "----------"),
};

describe("reading what a CA sent", () => {
  it("stores the same whatever the order of the blocks and the damage to their text: leaf first, no root", async () => {
    const blocks = ["root.crt", "intermediate.crt", "shop.crt", "shop.key"].map(text);
    const property = fc.asyncProperty(
      fc.shuffledSubarray(blocks, { minLength: 4 }),
      fc.constantFrom(...Object.keys(damages)),
      async (shuffled, damage) => {
        const { facts, material } = await made.read([damages[damage]?.(shuffled.join("")) ?? ""]);
        expect(pemOf(material?.certificatePem)).toBe(text("shop.crt"));
        expect(pemOf(material?.chainPem)).toBe(text("intermediate.crt"));
        expect(pemOf(material?.privateKeyPem)).toBe(text("shop.key"));
        expect(facts).toMatchObject({ keyFits: true, chainState: "complete", missingIssuer: null });
        const told = facts.findings.filter((found) => found.severity !== "fixed").map(({ id }) => id);
        expect(told).toEqual(["root-included"]);
      },
    );
    await fc.assert(property, { numRuns: 40 });
  });

  it.each(Object.keys(damages))("reads through %s", async (damage) => {
    const whole = `${text("shop.crt")}${text("intermediate.crt")}${text("shop.key")}`;
    const { facts } = await made.read([damages[damage]?.(whole) ?? ""]);
    expect(facts).toMatchObject({ keyFits: true, chainState: "complete" });
  });

  it("tells the facts that OpenSSL tells", async () => {
    const { facts } = await made.read([text("shop.crt")]);
    const der = bytes("shop.der");
    const spki = execFileSync("openssl", ["pkey", "-pubin", "-outform", "DER"], { input: text("shop.pub") });
    const hash = (of: Buffer) => createHash("sha256").update(of).digest("hex");
    expect(facts.certificate).toMatchObject({
      fingerprintSha256: hash(der),
      spkiSha256: hash(spki),
      subject: "CN=shop.example.test",
      commonName: "shop.example.test",
      issuer: "O=Test, Inc, CN=Test intermediate",
      issuerCommonName: "Test intermediate",
      dnsNames: ["shop.example.test", "*.shop.example.test"],
      keyType: "EC P-256",
      signatureAlgorithm: "SHA-256 with ECDSA",
      isCa: false,
      isSelfSigned: false,
      source: { path: ["file-0"] },
    });
  });

  it.each([
    ["rsa", "RSA 2048"],
    ["p384", "EC P-384"],
    ["ed", "Ed25519"],
  ])("matches and proves the key of %s, and calls it %s", async (name, keyType) => {
    const { facts } = await made.read([text(`${name}.key`), text(`${name}.crt`), text("intermediate.crt")]);
    expect(facts).toMatchObject({ keyFits: true, key: { keyType }, certificate: { keyType } });
    expect(facts.handshake?.protocol).toBe("TLSv1.3");
  });

  it("reads DER files and base64 without armour", async () => {
    for (const [certificate, intermediate, key] of [
      [bytes("shop.der"), bytes("intermediate.der"), bytes("shop.key.der")],
      [bytes("shop.der").toString("base64"), bytes("intermediate.der").toString("base64"), text("shop.key")],
    ]) {
      const { facts } = await made.read([certificate ?? "", intermediate ?? "", key ?? ""]);
      expect(facts).toMatchObject({ keyFits: true, chainState: "complete" });
    }
  });

  it("goes by the bytes where a block's label lies", async () => {
    const lying = (pem: string, from: string, to: string) => pem.replaceAll(` ${from}-----`, ` ${to}-----`);
    const { facts } = await made.read([
      lying(text("shop.key"), "PRIVATE KEY", "RSA PRIVATE KEY"),
      lying(text("shop.crt"), "CERTIFICATE", "X509 CERTIFICATE"),
      lying(text("shop.csr"), "CERTIFICATE REQUEST", "CERTIFICATE"),
    ]);
    expect(facts).toMatchObject({ keyFits: true, request: { spkiSha256: facts.certificate?.spkiSha256 } });
  });

  it("reads a ZIP within a ZIP, and names each part by its way in, whatever the archive calls it", async () => {
    const inner = await zip({
      "shop.ca-bundle": text("intermediate.crt"),
      "xx/shop\u0007\u202E.crt": text("shop.crt"),
    });
    // As a hostile archive would: a name that climbs out of its directory.
    const climbing = Buffer.from(inner.toString("latin1").replaceAll("xx/shop", "../shop"), "latin1");
    const { facts } = await made.read([await zip({ "inner.zip": climbing, "README.txt": "Install it." })]);
    expect(facts.certificate?.source.path).toEqual(["file-0", "inner.zip", "../shop.crt"]);
    expect(facts).toMatchObject({ chainState: "complete", findings: [] });
  });

  it.each([
    ["(AlternativeBoundary2)", "(AlternativeBoundary)"],
    ["bound", "bound2"],
    ["bound2", "bound"],
  ])("reads a whole mail with the boundaries %s and %s: text, ZIP and order number", async (outer, inner) => {
    const archive = await zip({ "shop.ca-bundle": text("intermediate.crt"), "shop.crt": text("shop.crt") });
    const { facts } = await made.read([
      mailWith(`Your certificate:\n${text("shop.crt")}`, archive, outer, inner),
      text("shop.key"),
    ]);
    expect(facts).toMatchObject({ keyFits: true, chainState: "complete", orderNumbers: ["12345678"] });
    expect(facts.findings).toMatchObject([{ id: "duplicate-certificates", params: { count: 1 } }]);
    expect(facts.chain.at(-1)).toMatchObject({
      mark: "left-out",
      reason: "duplicate",
      certificate: { source: { path: ["file-0", "shop.zip", "shop.crt"] } },
    });
  });

  it("reads a mail whose only text is HTML, and one forwarded as an attachment", async () => {
    const html = `<div>Hello&nbsp;you<br>${text("shop.crt").replaceAll("\n", "<br>\n").replaceAll("=", "&#61;")}</div>`;
    const page = mail(html, { type: "text/html" });
    const forwarded = mail(`--b\nContent-Type: message/rfc822\n\n${page}\n--b--\n`, {
      type: "multipart/mixed; boundary=b",
    });
    for (const given of [page, forwarded]) {
      expect((await made.read([given])).facts.certificate?.commonName).toBe("shop.example.test");
    }
  });

  it.each([
    ["Order No. 1234567: Certificate Issued", ["1234567"]],
    ["RapidSSL Order: 7654321 Complete", ["7654321"]],
    ["Ihre Bestellnummer 123456 / Auftrags-Nr: 654321", ["123456", "654321"]],
    ["=?UTF-8?B?QmVzdGVsbHVuZyAjOTg3NjU0MyBmw7xyIGLDvGNoZXI=?=", ["9876543"]],
    ["Your certificate for 12345678.example.com", []],
    ["Order 1234", []],
  ])("takes from the subject %s the numbers %j", async (about, numbers) => {
    expect((await made.read([mail(text("shop.crt"), { about })])).facts.orderNumbers).toEqual(numbers);
  });

  it("warns of a private key that came by mail, and uses it all the same", async () => {
    const reading = await made.read([mail(`${text("shop.crt")}${text("shop.key")}`)]);
    expect(ids(reading)).toContain("private-key-in-email");
    expect(reading.facts.keyFits).toBe(true);
  });

  it.each([
    ["rsa", "rsa.pkcs1.key", "PKCS#1", "no"],
    ["shop", "shop.sec1.key", "SEC 1", "no"],
    ["shop", "shop.enc.key", "PKCS#8", "yes"],
    ["shop", "shop.scrypt.key", "PKCS#8", "yes"],
    ["rsa", "rsa.proctype.key", "PKCS#1", "yes"],
  ])("opens %s's key from %s and hands it on as plain PKCS#8", async (name, file, from, encrypted) => {
    const reading = await made.read([text(`${name}.crt`), text(file)], { passphrase: "letmein" });
    expect(reading.facts.keyFits).toBe(true);
    expect(paramsOf(reading, "key-converted")).toEqual({ from, encrypted });
    expect(pemOf(reading.material?.privateKeyPem)).toBe(text(`${name}.key`));
  });

  it("gives the same reading through a worker's job", async () => {
    const inputs = [{ name: "all", bytes: Buffer.from(text("shop.crt") + text("shop.key")) }];
    const options = { passphrase: null, now: new Date() };
    const job = { inputs, options, anchorsPem: [text("root.crt")], library: null, fetched: [] };
    const { facts, material } = fromTransferable(structuredClone(await readJob(structuredClone(job))));
    expect(facts).toMatchObject({ keyFits: true, certificate: { commonName: "shop.example.test" } });
    expect(pemOf(material?.privateKeyPem)).toBe(text("shop.key"));
  });
});

describe("naming what is wrong", () => {
  it("asks for a passphrase, and says of a wrong one that it did not open the key", async () => {
    const given = [text("shop.crt"), text("shop.enc.key")];
    expect(ids(await made.read(given))).toContain("passphrase-required");
    expect(ids(await made.read(given, { passphrase: "wrong" }))).toContain("wrong-passphrase");
  });

  it("says that a key is not the certificate's, keeps it out of the material, and tries no handshake", async () => {
    const reading = await made.read([text("shop.crt"), text("rsa.key")]);
    const { facts, material } = reading;
    expect(paramsOf(reading, "key-mismatch")).toEqual({
      name: "shop.example.test",
      certificateSpki: facts.certificate?.spkiSha256,
      keySpki: facts.key?.spkiSha256,
    });
    expect(facts).toMatchObject({ keyFits: false, handshake: null });
    expect(material?.privateKeyPem).toBeNull();
  });

  it("picks from several keys the one that fits", async () => {
    const reading = await made.read([text("rsa.key"), text("shop.key"), text("shop.crt")]);
    expect(reading.facts.keyFits).toBe(true);
    expect(paramsOf(reading, "several-keys")).toEqual({ name: "shop.example.test", count: 2 });
  });

  it.each<[string, () => Input | Promise<Buffer>, FindingId]>([
    ["nothing", () => "", "empty-input"],
    ["a holiday letter", () => "Dear Sir or Madam, the weather is fine.", "not-a-certificate"],
    ["a mail without a certificate", () => mail("Please approve."), "not-a-certificate"],
    ["a request", () => text("shop.csr"), "csr-given"],
    ["a request in DER", () => bytes("shop.csr.der"), "csr-given"],
    ["a public key", () => text("shop.pub"), "public-key-given"],
    ["a key alone", () => text("shop.key"), "missing-certificate"],
    ["the CA's own certificate", () => text("intermediate.crt"), "ca-certificate-as-leaf"],
    ["a block without its end", () => text("shop.crt").slice(0, 300), "malformed-pem"],
    ["a block without its beginning", () => text("shop.crt").slice(300), "malformed-pem"],
    ["a damaged certificate", () => text("shop.crt").replace(/MII/, "MIX"), "malformed-certificate"],
    ["a cut-off certificate", () => bytes("shop.der").subarray(0, 300), "malformed-certificate"],
    ["a damaged key", () => text("shop.key").replace(/MIG/, "MIX"), "malformed-key"],
    ["a cut-off ZIP", async () => (await zip({ a: text("shop.crt") })).subarray(0, 200), "malformed-zip"],
    ["a weak key", () => text("weak.crt") + text("weak.key"), "weak-key"],
  ])("calls %s by its name, and blocks it", async (_, given, id) => {
    const { facts } = await made.read([await given()]);
    expect(facts.findings).toContainEqual(expect.objectContaining({ id, severity: "blocked" }));
    expect(ids({ facts, material: null })).not.toContain("handshake-failed");
  });

  it("leaves aside what it cannot use, when all it could have held is there otherwise", async () => {
    const both = [text("shop.crt"), text("shop.key"), text("intermediate.crt")];
    const extra = ["Read me first.", text("shop.pub"), text("shop.enc.key"), bytes("shop.pfx")];
    const { facts } = await made.read([...both, ...extra]);
    expect(facts.findings.map(({ id, source }) => [id, source?.path[0]])).toEqual(
      extra.map((_, index) => ["file-left-out", `file-${index + both.length}`]),
    );
  });
});
