import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Input, ids, makeVectors, paramsOf, pemOf, type Vectors, zip } from "../../tests/vectors.ts";

let made: Vectors;
beforeAll(() => {
  made = makeVectors();
  const { openssl } = made;
  const rsa = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
  made.leaf("rsa", { key: rsa });
  openssl("pkey", "-in", "shop.key", "-pubout", "-out", "shop.pub");
  openssl("ecparam", "-name", "prime256v1", "-out", "curve.pem");
  openssl("x509", "-in", "shop.crt", "-outform", "DER", "-out", "shop.der");
  openssl("x509", "-in", "shop.crt", "-trustout", "-addtrust", "serverAuth", "-out", "shop.trusted.crt");
  openssl(
    "rsa",
    "-in",
    "rsa.key",
    "-traditional",
    "-aes128",
    "-passout",
    "pass:letmein",
    "-out",
    "rsa.old.key",
  );
}, 60_000);
afterAll(() => made[Symbol.dispose]());
const text = (name: string) => made.text(name);
const body = (pem: string) => pem.replace(/-----[A-Z ]+-----\n/g, "");

const armour = (pem: string, written: (kind: string, label: string) => string) =>
  pem.replace(/-----(BEGIN|END) ([A-Z ]+)-----/g, (_, kind, label) => written(String(kind), String(label)));
const quotedPrintable = (pem: string) => pem.replaceAll("=", "=3D").replace(/^.{60}(?=.)/gm, "$&=\n");
const utf16be = (pem: string) => Buffer.from(pem, "utf16le").swap16();
const windows1252 = (pem: string) =>
  Buffer.concat([
    Buffer.from([0x93, 0xfc, 0x94, 0xa0, 0x0a]),
    Buffer.from(pem.replaceAll("-----", "---"), "latin1"),
  ]);

