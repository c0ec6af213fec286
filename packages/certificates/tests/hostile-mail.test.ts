import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mimeLimits } from "../src/formats/mime.ts";
import { limits } from "../src/index.ts";
import { filled } from "./asn1.ts";
import { timed } from "./timed.ts";
import { type Input, ids, makeVectors, paramsOf, type Vectors } from "./vectors.ts";

let made: Vectors;
beforeAll(() => {
  made = makeVectors();
}, 60_000);
afterAll(() => made[Symbol.dispose]());

const megabyte = 1024 * 1024;
const most = 4.9 * megabyte;
/** What one reading takes at most here; alone on a machine it is half of it or less. */
const mostMs = 900;

async function read(input: Input) {
  const { reading, tookMs } = await timed(made, [input]);
  expect(tookMs).toBeLessThan(mostMs);
  return reading;
}

/** A mail as bytes, with whatever fields and body. */
function mail(body: string | Buffer, ...fields: readonly string[]): Buffer {
  const head = ["From: ca@example.test", "Subject: x", "MIME-Version: 1.0", ...fields, "", ""].join("\r\n");
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}
const mixed = (boundary: string) => `Content-Type: multipart/mixed; boundary="${boundary}"`;
const limited = (limit: "mailDepth" | "mailParts" | "headerBytes") => ({ limit, value: mimeLimits[limit] });

describe("the parts of a hostile mail", () => {
  it.each([
    ["20,000 parts", filled(most, "--b\n\nx\n"), "b"],
    ["a million lines that begin as its boundary does", filled(most, "--bb\n"), "b"],
    ["five megabytes of the dashes its boundary is made of", filled(most, "-"), "-".repeat(70)],
  ])("are not more than anybody sends: %s", async (_, body, boundary) => {
    expect(paramsOf(await read(mail(body, mixed(boundary))), "resource-limit")).toEqual(limited("mailParts"));
  });

  it("are told apart where one boundary begins as another does, and where it has 70 letters or more", async () => {
    for (const outer of ["b", "b".repeat(70), "b".repeat(900)]) {
      const inner = `${outer}b`;
      const nested = `${mixed(inner)}\n\n--${inner}\n\n${made.text("shop.crt")}\n--${inner}--\n`;
      const body = `--${outer}\n${nested}\n--${outer}\n\n${made.text("intermediate.crt")}\n--${outer}--\n`;
      expect((await read(mail(body, mixed(outer)))).facts.chain).toHaveLength(2);
    }
  });

  it("are nested 20 deep, and no deeper", async () => {
    const nested = (depth: number) =>
      Array.from({ length: depth }, (_, at) => at).reduce(
        (inner, at) => `${mixed(`b${at}`)}\n\n--b${at}\n${inner}\n--b${at}--\n`,
        `Content-Type: text/plain\n\n${made.text("shop.crt")}`,
      );
    const given = (depth: number) => `From: a\nSubject: b\n${nested(depth)}`;
    expect((await read(given(mimeLimits.mailDepth))).facts.certificate).not.toBeNull();
    expect(paramsOf(await read(given(mimeLimits.mailDepth + 1)), "resource-limit")).toEqual(
      limited("mailDepth"),
    );
    expect(paramsOf(await read(given(3000)), "resource-limit")).toEqual(limited("mailDepth"));
  });

  it("that are mails in mails are opened three deep", async () => {
    const nested = (depth: number) =>
      Array.from({ length: depth }).reduce<string>(
        (inner) => `From: a\nSubject: b\nContent-Type: message/rfc822\n\n${inner}`,
        `From: a\nSubject: b\n\n${made.text("shop.crt")}`,
      );
    expect((await read(nested(2))).facts.certificate).not.toBeNull();
    for (const depth of [3, 50])
      expect(paramsOf(await read(nested(depth)), "resource-limit")).toEqual({
        limit: "mailDepth",
        value: limits.mailDepth,
      });
  });

  it("that are signatures around signatures are opened three deep", async () => {
    const wrap = (inner: string, at: number) => {
      const [input, output] = [`inner-${at}`, `outer-${at}`];
      writeFileSync(made.path(input), inner);
      made.openssl(
        ...[
          "smime",
          "-sign",
          "-nodetach",
          "-in",
          input,
          "-signer",
          "shop.crt",
          "-inkey",
          "shop.key",
          "-out",
          output,
        ],
      );
      return `From: a\nSubject: b\n${made.text(output)}`;
    };
    let given = made.text("shop.crt");
    for (let depth = 1; depth <= 4; depth += 1) {
      given = wrap(given, depth);
      const reading = await read(given);
      expect([depth, reading.facts.certificate !== null]).toEqual([depth, depth <= 3]);
      if (depth > 3) expect(paramsOf(reading, "resource-limit")).toMatchObject({ limit: "mailDepth" });
    }
  });
});

