import { base64Lines, children, pem, tlv, unarmoured } from "./der.mjs";
import { fileName } from "./text-cases.mjs";

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki @param {import("./odd-cases.mjs").Alone} alone */
export function brokenText(book, pki, alone) {
  const text = pki.pem("direct");
  const lines = text.trimEnd().split("\n");
  const body = lines.slice(1, -1);
  const framed = (/** @type {string[]} */ inner) => [lines[0], ...inner, lines.at(-1), ""].join("\n");
  for (const part of [1, 4, 8])
    alone(
      `a certificate cut off after ${part} of its lines`,
      `${lines.slice(0, part + 1).join("\n")}\n`,
      "malformed-pem",
    );
  alone("a certificate cut off in the middle of a line", text.slice(0, 300), "malformed-pem");
  alone("a certificate cut off, with CRLF", text.slice(0, 301).replaceAll("\n", "\r\n"), "malformed-pem");
  alone(
    "a certificate cut off, and the next one below",
    `${lines.slice(0, 5).join("\n")}\n${lines.slice(0, 3).join("\n")}\n`,
    "malformed-pem",
  );
  alone(
    "a certificate whose beginning is missing",
    `${body.slice(3).join("\n")}\n${lines.at(-1)}\n`,
    "malformed-pem",
  );
  alone("a certificate that lost a letter", framed(body.with(3, (body[3] ?? "").slice(1))), "malformed-pem");
  alone(
    "a certificate that lost its last letter",
    framed(body.with(-1, (body.at(-1) ?? "").replace(/=*$/, "").slice(0, -3))),
    "malformed-pem",
  );
  alone(
    "a certificate with a letter that base64 does not have",
    framed(body.with(4, (body[4] ?? "").replace(/^.../, "$&*").slice(0, 64))),
    "malformed-pem",
  );
  alone("a certificate with letters shown as stars", framed(body.with(2, "*".repeat(64))), "malformed-pem");
  alone("a certificate of which only the armour is left", framed([]), "not-a-certificate");
  alone("a certificate that lost a line", framed(body.toSpliced(3, 1)), "malformed-pem");
  alone("a certificate that lost its last whole line", framed(body.slice(0, -2)), "malformed-pem");
  alone(
    "a certificate that holds words",
    pem("CERTIFICATE", Buffer.from("Hello, I am not a certificate at all, sorry.")),
    "malformed-certificate",
  );
  alone(
    "a certificate that holds a list of words",
    pem("CERTIFICATE", tlv(0x30, ...["one", "two", "three"].map((word) => tlv(0x0c, Buffer.from(word))))),
    "malformed-certificate",
  );
  alone("a key that was cut off", pki.keyPem("shop").slice(0, 120), "malformed-pem");
  alone(
    "a key that holds words",
    pem("PRIVATE KEY", Buffer.from("Hello, I am not a key at all, I am very sorry.")),
    "malformed-key",
  );
  alone(
    "an RSA key that holds words",
    pem("RSA PRIVATE KEY", Buffer.from("Hello, I am not a key at all, I am very sorry.")),
    "malformed-key",
  );
  const key = unarmoured(pki.keyPem("second"));
  const half = book.file("odd/half.key", pem("PRIVATE KEY", key.subarray(0, 60)));
  book.add("a key that lost its second half", [half], { leaf: null, findings: ["malformed-key"] });
  book.add(
    "a key that lost its second half beside a certificate imported by itself",
    ["pem/direct.crt", half],
    { leaf: "direct", options: { certificateOnly: true }, findings: ["malformed-key"] },
  );
}

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki @param {import("./odd-cases.mjs").Alone} alone */
export function brokenDer(book, pki, alone) {
  const der = pki.der("direct");
  alone("a DER certificate cut off at half", der.subarray(0, der.length >> 1), "malformed-certificate");
  alone("a DER certificate without its last byte", der.subarray(0, -1), "malformed-certificate");
  const [tbs, algorithm, signature] = children(der).map(({ whole }) => whole);
  if (!tbs || !algorithm || !signature) throw new Error("no certificate");
  const fields = children(tbs).map(({ whole }) => whole);
  const dateless = tlv(0x30, tlv(0x30, ...fields.toSpliced(4, 1, tlv(0x30))), algorithm, signature);
  alone("a certificate without dates", pem("CERTIFICATE", dateless), "malformed-certificate");
  const keyless = tlv(0x30, tlv(0x30, ...fields.toSpliced(6, 1, tlv(0x30))), algorithm, signature);
  alone("a certificate without a public key", pem("CERTIFICATE", keyless), "malformed-certificate");
  /** @type {Record<string, Buffer>} */
  const tails = {
    "a letter": Buffer.from("x"),
    zeros: Buffer.alloc(16),
    "a line of text": Buffer.from("\nissued by Example CA\n"),
  };
  for (const [name, tail] of Object.entries(tails)) {
    const bytes = Buffer.concat([der, tail]);
    const file = book.file(`odd/tail-${fileName(name)}.der`, bytes);
    book.add(`a DER certificate with ${name} behind it`, [file, "pem/direct.key"], {
      unsaid: true,
      findings: ["trailing-garbage"],
    });
    const text = book.file(
      `odd/tail-${fileName(name)}.pem`,
      `-----BEGIN CERTIFICATE-----\n${base64Lines(bytes)}\n-----END CERTIFICATE-----\n`,
    );
    book.add(`a PEM certificate with ${name} behind it`, [text, "pem/direct.key"], {
      unsaid: true,
      findings: ["trailing-garbage"],
    });
  }
}