/** Damage to text, each of which loses nothing. */
const damages: Readonly<Record<string, (pem: string) => Input>> = {
  "UTF-16, big end first, without mark": utf16be,
  "UTF-16, big end first": (pem) => utf16be(`\uFEFF${pem}`),
  "zeros behind the text": (pem) => `> ${pem}\0\0`,
  "Windows-1252 and short dashes": windows1252,
  "deep quoting": (pem) => pem.replace(/^/gm, ">> | > "),
  "quoting with bars": (pem) => pem.replace(/^/gm, "| "),
  "quoting with initials": (pem) => pem.replace(/^/gm, "AB> "),
  "quoting, then line breaks lost": (pem) => pem.replace(/^/gm, "> ").replaceAll("\n", " "),
  "everything on one line": (pem) => pem.replaceAll("\n", ""),
  JSON: (pem) => JSON.stringify({ certificate: pem }),
  "JSON in JSON": (pem) => JSON.stringify(JSON.stringify({ certificate: pem.replaceAll("\n", "\r\n") })),
  "JSON with escaped slashes and signs": (pem) =>
    JSON.stringify(pem).replaceAll("/", "\\/").replaceAll("+", "\\u002B").replaceAll("=", "\\u003d"),
  "an environment file": (pem) => `TLS_CERT="${pem.replaceAll("\n", "\\n")}"\n`,
  "a program's string": (pem) => pem.trimEnd().replace(/^(.*)$/gm, '    "$1\\n" +'),
  "a list of lines": (pem) => JSON.stringify(pem.split("\n"), null, 2),
  YAML: (pem) => `tls.crt: |\n${pem.replace(/^/gm, "    ")}`,
  "quoted-printable": quotedPrintable,
  "quoted-printable, all of it encoded": (pem) =>
    quotedPrintable(pem.replaceAll("\n", "=0D=0A")).replaceAll("=3D0", "=0"),
  "quoted-printable dashes": (pem) => quotedPrintable(pem).replaceAll("-----BEGIN", "=2D----BEGIN"),
  "soft line breaks alone": (pem) => pem.replace(/^([A-Za-z0-9+/]{30})/gm, "$1=\n"),
  "an HTML page": (pem) =>
    `<html><body><p>Hi</p><pre>\n${pem}</pre></body></html>`.replace("MII", "<b>MII</b>"),
  "HTML breaks": (pem) => pem.replaceAll("\n", "<br>").replaceAll("+", "&#43;").replaceAll("/", "&#x2F;"),
  "HTML paragraphs": (pem) => pem.replace(/^(.*)$/gm, '<p class="x">$1</p>').replaceAll(" ", "&nbsp;"),
  "HTML twice": (pem) => pem.replaceAll("\n", "&lt;br /&gt;").replaceAll("=", "&amp;#61;"),
  "a page's source in quoted-printable": (pem) =>
    quotedPrintable(`<div style="x">${pem.replaceAll("\n", "<br>\n")}</div>`),
  "a word processor's file": (pem) => `{\\rtf1\\ansi\\f0\\fs24 ${pem.replaceAll("\n", "\\\n")}}`,
  "a form's encoding": (pem) => encodeURIComponent(pem),
  "a form's encoding with plus signs": (pem) => encodeURIComponent(pem).replaceAll("%20", "+"),
  "characters nobody sees": (pem) =>
    pem
      .replace(/^(.{20})/gm, "$1\u200b")
      .replaceAll("CERT", "C\u00adERT")
      .replace("BEGIN ", "BEGIN\u00a0"),
  "em dashes": (pem) => pem.replaceAll("-----", "\u2014\u2014-"),
  "en dashes": (pem) => pem.replaceAll("-----", "\u2013\u2013\u2013\u2013\u2013"),
  "a single dash": (pem) => pem.replaceAll("-----", "\u2014"),
  "four dashes": (pem) => pem.replaceAll("-----", "----"),
  "six dashes": (pem) => pem.replaceAll("-----", "------"),
  "dashes lost": (pem) => pem.replaceAll("-----", ""),
  "dashes lost on one side": (pem) => pem.replace(/-----$/gm, ""),
  "spaced dashes": (pem) => pem.replaceAll("-----", "- - - - -"),
  "lower case": (pem) => armour(pem, (kind, label) => `-----${kind} ${label}-----`.toLowerCase()),
  "mixed case": (pem) => armour(pem, (kind, label) => `-----${kind.toLowerCase()} ${label}-----`),
  "spaces in the armour": (pem) => armour(pem, (kind, label) => `----- ${kind}  ${label} -----`),
  "a line break in the armour": (pem) => armour(pem, (kind, label) => `-----${kind}\n${label}-----`),
  "dashes escaped by OpenPGP": (pem) =>
    `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${pem.replace(/^-/gm, "- -")}-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n`,
  "no end": (pem) => pem.replace(/-----END [A-Z]+-----/g, "\nRegards\nthe CA"),
  "no end and no words": (pem) => pem.replace(/-----END [A-Z]+-----/g, ""),
  "no beginning": (pem) => pem.replace(/-----BEGIN [A-Z]+-----/g, "Here it is:\n"),
  "no armour": body,
  "no armour and quote marks": (pem) => body(pem).replace(/^/gm, "> "),
  hexadecimal: () => made.bytes("shop.der").toString("hex"),
  "hexadecimal with colons": () =>
    made
      .bytes("shop.der")
      .toString("hex")
      .replace(/..(?=.)/g, "$&:")
      .toUpperCase(),
  "base64 of the text": (pem) => `tls.crt: ${Buffer.from(pem).toString("base64")}`,
};

