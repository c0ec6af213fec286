import { generateKeyPairSync, sign } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCertificate } from "../src/certificate-facts.ts";
import { certificateFields } from "../src/certificate-fields.ts";
import {
  asn1Limit,
  booleanOf,
  derAt,
  derChildren,
  isTime,
  oidOf,
  sequenceOf,
  smallInteger,
} from "../src/der.ts";
import { readExtensions } from "../src/extensions.ts";
import { derOfBer } from "../src/formats/ber.ts";
import { limits } from "../src/limits.ts";
import { der, filled, nothing, octets, oid, sequence, set, utf8 } from "./asn1.ts";
import { certificate, extension, pemOf } from "./made-certificates.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const element = (text: string) => derAt(hex(text)) ?? undefined;

describe("DER", () => {
  it.each([
    ["nothing", ""],
    ["a tag alone", "30"],
    ["a tag of more than one byte (X.690 section 8.1.2.4)", "1f 20 01 00"],
    ["the indefinite form (section 10.1)", "30 80 00 00"],
    ["a length that fits into a shorter form", "04 81 7f"],
    ["a length with a zero before it", "04 82 00 80"],
    ["a length of five bytes", "04 85 01 00 00 00 00"],
    ["a length whose bytes are missing", "04 82 01"],
    ["a content that is cut off", "04 02 00"],
    ["a length of more than there is", "04 84 ff ff ff ff 00"],
  ])("is refused as %s", (_, text) => {
    const bytes = Buffer.concat([
      hex(text),
      Buffer.alloc(text === "04 81 7f" || text === "04 82 00 80" ? 200 : 0),
    ]);
    expect(derAt(bytes)).toBeNull();
  });

  it("gives every element that is written, and what stands behind it to the caller", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 255 }).filter((tag) => (tag & 0x1f) !== 0x1f),
        fc.nat({ max: 70_000 }).map((length) => Buffer.alloc(length, length)),
        fc.uint8Array({ maxLength: 4 }),
        (tag, content, rest) => {
          const written = der(tag, content);
          const found = derAt(Buffer.concat([written, rest]));
          expect(found?.tag).toBe(tag);
          expect(found?.whole.equals(written)).toBe(true);
          expect(found?.content.equals(content)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("has no children where they do not fill their parent to the last byte, or are no sequence where one belongs", () => {
    const inner = Buffer.concat([octets(Buffer.from("a")), nothing]);
    expect(sequenceOf(derAt(sequence(inner)))).toHaveLength(2);
    expect(sequenceOf(derAt(sequence(inner, Buffer.from([0]))))).toEqual([]);
    expect(sequenceOf(derAt(set(inner)))).toEqual([]);
    expect(derChildren(derAt(set(inner)))).toHaveLength(2);
  });

  it("has no more children than anybody needs: each takes a hundred times the room of its bytes", () => {
    const of = (count: number) => derChildren(derAt(sequence(filled(2 * count, nothing))));
    expect(of(limits.asn1Elements)).toHaveLength(limits.asn1Elements);
    expect(of(limits.asn1Elements + 1)).toEqual([]);
  });
});

describe("an object identifier", () => {
  it.each([
    ["06 03 55 1d 11", "2.5.29.17"],
    ["06 03 88 37 03", "2.999.3"],
    ["06 01 27", "0.39"],
    ["06 01 4f", "1.39"],
    ["06 01 50", "2.0"],
    ["06 09 2a 86 48 86 f7 0d 01 01 0b", "1.2.840.113549.1.1.11"],
    // ITU-T X.667: an UUID as one number of 128 bits.
    [
      "06 14 69 83 f4 81 f3 cf 9f ef 8b 81 82 ac 9e a9 c9 b2 cf dd d9 36",
      "2.25.329800735698586629295641978511506172918",
    ],
  ])("%s is %s", (text, dotted) => {
    const found = oidOf(element(text));
    expect(found.startsWith("2.25.") ? BigInt(found.slice(5)) > 2n ** 100n : found === dotted).toBe(true);
  });

  it.each([
    ["empty", "06 00"],
    ["cut off", "06 02 55 9d"],
    ["with zeros before a number (section 8.19.2)", "06 03 55 80 1d"],
    ["with zeros before its first number", "06 03 80 55 1d"],
    ["of another tag", "0d 03 55 1d 11"],
  ])("is none when it is %s", (_, text) => {
    expect(oidOf(element(text))).toBe("");
  });

  it("is none when it is a megabyte long", () => {
    expect(oidOf(derAt(der(6, Buffer.alloc(1024 * 1024, 1))) ?? undefined)).toBe("");
  });
});

describe("a small INTEGER", () => {
  it.each([
    ["02 01 00", 0],
    ["02 01 7f", 127],
    ["02 02 00 80", 128],
    ["02 03 01 00 01", 65537],
    ["02 06 00 ff ff ff ff ff", 2 ** 40 - 1],
  ])("%s is %i", (text, value) => {
    expect(smallInteger(element(text))).toBe(value);
  });

  it.each([
    ["empty", "02 00"],
    ["negative", "02 01 80"],
    ["padded (section 8.3.2)", "02 02 00 7f"],
    ["zero in two bytes", "02 02 00 00"],
    ["longer than any number of rounds", "02 07 01 00 00 00 00 00 00"],
    ["of another tag", "0a 01 01"],
    ["absent", ""],
  ])("counts as infinite when it is %s, so that no limit is passed", (_, text) => {
    expect(smallInteger(element(text))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("a BOOLEAN", () => {
  it.each([
    ["01 01 00", false],
    ["01 01 ff", true],
    ["01 01 01", null],
    ["01 00", null],
    ["01 02 ff ff", null],
    ["02 01 ff", null],
  ])("%s is %s (section 11.1)", (text, value) => {
    expect(booleanOf(element(text))).toBe(value);
  });
});

describe("a time", () => {
  const utc = (text: string) => derAt(der(0x17, Buffer.from(text))) ?? undefined;
  const generalized = (text: string) => derAt(der(0x18, Buffer.from(text))) ?? undefined;

  it("is written to the second and in UTC (RFC 5280 section 4.1.2.5)", () => {
    expect(isTime(utc("261102100000Z"))).toBe(true);
    expect(isTime(generalized("20501102100000Z"))).toBe(true);
  });

  it.each([
    ["without seconds", utc("2611021000Z")],
    ["with an offset", utc("261102100000+0100")],
    ["without its zone", utc("261102100000")],
    ["with letters", utc("26110210000aZ")],
    ["with something behind it", utc("261102100000Z\n")],
    ["with fractions", generalized("20501102100000.5Z")],
    ["with a year of two digits", generalized("501102100000Z")],
    ["with a year of four digits in a UTCTime", utc("20501102100000Z")],
    ["of another tag", derAt(utf8("261102100000Z")) ?? undefined],
    ["absent", undefined],
  ])("is none %s", (_, given) => {
    expect(isTime(given)).toBe(false);
  });

  it("of another form makes a certificate one that does not follow its profile", () => {
    const good = certificateFields(certificate({}));
    const bad = certificateFields(certificate({ notBefore: der(0x17, Buffer.from("250101000000+0100")) }));
    expect([good?.areTimesConforming, bad?.areTimesConforming]).toEqual([true, false]);
  });
});

describe("an extension", () => {
  const read = (...parts: readonly Buffer[]) => {
    const found = derAt(sequence(...parts));
    return readExtensions(found ? [found] : []);
  };
  const usage = octets(der(3, Buffer.from([5, 0xa0])));
  const id = oid("2.5.29.15");

  it("is critical only when it says so in DER", () => {
    expect(read(id, der(1, Buffer.from([0xff])), usage)?.critical.size).toBe(1);
    expect(read(id, der(1, Buffer.from([0])), usage)?.critical.size).toBe(0);
    expect(read(id, usage)?.critical.size).toBe(0);
    expect(read(id, der(1, Buffer.from([1])), usage)).toBeNull();
    expect(read(id, nothing, usage)).toBeNull();
    expect(read(id, der(1, Buffer.from([0xff])), nothing, usage)).toBeNull();
  });

  it("that limits a path by a number nobody can read does not leave it unlimited", () => {
    const constraints = (length: string) =>
      read(
        oid("2.5.29.19"),
        octets(sequence(der(1, Buffer.from([0xff])), derAt(hex(length))?.whole ?? nothing)),
      );
    expect(constraints("02 01 01")?.basicConstraints).toEqual({ isCa: true, pathLength: 1 });
    for (const length of ["02 01 ff", "02 02 00 01", "02 07 01 00 00 00 00 00 00"]) {
      expect(constraints(length)?.basicConstraints).toBeNull();
      expect(constraints(length)?.malformed).toContain("2.5.29.19");
    }
  });
});

describe("a certificate", () => {
  it("is not taken for another that is written into it as PEM", () => {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    const spki = publicKey.export({ type: "spki", format: "der" });
    const signed = (tbs: Buffer) => sign("sha256", tbs, privateKey);
    const inner = certificate({ name: "inner.example.test", spki, signed });
    const outer = certificate({
      name: "outer.example.test",
      spki,
      signed,
      extensions: [extension("1.2.3", utf8(`\n${pemOf(inner)}`))],
    });
    const source = { path: ["test"] };
    expect(readCertificate(inner, source)?.facts.commonName).toBe("inner.example.test");
    expect(readCertificate(outer, source)).toBeNull();
  });

  it("is none with anything behind it", () => {
    const good = certificate({});
    expect(readCertificate(good, { path: [] })).not.toBeNull();
    expect(readCertificate(Buffer.concat([good, Buffer.from([0])]), { path: [] })).toBeNull();
  });
});

describe("BER", () => {
  it("becomes DER: definite and shortest lengths, octet strings in one piece", () => {
    const indefinite = hex("30 80 24 80 04 01 61 24 03 04 01 62 04 81 01 63 00 00 02 01 05 00 00");
    expect(derOfBer(indefinite)?.toString("hex")).toBe("300804036162630201 05".replace(" ", ""));
  });

  it("is nothing without its end marks, with half of them, or where a child is longer than its parent", () => {
    for (const text of [
      "30 80",
      "30 80 00",
      "30 80 02 01 05",
      "30 80 02 01 05 00",
      "30 03 02 02 05",
      "04 80 00 00",
    ])
      expect(derOfBer(hex(text))).toBeNull();
  });

  it("that is DER already stays as it is", () => {
    const made = sequence(oid("1.2.3"), set(octets(Buffer.alloc(300)), nothing), der(0xa0, sequence()));
    expect(derOfBer(made)?.equals(made)).toBe(true);
  });

  it("is nested 32 deep and no deeper, in both forms", () => {
    const definite = (depth: number) =>
      Array.from({ length: depth }).reduce<Buffer>((inner) => sequence(inner), Buffer.alloc(0));
    const indefinite = (depth: number) =>
      Buffer.concat([filled(2 * depth, hex("3080")), filled(2 * depth, hex("0000"))]);
    for (const nested of [definite, indefinite]) {
      expect(asn1Limit(nested(limits.asn1Depth))).toBeNull();
      expect(derOfBer(nested(limits.asn1Depth))).not.toBeNull();
      expect(asn1Limit(nested(limits.asn1Depth + 1))).toBe("asn1Depth");
      expect(derOfBer(nested(limits.asn1Depth + 1))).toBeNull();
      expect(asn1Limit(nested(5_000))).toBe("asn1Depth");
    }
  });

  it("is walked to a bounded number of elements, whatever the bytes", () => {
    expect(asn1Limit(sequence(filled(2 * limits.asn1Elements + 2, nothing)))).toBe("asn1Elements");
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        const converted = derOfBer(Buffer.from(bytes));
        // What was converted is DER, and stays the same when it is converted again.
        if (converted) expect(derOfBer(converted)?.equals(converted)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
