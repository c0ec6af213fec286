import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entity, type MailPart, message, multipart, multipartMessage } from "../../tests/mails.ts";
import { type Input, ids, makeVectors, paramsOf, type Vectors, zip } from "../../tests/vectors.ts";

let made: Vectors;
beforeAll(() => {
  made = makeVectors();
  const { openssl } = made;
  made.leaf("sender", { key: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"] });
  openssl("x509", "-in", "shop.crt", "-outform", "DER", "-out", "shop.der");
}, 60_000);
afterAll(() => made[Symbol.dispose]());
const text = (name: string) => made.text(name);
const crlf = (given: string) => given.replace(/\r?\n/g, "\r\n");
const plain = (body: Input): Buffer => entity({ type: "text/plain; charset=utf-8", body });
const both = () =>
  `Your certificate:\n\n${text("shop.crt")}\nand the intermediate:\n\n${text("intermediate.crt")}`;
const html = (body: string) =>
  `<html><body><p>${body.replaceAll("\n", "<br>\n").replaceAll("+", "&#43;")}</p></body></html>`;

describe("a mail's body", () => {
  it.each<[string, () => MailPart]>([
    ["plain text", () => ({ type: "text/plain", body: both() })],
    ["quoted-printable", () => ({ type: "text/plain", body: both(), encoding: "quoted-printable" })],
    ["base64", () => ({ type: "text/plain; charset=utf-8", body: crlf(both()), encoding: "base64" })],
    [
      "ISO-8859-1",
      () => ({
        type: "text/plain; charset=ISO-8859-1",
        body: Buffer.from(`Gr\u00fc\u00dfe\n${both()}`, "latin1"),
      }),
    ],
    [
      "Windows-1252",
      () => ({
        type: "text/plain; charset=windows-1252",
        body: Buffer.from(`\u0096\n${both().replaceAll("-----", "\u0097\u0097")}`, "latin1"),
      }),
    ],
    [
      "UTF-16",
      () => ({
        type: "text/plain; charset=utf-16",
        body: Buffer.from(`\uFEFF${both()}`, "utf16le"),
        encoding: "base64",
      }),
    ],
    [
      "UTF-16, big end first, unmarked",
      () => ({
        type: "text/plain; charset=utf-16",
        body: Buffer.from(both(), "utf16le").swap16(),
        encoding: "base64",
      }),
    ],
    [
      "UTF-7",
      () => ({
        type: "text/plain; charset=utf-7",
        body: both().replaceAll("+", "+-").replaceAll("=", "+AD0-"),
      }),
    ],
    ["a charset nobody knows", () => ({ type: "text/plain; charset=x-unknown", body: both() })],
    [
      "flowed",
      () => ({
        type: "text/plain; format=flowed; delsp=yes",
        body: both().replace(/^(.{40})(?=.)/gm, "$1 \r\n"),
      }),
    ],
    ["HTML", () => ({ type: "text/html", body: html(both()), encoding: "quoted-printable" })],
    ["HTML with preformatted text", () => ({ type: "text/html", body: `<pre>${both()}</pre>` })],
    [
      "HTML with non-breaking spaces",
      () => ({
        type: "text/html; charset=utf-8",
        body: html(both())
          .replaceAll("CERTIFICATE", "<b>CERTIFICATE</b>")
          .replaceAll("BEGIN ", "BEGIN&nbsp;"),
        encoding: "base64",
      }),
    ],
    [
      "a quoted forward",
      () => ({ type: "text/plain", body: `See below\n\n-- Forwarded --\n${both().replace(/^/gm, "> ")}` }),
    ],
    ["a type that lies", () => ({ type: "application/octet-stream", body: both(), encoding: "base64" })],
  ])("is read as %s", async (_, part) => {
    const { facts } = await made.read([message(part())]);
    expect(facts.chainState).toBe("complete");
    expect(facts.findings.filter(({ severity }) => severity !== "fixed")).toEqual([]);
  });

  it("is read once when the HTML repeats the text, and twice when each holds something else", async () => {
    const alternative = (page: string) =>
      multipartMessage("alternative", [
        plain(text("shop.crt")),
        entity({ type: "text/html", body: html(page) }),
      ]);
    const repeated = await made.read([alternative(text("shop.crt")), text("intermediate.crt")]);
    expect(repeated.facts.findings).toEqual([]);
    const more = await made.read([alternative(both())]);
    expect(more.facts).toMatchObject({ chainState: "complete", findings: [] });
  });

  it("is read from the HTML where the text was broken", async () => {
    const broken = text("shop.crt").replace(/^(M.{20})/m, "$1\u2026");
    const given = multipartMessage("alternative", [
      plain(broken),
      entity({ type: "text/html", body: html(text("shop.crt")) }),
    ]);
    const reading = await made.read([given]);
    expect(reading.facts.certificate?.commonName).toBe("shop.example.test");
    expect(ids(reading)).not.toContain("malformed-pem");
    expect(ids(await made.read([multipartMessage("mixed", [plain(broken)])]))).toContain("malformed-pem");
  });
});

describe("a mail's shape", () => {
  const simple = () => message({ type: "text/plain", body: crlf(both()) }).toString("latin1");
  it.each<[string, () => Input]>([
    ["a mailbox's first line", () => `From ca@example.test Mon Nov  2 10:00:00 2026\r\n${simple()}`],
    ["blank lines before", () => `\r\n\r\n ${simple()}`],
    ["a byte order mark", () => `\uFEFF${simple()}`],
    ["LF only", () => simple().replaceAll("\r\n", "\n")],
    ["CR only", () => simple().replaceAll("\r\n", "\r")],
    ["UTF-16", () => Buffer.from(`\uFEFF${simple()}`, "utf16le")],
    [
      "a line among the fields that is none",
      () =>
        simple()
          .replace("To:", "this is no field\r\nTo:")
          .replace("Date:", "X-A: b\r\nX-B: c\r\nX-C: d\r\nX-D: e\r\nX-E: f\r\nX-F: g\r\nDate:"),
    ],
    ["20,000 fields", () => simple().replace("To:", `${"X-A: bcde\r\n".repeat(20_000)}To:`)],
    [
      "the body's parts alone",
      () =>
        multipart("mixed", [plain(both())], "b")
          .toString()
          .replace(/^[^\n]+\n\r\n/, ""),
    ],
    ["one part's source", () => entity({ type: "text/plain", body: both(), encoding: "base64" })],
    [
      "an end that is missing",
      () =>
        multipartMessage("mixed", [plain(both())])
          .toString()
          .replace(/--=_b--\r\n$/, ""),
    ],
    [
      "a boundary that is never declared",
      () =>
        multipartMessage("mixed", [plain(both())])
          .toString()
          .replace(/; boundary="=_b"/, ""),
    ],
    [
      "a mailbox of two",
      () =>
        `From a@b.test Mon Nov  2 10:00:00 2026\n${simple()}\n\nFrom c@d.test Mon Nov  2 11:00:00 2026\n${simple()}`,
    ],
  ])("may have %s", async (_, given) => {
    const { facts } = await made.read([given()]);
    expect(facts.chainState).toBe("complete");
  });

  it.each([
    "certificate.crt",
    "certificate.cer",
    "certificate.pem",
    "certificate.txt",
    "certificate.ca-bundle",
    "winmail.bin",
  ])("may hold the certificate in %s, whatever its type", async (name) => {
    for (const type of [
      "application/octet-stream",
      "text/plain",
      "application/x-x509-ca-cert",
      "image/png",
    ]) {
      const file = entity({ type, name, body: both(), encoding: "base64" });
      const reading = await made.read([multipartMessage("mixed", [plain("Hello"), file])]);
      expect(reading.facts).toMatchObject({ chainState: "complete", findings: [] });
      expect(reading.facts.certificate?.source.path).toEqual(["file-0", name]);
    }
  });

  it.each(["example.zip", "example.zi_", "example.dat"])(
    "may hold an archive called %s and a DER file",
    async (name) => {
      const archive = await zip({ "chain.pem": text("intermediate.crt") });
      const parts = [
        plain("Hello"),
        entity({ type: "application/octet-stream", name, body: archive, encoding: "base64" }),
        entity({
          type: "application/pkix-cert",
          name: "shop.der",
          body: made.bytes("shop.der"),
          encoding: "base64",
        }),
      ];
      expect((await made.read([multipartMessage("mixed", parts)])).facts).toMatchObject({
        chainState: "complete",
        findings: [],
      });
    },
  );

  it("may have pictures and documents beside", async () => {
    const picture = entity({
      type: "image/png",
      name: "logo.png",
      body: Buffer.from("89504e470d0a1a0a", "hex"),
      encoding: "base64",
    });
    const guide = entity({
      type: "application/pdf",
      name: "guide.pdf",
      body: "%PDF-1.4\n",
      encoding: "base64",
    });
    const page = entity({ type: "text/html", name: "help.html", body: "<!doctype html><p>Help</p>" });
    const given = multipartMessage("mixed", [
      multipart("related", [plain(both()), picture], "=_r"),
      guide,
      page,
    ]);
    expect((await made.read([given])).facts).toMatchObject({ chainState: "complete", findings: [] });
  });

  it("may be forwarded as an attachment, twice, and no deeper", async () => {
    const inner = message({ type: "text/plain", body: both() });
    const forward = (bytes: Buffer) =>
      multipartMessage("mixed", [plain("See attached"), entity({ type: "message/rfc822", body: bytes })], {
        boundary: `=_f${bytes.length}`,
      });
    expect((await made.read([forward(inner)])).facts.chainState).toBe("complete");
    expect((await made.read([forward(forward(inner))])).facts.chainState).toBe("complete");
    expect(paramsOf(await made.read([forward(forward(forward(inner)))]), "resource-limit")).toMatchObject({
      limit: "mailDepth",
    });
  });
});

describe("signed and locked mails", () => {
  const signed = (...options: string[]) => {
    made.openssl(
      "smime",
      "-sign",
      "-in",
      "inner.txt",
      "-signer",
      "sender.crt",
      "-inkey",
      "sender.key",
      "-from",
      "a@b.test",
      "-subject",
      "Hi",
      "-out",
      "out.eml",
      ...options,
    );
    return made.bytes("out.eml");
  };
  beforeAll(() => writeFileSync(made.path("inner.txt"), plain(crlf(both()))));

  it("reads what was signed, and never the sender's certificate", async () => {
    for (const options of [[], ["-nodetach"], ["-nodetach", "-md", "sha256", "-stream"]]) {
      const { facts } = await made.read([signed(...options)]);
      expect(facts).toMatchObject({ chainState: "complete", findings: [] });
      expect(facts.certificate?.commonName).toBe("shop.example.test");
      expect(facts.chain.map(({ certificate }) => certificate.commonName)).not.toContain(
        "sender.example.test",
      );
    }
  });

  it("says of an encrypted mail that it is", async () => {
    made.openssl(
      "smime",
      "-encrypt",
      "-aes256",
      "-in",
      "inner.txt",
      "-from",
      "a@b.test",
      "-subject",
      "Hi",
      "-out",
      "locked.eml",
      "sender.crt",
    );
    expect(ids(await made.read([made.bytes("locked.eml")]))).toEqual(["encrypted-email"]);
    const block = "-----BEGIN PGP MESSAGE-----\n\nhQEMA1234567890abcdef\n=abcd\n-----END PGP MESSAGE-----\n";
    expect(ids(await made.read([message({ type: "text/plain", body: block })]))).toEqual(["encrypted-email"]);
    expect(ids(await made.read([block]))).toEqual(["encrypted-email"]);
    const pgpMime = multipartMessage('encrypted; protocol="application/pgp-encrypted"', [
      entity({ type: "application/pgp-encrypted", body: "Version: 1\r\n" }),
      entity({ type: "application/octet-stream", name: "encrypted.asc", body: block }),
    ]);
    expect(ids(await made.read([pgpMime]))).toEqual(["encrypted-email"]);
  });

  it("reads a mail that OpenPGP signed", async () => {
    const signature =
      "-----BEGIN PGP SIGNATURE-----\n\niQEzBAABCAAdFiEE1234567890\n=abcd\n-----END PGP SIGNATURE-----\n";
    const parts = [
      plain(both()),
      entity({ type: "application/pgp-signature", name: "signature.asc", body: signature }),
    ];
    expect((await made.read([multipartMessage("signed", parts)])).facts).toMatchObject({
      chainState: "complete",
      findings: [],
    });
  });

  it("names Outlook's own wrapping", async () => {
    const wrapped = Buffer.concat([Buffer.from("789f3e22", "hex"), Buffer.alloc(40, 1)]);
    const file = entity({
      type: "application/ms-tnef",
      name: "winmail.dat",
      body: wrapped,
      encoding: "base64",
    });
    const reading = await made.read([multipartMessage("mixed", [plain("Hello"), file])]);
    expect(reading.facts.findings.map(({ id, params }) => [id, params])).toEqual([
      ["unsupported-format", { format: "TNEF (winmail.dat)" }],
    ]);
  });

  it("warns of a private key, and reads it", async () => {
    const reading = await made.read([message({ type: "text/plain", body: both() + text("shop.key") })]);
    expect(ids(reading)).toEqual(["private-key-in-email"]);
    expect(reading.facts.keyFits).toBe(true);
  });
});

describe("a file in a mail's text", () => {
  const uu = (bytes: Buffer) => {
    const letter = (value: number) => String.fromCharCode(value === 0 ? 96 : value + 32);
    const lines = Array.from({ length: Math.ceil(bytes.length / 45) }, (_, at) => {
      const piece = bytes.subarray(45 * at, 45 * at + 45);
      const letters = Array.from({ length: Math.ceil(piece.length / 3) }, (_, three) => {
        const bits = Buffer.concat([piece.subarray(3 * three, 3 * three + 3), Buffer.alloc(2)]).readUIntBE(
          0,
          3,
        );
        return [18, 12, 6, 0].map((shift) => letter((bits >> shift) & 63)).join("");
      });
      return letter(piece.length) + letters.join("");
    });
    return `begin 666 shop.crt\r\n${lines.join("\r\n")}\r\n\`\r\nend\r\n`;
  };
  it("is read as Outlook writes it there", async () => {
    for (const file of [Buffer.from(text("shop.crt")), made.bytes("shop.der")]) {
      const reading = await made.read([
        message({ type: "text/plain", body: `Here it is\r\n\r\n${uu(file)}` }),
      ]);
      expect(reading.facts.certificate?.source.path).toEqual(["file-0", "shop.crt"]);
    }
  });
});

describe("mails that programs wrote", () => {
  const report = (original: Input) =>
    multipartMessage(
      "report; report-type=delivery-status",
      [
        plain("Your message could not be delivered."),
        entity({
          type: "message/delivery-status",
          body: "Reporting-MTA: dns; mx.example.test\r\n\r\nAction: failed\r\n",
        }),
        entity({ type: "message/rfc822", body: original }),
      ],
      { fields: ["Subject: Undelivered Mail Returned to Sender"] },
    );
  it("are a bounce, or an answer that nobody is in", async () => {
    const note = (...fields: string[]) => message({ type: "text/plain", body: "I am away." }, fields);
    const bounced = report(message({ type: "text/plain", body: "Please send it." }));
    for (const [given, kind] of [
      [bounced, "bounce"],
      [note("Subject: x", "X-Failed-Recipients: a@b.test"), "bounce"],
      [note("Subject: x", "Auto-Submitted: auto-replied"), "auto-reply"],
      [note("Subject: Out of Office: certificate"), "auto-reply"],
      [note("Subject: Abwesenheitsnotiz"), "auto-reply"],
      [note("Subject: x", "X-Autoreply: yes"), "auto-reply"],
    ] as const) {
      const reading = await made.read([given]);
      expect(reading.facts.findings.map(({ id, params }) => [id, params])).toEqual([
        ["bounce-message", { kind }],
      ]);
    }
  });

  it("give the certificate of the mail they return", async () => {
    const reading = await made.read([report(message({ type: "text/plain", body: both() }))]);
    expect(reading.facts).toMatchObject({ chainState: "complete", findings: [] });
  });

  it("are no answer only because a program sent them", async () => {
    const given = message({ type: "text/plain", body: "Download: https://ca.example.test/x" }, [
      "Subject: Ready",
      "Auto-Submitted: auto-generated",
    ]);
    expect(ids(await made.read([given]))).toEqual(["not-a-certificate"]);
  });
});

describe("hostile mails", () => {
  const nested = (depth: number): Buffer =>
    Array.from({ length: depth }).reduce<Buffer>(
      (inner, _, level) => multipart("mixed", [inner], `b${level}`),
      plain("x"),
    );
  const top = "From: a@b.test\r\nSubject: x\r\nMIME-Version: 1.0\r\n";
  const much = 1_000_000;
  it.each<[string, () => Input]>([
    ["20,000 fields", () => `${"X-Field: y\r\n".repeat(20_000)}${top}\r\nx`],
    ["a field folded endlessly", () => `${top}X: y\r\n${" z\r\n".repeat(60_000)}\r\nx`],
    ["a megabyte of fields", () => `${top}${"X: y\r\n".repeat(much / 6)}\r\nx`],
    [
      "a megabyte of dashes",
      () => `${top}Content-Type: multipart/mixed; boundary=b\r\n\r\n${"-".repeat(much)}`,
    ],
    [
      "a megabyte of dashed lines",
      () => `${top}Content-Type: multipart/mixed; boundary=b\r\n\r\n${"--\n".repeat(much / 3)}`,
    ],
    [
      "a million parts",
      () => `${top}Content-Type: multipart/mixed; boundary=b\r\n\r\n${"--b\n\n".repeat(much)}`,
    ],
    [
      "different dashed lines",
      () =>
        `${top}Content-Type: multipart/mixed; boundary=b\r\n\r\n${Array.from({ length: 100_000 }, (_, at) => `--${at}\n`).join("")}`,
    ],
    [
      "boundaries that begin alike",
      () => Buffer.concat([Buffer.from(top), nested(15), Buffer.from("--b\r\n".repeat(100))]),
    ],
    ["parts within parts", () => Buffer.concat([Buffer.from(top), nested(100)])],
    ["endless addresses", () => `To: ${"a,".repeat(100_000)}\r\n${top}\r\nx`],
    ["brackets in addresses", () => `To: ${"<(".repeat(100_000)}\r\n${top}\r\nx`],
    ["encoded words", () => `Subject: ${"=?utf-8?Q?a?= ".repeat(15_000)}\r\n${top}\r\nx`],
    ["broken encoded words", () => `Subject: ${"=?utf-8?Q?".repeat(20_000)}\r\n${top}\r\nx`],
    ["parameters", () => `${top}Content-Type: text/plain;${" a*0=b;".repeat(30_000)}\r\n\r\nx`],
    ["HTML of five megabytes", () => `${top}Content-Type: text/html\r\n\r\n${"<p>&nbsp;".repeat(500_000)}`],
    [
      "text and HTML of two megabytes each",
      () =>
        multipartMessage("mixed", [
          plain("a <b> & \n".repeat(200_000)),
          entity({ type: "text/html", body: "<p>&nbsp;\n".repeat(200_000) }),
        ]),
    ],
    [
      "base64 of five megabytes",
      () => `${top}Content-Transfer-Encoding: base64\r\n\r\n${"A=\r\n".repeat(much)}`,
    ],
    [
      "soft line breaks",
      () => `${top}Content-Transfer-Encoding: quoted-printable\r\n\r\n${"=\r\n".repeat(much)}`,
    ],
    [
      "a mailbox of a thousand",
      () => "From a@b.test Mon Nov  2 10:00:00 2026\nFrom: a@b.test\nSubject: b\n\nx\n\n".repeat(1000),
    ],
  ])("are read in no time: %s", async (_, given) => {
    const bytes = given();
    const before = process.cpuUsage();
    const { facts } = await made.read([bytes]);
    const { user, system } = process.cpuUsage(before);
    expect(facts.certificate).toBeNull();
    expect((user + system) / 1000).toBeLessThan(900);
  });

  it("are refused when they are larger inside than any mail", async () => {
    const limitOf = async (given: Input) => paramsOf(await made.read([given]), "resource-limit");
    expect(await limitOf(Buffer.concat([Buffer.from(top), nested(30)]))).toEqual({
      limit: "mailDepth",
      value: 20,
    });
    const parts = Array.from({ length: 201 }, () => plain("x"));
    expect(await limitOf(multipartMessage("mixed", parts))).toEqual({ limit: "mailParts", value: 200 });
    expect(await limitOf(`${top}${"X: y\r\n".repeat(100_000)}\r\nx`)).toEqual({
      limit: "headerBytes",
      value: 262_144,
    });
  });
});