describe("text that was damaged on its way", () => {
  it.each(Object.keys(damages))("is read through %s, and said to be repaired", async (damage) => {
    const given = damages[damage]?.(text("shop.crt")) ?? "";
    const { facts, material } = await made.read([given]);
    expect(pemOf(material?.certificatePem)).toBe(text("shop.crt"));
    expect(facts.findings.filter(({ id }) => id === "text-repaired").length).toBe(1);
    expect(facts.findings.filter(({ severity }) => severity === "blocked")).toEqual([]);
  });

  it.each(Object.keys(damages).filter((damage) => !damage.startsWith("hexadecimal")))(
    "is read in whole through %s, when a chain is in it",
    async (damage) => {
      const given = damages[damage]?.(text("shop.crt") + text("intermediate.crt")) ?? "";
      const { facts } = await made.read([given]);
      expect(facts.certificate?.commonName).toBe("shop.example.test");
      expect(facts.chainState).toBe("complete");
    },
  );

  it.each([
    ["as it should be", (pem: string) => pem],
    ["with CRLF", (pem: string) => pem.replaceAll("\n", "\r\n")],
    ["with blanks at the ends of lines", (pem: string) => pem.replaceAll("\n", "  \n")],
    ["in one long line", (pem: string) => pem.replace(/(?<![-])\n(?!-)/g, "")],
    [
      "among words with odd characters",
      (pem: string) => `D\u00e9j\u00e0\u00a0vu <br> =3D \\n\n${pem}\u2014 the CA`,
    ],
    ["in a page as it is", (pem: string) => `<p>Hi</p>\n<pre>\n${pem}</pre>`],
  ])("is not said to be repaired %s", async (_, damage) => {
    const { facts } = await made.read([damage(text("shop.crt"))]);
    expect(facts.certificate?.commonName).toBe("shop.example.test");
    expect(facts.findings.map(({ id }) => id)).not.toContain("text-repaired");
  });

  it("opens an old encrypted key whose lines were joined or quoted", async () => {
    for (const damage of [
      (pem: string) => pem,
      (pem: string) => pem.replace(/^/gm, "> "),
      (pem: string) => pem.replaceAll("\n", " "),
      (pem: string) => pem.replaceAll("\n", "\\n"),
    ]) {
      const given = [text("rsa.crt"), damage(text("rsa.old.key"))];
      expect((await made.read(given, { passphrase: "letmein" })).facts.keyFits).toBe(true);
    }
  });

  it("passes over armour that a sentence or a placeholder holds", async () => {
    const words = `Copy all from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, with both lines.
-----BEGIN CERTIFICATE-----
(Your Primary SSL certificate: your_domain_name.crt)
-----END CERTIFICATE-----
---------- BEGIN FORWARDED MESSAGE ----------
Begin certificate
`;
    expect((await made.read([words + text("shop.crt")])).facts.findings.map(({ id }) => id)).toEqual([
      "missing-intermediate",
    ]);
    expect(ids(await made.read([words]))).toEqual(["not-a-certificate"]);
  });

  it("reads the certificate in OpenSSL's trusted form and drops what stands behind it", async () => {
    const { facts, material } = await made.read([text("shop.trusted.crt")]);
    expect(pemOf(material?.certificatePem)).toBe(text("shop.crt"));
    expect(facts.findings.filter(({ severity }) => severity === "blocked")).toEqual([]);
  });

  it.each(["X509 CERTIFICATE", "X.509 CERTIFICATE", "NEW CERTIFICATE", "CERT"])(
    "knows the label %s",
    async (label) => {
      const { facts } = await made.read([text("shop.crt").replaceAll("CERTIFICATE", label)]);
      expect(facts.certificate?.commonName).toBe("shop.example.test");
      expect(ids({ facts, material: null })).not.toContain("text-repaired");
    },
  );

  it("reads several bare certificates, whether blank lines, words or nothing stand between them", async () => {
    const [leaf, ca] = [body(text("shop.crt")), body(text("intermediate.crt"))];
    for (const given of [
      `${leaf}\n${ca}`,
      `${leaf}${ca}`,
      `Leaf:\n${leaf}Intermediate:\n${ca}`,
      `["${leaf}","${ca}"]`,
    ])
      expect((await made.read([given])).facts.chainState).toBe("complete");
  });

  it("reads base64 that lost its padding", async () => {
    const given = ["shop.crt", "intermediate.crt", "shop.key"].map((name) => text(name).replace(/=+$/gm, ""));
    expect((await made.read(given)).facts).toMatchObject({ keyFits: true, chainState: "complete" });
  });

  it("reads what a SAML document holds", async () => {
    const given = `<?xml version="1.0"?>\n<ds:X509Certificate>${body(text("shop.crt"))}</ds:X509Certificate>`;
    expect((await made.read([given])).facts.certificate?.commonName).toBe("shop.example.test");
  });
});