describe("the header of a hostile mail", () => {
  const fields = (length: number) => filled(length, "X: y\n").toString();
  it.each([
    ["five megabytes of fields", `From: a\nSubject: b\n${fields(most)}\nx`],
    ["one field of five megabytes without a line end", `From: a\nSubject: b\nX: ${"y".repeat(most)}`],
    ["fields in all of its parts together", mail(filled(megabyte, `--b\n${fields(9000)}\nx\n`), mixed("b"))],
  ])("has no more than 256 kB: %s", async (_, given) => {
    expect(paramsOf(await read(given), "resource-limit")).toEqual(limited("headerBytes"));
  });

  it("may have 20,000 fields", async () => {
    const given = `From: a\nSubject: b\n${"X: y\n".repeat(20_000)}\n${made.text("shop.crt")}`;
    expect((await read(given)).facts.certificate).not.toBeNull();
  });

  it.each([
    ["blanks between parameters", `text/plain;${" ".repeat(4000)}x`],
    ["blanks in a comment", `text/plain; a= (${" ".repeat(4000)}(`],
    ["brackets", `text/plain; a=${" (".repeat(2000)}`],
    [
      "parameters in pieces (RFC 2231)",
      `text/plain; ${Array.from({ length: 500 }, (_, at) => `n*${at}*=''%41`).join(";")}`,
    ],
    ["the same parameter a thousand times", `text/plain; ${"a*0*=''%41;".repeat(1000)}`],
    ["quotes without an end", `text/plain; a="${"\\".repeat(4000)}`],
    ["encoded words without an end", `text/plain; name="${"=?x?Q?".repeat(600)}"`],
  ])("is walked once, in every part: %s", async (_, value) => {
    // 200 mails as parts of one, each with as many fields of this kind as fit.
    const part = `--c\r\nContent-Type: ${value}\r\nContent-Disposition: ${value}\r\n\r\nx\r\n`;
    const inner = mail(filled(24_000, part), mixed("c"));
    const parts = Array.from({ length: 190 }, () => [
      Buffer.from("--b\r\nContent-Type: message/rfc822\r\n\r\n"),
      inner,
      Buffer.from("\r\n"),
    ]).flat();
    await read(mail(Buffer.concat(parts), mixed("b")));
  });

  it.each(["=?x?Q?", "=?utf-8?Q?=E9?= ", "=?a?b? ?=", "=?utf-7?b?AAAA?= ", "order #", "12345 "])(
    "is walked once: a subject of %j",
    async (piece) => {
      await read(`From: a\nSubject: ${piece.repeat(40_000)}\n\nx`);
      await read(`From: a\nSubject: ${piece.slice(0, 2)}${"a".repeat(250_000)}\n\nx`);
    },
  );

  it("may name a charset nobody knows, and the text is read nevertheless", async () => {
    for (const charset of [
      "x-unknown",
      "'; drop",
      "utf-16",
      "\u00e4",
      "a".repeat(3000),
      "hz-gb-2312",
      "replacement",
    ]) {
      const given = mail(made.text("shop.crt"), `Content-Type: text/plain; charset="${charset}"`);
      expect([charset, (await read(given)).facts.certificate?.commonName]).toEqual([
        charset,
        "shop.example.test",
      ]);
    }
  });
});

describe("the encoding of a hostile mail", () => {
  const encoded = (encoding: string, body: Buffer) =>
    mail(body, "Content-Type: application/octet-stream", `Content-Transfer-Encoding: ${encoding}`);

  it.each([
    ["quoted-printable", "="],
    ["quoted-printable", "=\n"],
    ["quoted-printable", "=41"],
    ["quoted-printable", "=E9"],
    ["quoted-printable", " "],
    ["quoted-printable", "= \t\r"],
    ["base64", "A "],
    ["base64", "A="],
    ["base64", "="],
    ["base64", " \n"],
    ["x-uuencode", "begin 644 a\n!A\n"],
    ["x-uuencode", "begin 644 a\n\n\n\n"],
  ])("is undone once: %s of %j", async (encoding, piece) => {
    await read(encoded(encoding, Buffer.concat([filled(most, piece), Buffer.from("\nend\n")])));
  });

  it("with a million blanks in it is the same as without", async () => {
    const blanks = Buffer.alloc(megabyte, " ");
    const letters = Buffer.from(made.bytes("shop.crt").toString("base64"));
    const given = encoded("base64", Buffer.concat([letters.subarray(0, 99), blanks, letters.subarray(99)]));
    expect((await read(given)).facts.certificate?.commonName).toBe("shop.example.test");
  });

  it("of files in the text is looked for once, and only where there is text that is read", async () => {
    const files = (length: number) => mail(filled(length, "begin 644 a\n!A\n\n\n\n"));
    const withEnd = (length: number) => Buffer.concat([files(length), Buffer.from("\nend\n")]);
    expect(paramsOf(await read(withEnd(most)), "resource-limit")).toMatchObject({ limit: "textBytes" });
    await read(withEnd(megabyte - 500));
  });

  it.each(["utf-7", "utf-16le", "iso-2022-jp", "gb18030"])(
    "%s of five megabytes is refused",
    async (charset) => {
      const body = filled(most, "+AAAA-x");
      const reading = await read(mail(body, `Content-Type: text/plain; charset=${charset}`));
      expect(paramsOf(reading, "resource-limit")).toMatchObject({ limit: "textBytes" });
    },
  );
});

describe("a mailbox of hostile mails", () => {
  it.each([
    `From x 2020\n${"a:\n\n"}From x 11111111111111\na:\n\n`,
    `From ${"x".repeat(200)} ${"1".repeat(84)}\nabc\n\n`,
    "From x\n\n",
    "\n\n\n",
  ])("is walked once: %j", async (piece) => {
    const reading = await read(`From x 2020\nFrom: a\nSubject: b\n\n${filled(most, piece)}`);
    expect(reading.facts.certificate).toBeNull();
    expect(ids(reading).length).toBeGreaterThan(0);
  });
});
