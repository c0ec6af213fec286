import { randomBytes } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { der, filled, integer, nothing, octets, oid, sequence, set, utf8 } from "./asn1.ts";
import { certificate, extension, nameOf, pkcs7 } from "./made-certificates.ts";
import { rawZip } from "./raw-zip.ts";
import { readApart } from "./timed.ts";
import type { Input } from "./vectors.ts";

const megabyte = 1024 * 1024;
const most = 4.9 * megabyte;
const text = megabyte - 2000;
/** What a process may grow by for one reading, and what the reading may take. */
const mostGrowth = 256 * megabyte;
const mostMs = 2000;

const mail = (body: Buffer, ...fields: readonly string[]) =>
  Buffer.concat([Buffer.from(["From: a", "Subject: b", ...fields, "", ""].join("\r\n")), body]);
const binary = "Content-Type: application/octet-stream";
const encoded = (encoding: string, piece: string | Buffer, end = "") =>
  mail(
    Buffer.concat([filled(most, piece), Buffer.from(end)]),
    binary,
    `Content-Transfer-Encoding: ${encoding}`,
  );
const twice = (input: Input) => [input, input];

const shortName = der(0x82, Buffer.from("ab"));
const withNames = (at: number, id: string, value: Buffer) =>
  certificate({ serial: at + 1, name: `n${at}`, issuer: nameOf("x"), extensions: [extension(id, value)] });
const fifty = (make: (at: number) => Buffer) =>
  pkcs7(Buffer.concat(Array.from({ length: 50 }, (_, at) => make(at))));

/** BER of constructed values in each other, each of which is copied to become DER. */
function nestedBer(): Buffer {
  const deep = Buffer.concat([
    filled(50, Buffer.from([0xa0, 0x80])),
    octets(Buffer.alloc(most)),
    Buffer.alloc(50),
  ]);
  const id = oid("1.2.840.113549.1.7.2");
  return Buffer.concat([Buffer.from([0x30, 0x80]), id, deep, Buffer.alloc(2)]);
}

/** A key behind scrypt that takes all the memory its work allows. */
function scryptKey(): Buffer {
  const numbers = [65_536, 14, 1].map(integer);
  const kdf = sequence(oid("1.3.6.1.4.1.11591.4.11"), sequence(octets(Buffer.alloc(8)), ...numbers));
  const cipher = sequence(oid("2.16.840.1.101.3.4.1.42"), octets(Buffer.alloc(16)));
  return sequence(sequence(oid("1.2.840.113549.1.5.13"), sequence(kdf, cipher)), octets(Buffer.alloc(64)));
}

const cases: readonly (readonly [string, () => readonly Input[]])[] = [
  ["a PKCS#7 of two million empty certificates", () => [pkcs7(filled(most, sequence()))]],
  ["a sequence of two million elements", () => twice(sequence(filled(most, nothing)))],
  [
    "a sequence of two million sequences that might be signed",
    () => [sequence(sequence(filled(most, sequence())), sequence(), der(3))],
  ],
  [
    "a request of 400,000 attributes",
    () => [
      sequence(
        sequence(
          integer(0),
          sequence(filled(most, set(sequence(oid("2.5.4.3"), utf8("a"))))),
          sequence(),
          der(0xa0),
        ),
        sequence(),
        der(3),
      ),
    ],
  ],
  ["a PKCS#7 in BER, nested, around five megabytes", () => twice(nestedBer())],
  [
    "a PKCS#7 in BER of as many elements as are taken apart",
    () => twice(pkcs7(Buffer.concat([filled(40_000, sequence()), octets(Buffer.alloc(4 * megabyte))]))),
  ],
  [
    "fifty certificates of thousands of names",
    () => [fifty((at) => withNames(at, "2.5.29.17", sequence(filled(20_000, shortName))))],
  ],
  [
    "fifty certificates of thousands of name constraints",
    () => [
      fifty((at) => withNames(at, "2.5.29.30", sequence(der(0xa0, filled(20_000, sequence(shortName)))))),
    ],
  ],
  ["a key behind scrypt that takes 112 MB", () => [scryptKey()]],
  [
    "old encryptions of five megabytes",
    () => [
      sequence(
        sequence(oid("1.2.840.113549.1.12.1.6"), sequence(octets(Buffer.alloc(8)), integer(1))),
        octets(randomBytes(most)),
      ),
    ],
  ],
  ["quoted-printable", () => twice(encoded("quoted-printable", "=41"))],
  [
    "UTF-7 of single letters",
    () => twice(mail(filled(most, "+AAA-"), "Content-Type: text/plain; charset=utf-7")),
  ],
  ["base64 with padding after every letter", () => twice(encoded("base64", "A="))],
  ["base64 with blanks between all letters", () => twice(encoded("base64", "A "))],
  [
    "uuencoded files without an end of their own",
    () => twice(encoded("x-uuencode", "begin 644 a\n\n\n\n", "\nend\n")),
  ],
  [
    "uuencoded files in a text",
    () => twice(mail(Buffer.concat([filled(most, "begin 644 a\n!A\n\n"), Buffer.from("\nend\n")]))),
  ],
  [
    "a mailbox of a million mails",
    () =>
      twice(
        Buffer.concat([
          Buffer.from("From x 2020\nFrom: a\nSubject: b\n\n"),
          filled(most, "From x 11111111111111\na:\n\n"),
        ]),
      ),
  ],
  [
    "200 parts of five megabytes in all",
    () =>
      twice(
        mail(filled(most, `--b\n\n${"x\n".repeat(13_000)}`), "Content-Type: multipart/mixed; boundary=b"),
      ),
  ],
  ["a page of tags", () => twice(mail(filled(text, "<p>"), "Content-Type: text/html"))],
  ["a page of entities", () => twice(mail(filled(text, "&amp;lt;p&amp;gt;"), "Content-Type: text/html"))],
  ["RTF of single bytes", () => twice(Buffer.concat([Buffer.from("{\\rtf1 "), filled(text, "\\'e9x")]))],
  [
    "percent signs of single bytes",
    () => twice(Buffer.concat([Buffer.from("BEGIN%20X"), filled(text, "%E9x")])),
  ],
  ["empty lines", () => twice(filled(text, "\n"))],
  ["words", () => twice(filled(text, "MA "))],
  ["UTF-16 of five megabytes", () => twice(Buffer.concat([Buffer.from([0xff, 0xfe]), filled(most, "\0A")]))],
  [
    "an archive of archives, each as large as it may become",
    () => {
      const inner = deflateRawSync(Buffer.concat([randomBytes(300_000), Buffer.alloc(2_500_000)]));
      const entry = (at: number) => ({ name: `${at}`, bytes: inner, method: 8, grown: 2_800_000 });
      const archive = rawZip(Array.from({ length: 10 }, (_, at) => entry(at)));
      return [archive, archive, rawZip([{ name: "a.zip", bytes: archive }])];
    },
  ],
];

describe("the memory and the time that a reading takes in a process of its own", () => {
  let baseline = 0;
  beforeAll(() => {
    baseline = readApart(["not a certificate"]).peakBytes;
  }, 60_000);

  it.each(cases)("stay within 256 MB and 2 s: %s", (_, make) => {
    const { findings, tookMs, peakBytes } = readApart(make());
    expect(findings.length).toBeGreaterThan(0);
    expect(peakBytes - baseline).toBeLessThan(mostGrowth);
    expect(tookMs).toBeLessThan(mostMs);
  });
});