describe("text that cannot be repaired", () => {
  const lines = () => text("shop.crt").trimEnd().split("\n");
  it.each<[string, () => string, number]>([
    ["a line is missing", () => lines().toSpliced(5, 1).join("\n"), 0],
    [
      "a letter is missing",
      () =>
        lines()
          .with(3, (lines()[3] ?? "").slice(1))
          .join("\n"),
      0,
    ],
    ["a strange character stands in it", () => lines().with(3, `${lines()[3]}\u2026`).join("\n"), 4],
    ["it ends too early", () => `Hello\n\n${lines().slice(0, 6).join("\n")}`, 8],
    ["it ends too early, and words follow", () => `${lines().slice(0, 6).join("\n")}\n[cut off]\n`, 6],
    ["it begins too late", () => `Hello\n\n${lines().slice(3).join("\n")}`, 3],
  ])("is malformed where %s", async (_, damaged, line) => {
    const reading = await made.read([damaged()]);
    expect(paramsOf(reading, "malformed-pem")).toEqual({
      label: "certificate",
      line: line || lines().length - (damaged().split("\n").length < lines().length ? 2 : 1),
    });
    expect(reading.facts.certificate).toBeNull();
  });

  it("counts the bytes behind a certificate in the same block", async () => {
    const der = Buffer.concat([made.bytes("shop.der"), Buffer.from("extra")]);
    const block = `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`;
    const reading = await made.read([block]);
    expect(paramsOf(reading, "trailing-garbage")).toEqual({ bytes: 5 });
    expect(reading.facts.certificate?.commonName).toBe("shop.example.test");
  });
});

describe("what is none of TLS's formats", () => {
  const block = (label: string) =>
    `-----BEGIN ${label}-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END ${label}-----\n`;
  it.each<[string, string, string, () => Input | Promise<Buffer>]>([
    ["unsupported-key-format", "OpenSSH key", "an OpenSSH key", () => block("OPENSSH PRIVATE KEY")],
    [
      "unsupported-key-format",
      "SSH key",
      "an SSH2 key",
      () => block("SSH2 PUBLIC KEY").replaceAll("-----", "---- ").replace(/ $/gm, ""),
    ],
    [
      "unsupported-key-format",
      "OpenSSH public key",
      "an authorized key",
      () => "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ me@host",
    ],
    [
      "unsupported-key-format",
      "PuTTY key",
      "a PuTTY key",
      () => "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n",
    ],
    ["unsupported-key-format", "EC PARAMETERS", "a curve alone", () => text("curve.pem")],
    ["unsupported-format", "PGP key", "an OpenPGP key", () => block("PGP PUBLIC KEY BLOCK")],
    [
      "unsupported-format",
      "HTML page",
      "a login page",
      () => "<!DOCTYPE html>\n<html><head><title>Log in</title></head></html>",
    ],
    ["unsupported-format", "RTF", "a letter", () => "{\\rtf1\\ansi Dear customer}"],
    ["unsupported-format", "PDF", "a PDF", () => "%PDF-1.7\n%\u00e2\u00e3\n"],
    [
      "unsupported-format",
      "image",
      "a picture",
      () => Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
    ],
    [
      "unsupported-format",
      "Outlook message (.msg)",
      "a message from Outlook",
      () =>
        Buffer.concat([
          Buffer.from("d0cf11e0a1b11ae1", "hex"),
          Buffer.alloc(600),
          Buffer.from("__substg1.0_", "utf16le"),
        ]),
    ],
    [
      "unsupported-format",
      "Word document",
      "an old letter",
      () =>
        Buffer.concat([
          Buffer.from("d0cf11e0a1b11ae1", "hex"),
          Buffer.alloc(600),
          Buffer.from("WordDocument", "utf16le"),
        ]),
    ],
    [
      "unsupported-format",
      "Office document",
      "a new letter",
      async () => await zip({ "[Content_Types].xml": "<Types/>", "word/document.xml": "<w:t>Hi</w:t>" }),
    ],
    [
      "unsupported-format",
      "gzip archive",
      "a gzip archive",
      () => Buffer.from("1f8b0800000000000003", "hex"),
    ],
    ["unsupported-format", "7z archive", "a 7z archive", () => Buffer.from("377abcaf271c0004", "hex")],
    ["unsupported-format", "RAR archive", "a RAR archive", () => Buffer.from("526172211a070100", "hex")],
    [
      "unsupported-format",
      "tar archive",
      "a tar archive",
      () => Buffer.concat([Buffer.alloc(257), Buffer.from("ustar\x0000"), Buffer.alloc(248)]),
    ],
  ])("gives %s %s for %s", async (id, format, _, given) => {
    const reading = await made.read([await given()]);
    expect(reading.facts.findings.map((found) => [found.id, found.params])).toEqual([[id, { format }]]);
  });

  it("says nothing of a curve that stands before its key, or anywhere else in the text", async () => {
    for (const given of [text("curve.pem") + text("shop.key"), text("shop.key") + text("curve.pem")])
      expect(ids(await made.read([given]))).toEqual(["missing-certificate"]);
  });

  it("reads a document that holds a certificate", async () => {
    const letter = await zip({
      "[Content_Types].xml": "<Types/>",
      "word/document.xml": `<w:p><w:r><w:t>${text("shop.crt").replaceAll("\n", "</w:t></w:r></w:p><w:p><w:r><w:t>")}</w:t></w:r></w:p>`,
    });
    expect((await made.read([letter])).facts.certificate?.commonName).toBe("shop.example.test");
  });
});

describe("hostile text", () => {
  it.each<[string, string]>([
    ["dashes", "-"],
    ["dash lines", "-----\n"],
    ["ends", "-----END CERTIFICATE-----\n"],
    ["words", "BEGIN "],
    ["both words", "-----BEGIN -----END "],
    ["starts of certificates", "MIIB "],
    ["long starts of certificates", `MIIB${"A".repeat(60)}\n`],
    ["backslashes", "\\"],
    ["quote marks", "> "],
    ["equal signs", "=3D=\n"],
    ["percent signs", "BEGIN%20C%41"],
    ["ampersands", "&#6"],
    ["quotes", '"+'],
    ["blanks", " "],
    ["tags", "<br"],
    ["PKCS headers", "Proc-Type: 4,"],
    ["slashes", "/"],
    ["hex", "30820"],
    ["empty blocks", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"],
    ["base64 of armour", "LS0tLS1CRUdJTiB "],
    ["PuTTY", " PuTTY-User"],
  ])("is walked once: %s", async (_, piece) => {
    const much = 1_000_000;
    const flood = piece.repeat(much / piece.length);
    for (const given of [flood, `-----BEGIN CERTIFICATE-----\n${flood.slice(30)}`]) {
      const before = process.cpuUsage();
      const { facts } = await made.read([given]);
      const { user, system } = process.cpuUsage(before);
      expect(facts.certificate).toBeNull();
      expect((user + system) / 1000).toBeLessThan(700);
    }
  });
});
