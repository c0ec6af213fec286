import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limits } from "../src/index.ts";
import { bits, der, filled, integer, nothing, octets, oid, sequence, set, utf8 } from "./asn1.ts";
import { certificate, extension, nameOf, pemOf, pkcs7 } from "./made-certificates.ts";
import { timed } from "./timed.ts";
import { type Input, ids, makeVectors, paramsOf, type Vectors } from "./vectors.ts";

let made: Vectors;
beforeAll(() => {
  made = makeVectors();
}, 60_000);
afterAll(() => made[Symbol.dispose]());

const megabyte = 1024 * 1024;
const most = 4.9 * megabyte;
/** What one reading takes at most here; most take a tenth of it. */
const mostMs = 900;

async function read(...inputs: readonly Input[]) {
  const { reading, tookMs } = await timed(made, inputs);
  expect(tookMs).toBeLessThan(mostMs);
  return reading;
}
const told = (limit: keyof typeof limits) => ({ limit, value: limits[limit] });

/** An odd number of so many bytes, its highest bit set. */
function large(length: number): Buffer {
  const bytes = randomBytes(length);
  bytes[0] = 0x80 | (bytes[0] ?? 0);
  bytes[length - 1] = 1 | (bytes[length - 1] ?? 0);
  return bytes;
}
const rsa = "1.2.840.113549.1.1.1";
const rsaSpki = (modulus: number, exponent: Buffer) =>
  sequence(sequence(oid(rsa), nothing), bits(sequence(integer(large(modulus)), integer(exponent))));
const dsaSpki = (length: number) =>
  sequence(
    sequence(
      oid("1.2.840.10040.4.1"),
      sequence(integer(large(length)), integer(large(32)), integer(large(length))),
    ),
    bits(integer(large(length))),
  );
const attribute = set(sequence(oid("2.5.4.3"), utf8("a")));
const shortName = der(0x82, Buffer.from("ab"));
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const spki = publicKey.export({ type: "spki", format: "der" });
const signed = (tbs: Buffer) => sign("sha256", tbs, privateKey);

describe("hostile DER", () => {
  const nested = (depth: number) =>
    Array.from({ length: depth }).reduce<Buffer>((inner) => sequence(inner), Buffer.alloc(0));
  const pieces = Buffer.concat([
    Buffer.from("308006092a864886f70d010702a0803080020101310030800609", "hex"),
    Buffer.from("2a864886f70d010701a0802480", "hex"),
    filled(most, Buffer.from([4, 1, 0x41])),
    Buffer.from("0000".repeat(6), "hex"),
  ]);

  it.each<[string, Buffer, Parameters<typeof told>[0]]>([
    ["nested 10,000 deep", nested(10_000), "asn1Depth"],
    ["nested a million deep, without an end", filled(2 * megabyte, Buffer.from([0x30, 0x80])), "asn1Depth"],
    ["of two million elements", sequence(filled(most, nothing)), "asn1Elements"],
    [
      "of two million sequences in what might be signed",
      sequence(sequence(filled(most, sequence())), sequence(oid("1.2.3")), bits()),
      "asn1Elements",
    ],
    ["of a million pieces of one octet string", pieces, "asn1Elements"],
    ["that is a PKCS#7 of two million empty certificates", pkcs7(filled(most, sequence())), "asn1Elements"],
    ["that is a PKCS#7 of 10,000 certificates", pkcs7(filled(3 * megabyte, certificate({}))), "certificates"],
    ["that is a request of 400,000 attributes", request(filled(most, attribute)), "asn1Elements"],
    [
      "that is a request of half a megabyte",
      request(set(sequence(oid("2.5.4.3"), octets(Buffer.alloc(megabyte / 2))))),
      "certificateBytes",
    ],
  ])("%s is refused before it is taken apart", async (_, bytes, limit) => {
    const { reading, tookMs } = await timed(made, [bytes]);
    expect(ids(reading)).toEqual(["resource-limit"]);
    expect(paramsOf(reading, "resource-limit")).toEqual(told(limit));
    expect(tookMs).toBeLessThan(300);
  });

  it("that is 10,000 certificates one behind the other is read up to the fiftieth", async () => {
    const reading = await read(filled(3 * megabyte, certificate({})));
    expect(paramsOf(reading, "resource-limit")).toEqual(told("certificates"));
    expect(reading.facts.chain).toHaveLength(50);
  });

  it("that is a PKCS#7 of nothing, or of 10,000 revocation lists, is told as such", async () => {
    expect(ids(await read(pkcs7(Buffer.alloc(0))))).toEqual(["malformed-pkcs7"]);
    const list = sequence(sequence(integer(1), sequence(oid("1.2.3"))), sequence(oid("1.2.3")), bits());
    const lists = der(0xa1, filled(4000 * list.length, list));
    expect(ids(await read(pkcs7(Buffer.alloc(0), lists)))).toEqual(["crl-given"]);
  });

  it("that is a revocation list of 300,000 entries is told as such: nothing in it is taken apart", async () => {
    const time = der(0x17, Buffer.from("260101000000Z"));
    const entry = sequence(integer(4711));
    const body = sequence(
      integer(1),
      sequence(oid("1.2.3")),
      nameOf("x"),
      time,
      time,
      sequence(filled(most, entry)),
    );
    expect(ids(await read(sequence(body, sequence(oid("1.2.3")), bits())))).toEqual(["crl-given"]);
  });
});

function request(attributes: Buffer): Buffer {
  const body = sequence(integer(0), sequence(attributes), sequence(oid("1.2.3")), der(0xa0));
  return sequence(body, sequence(oid("1.2.3")), bits());
}

describe("a hostile certificate", () => {
  it.each<[string, () => Buffer, Parameters<typeof told>[0]]>([
    [
      "100,000 names",
      () => certificate({ extensions: [extension("2.5.29.17", sequence(filled(400_000, shortName)))] }),
      "certificateBytes",
    ],
    [
      "100,000 attributes",
      () => certificate({ subject: sequence(filled(1_200_000, attribute)) }),
      "asn1Elements",
    ],
    [
      "100,000 extensions",
      () => certificate({ extensions: [filled(1_200_000, extension("1.2.3", nothing))] }),
      "asn1Elements",
    ],
    [
      "a SET of a million items",
      () => certificate({ extensions: [extension("1.2.3", set(filled(2_000_000, nothing)))] }),
      "certificateBytes",
    ],
    [
      "an identifier of a megabyte",
      () => certificate({ extensions: [sequence(der(6, Buffer.alloc(megabyte, 0x81)), octets(nothing))] }),
      "certificateBytes",
    ],
    [
      "five megabytes of anything",
      () => certificate({ extensions: [extension("1.2.3", octets(Buffer.alloc(most)))] }),
      "certificateBytes",
    ],
    [
      "a modulus of a megabyte",
      () => certificate({ spki: rsaSpki(megabyte, Buffer.from([3])) }),
      "certificateBytes",
    ],
  ])("with %s is refused before OpenSSL sees it", async (_, make, limit) => {
    for (const given of [make(), pkcs7(make())]) {
      const reading = await read(given);
      expect([ids(reading), paramsOf(reading, "resource-limit")]).toEqual([["resource-limit"], told(limit)]);
    }
  });

  it.each<[string, () => Buffer]>([
    [
      "25,000 names",
      () => certificate({ extensions: [extension("2.5.29.17", sequence(filled(95_000, shortName)))] }),
    ],
    [
      "7,000 attributes",
      () => certificate({ subject: sequence(filled(95_000, attribute)), issuer: nameOf("x") }),
    ],
    [
      "an attribute of 7,000 values",
      () =>
        certificate({
          subject: sequence(set(filled(90_000, sequence(oid("2.5.4.3"), utf8("a"))))),
          issuer: nameOf("x"),
        }),
    ],
    [
      "6,000 extensions",
      () =>
        certificate({ extensions: Array.from({ length: 6000 }, (_, at) => extension(`1.2.${at}`, nothing)) }),
    ],
    ["a modulus of 64 kbit", () => certificate({ spki: rsaSpki(8192, Buffer.from([1, 0, 1])) })],
    ["an exponent of 300 kbit", () => certificate({ spki: rsaSpki(384, large(40_000)) })],
    ["a curve that is spelled out, and is none", () => certificate({ spki: explicitCurve(66) })],
    ["a curve over 300 kbit", () => certificate({ spki: explicitCurve(40_000) })],
    ["a key of DSA of 64 kbit", () => certificate({ spki: dsaSpki(8192) })],
    [
      "a key of ML-DSA that is none",
      () => certificate({ spki: sequence(sequence(oid("2.16.840.1.101.3.4.3.18")), bits(randomBytes(99))) }),
    ],
    [
      "a key of no known kind",
      () => certificate({ spki: sequence(sequence(oid("1.2.3.4")), bits(randomBytes(99))) }),
    ],
  ])("with %s is read, or told to be none, in no time", async (_, make) => {
    const reading = await read(make());
    const { certificate: found, findings } = reading.facts;
    expect(found !== null || findings.some(({ id }) => id === "malformed-certificate")).toBe(true);
  });

  it("is refused where all of them together are more than a megabyte", async () => {
    const one = (at: number) =>
      certificate({
        serial: at + 1,
        extensions: [extension("2.5.29.17", sequence(filled(90_000, shortName)))],
      });
    const reading = await read(...Array.from({ length: 15 }, (_, at) => one(at)));
    expect(paramsOf(reading, "resource-limit")).toEqual(told("certificateSumBytes"));
  });

  it("is counted also where it is none: fifty are tried, and no more", async () => {
    const broken = Array.from({ length: 60 }, () => pemOf(sequence(sequence(), sequence(), bits()))).join("");
    expect(paramsOf(await read(broken), "resource-limit")).toEqual(told("certificates"));
  });
});

/** Parameters of a curve over a field of so many bytes (RFC 3279 section 2.3.5), which are no curve. */
function explicitCurve(length: number): Buffer {
  const field = sequence(oid("1.2.840.10045.1.1"), integer(large(length)));
  const curve = sequence(octets(randomBytes(66)), octets(randomBytes(66)));
  const base = octets(Buffer.from([2]), randomBytes(66));
  const parameters = sequence(integer(1), field, curve, base, integer(large(66)), integer(1));
  return sequence(sequence(oid("1.2.840.10045.2.1"), parameters), bits(Buffer.from([2]), randomBytes(66)));
}

describe("certificates that might all have issued each other", () => {
  const curve = (namedCurve: string) =>
    generateKeyPairSync("ec", { namedCurve }).publicKey.export({ type: "spki", format: "der" });
  const rsaAlgorithm = sequence(oid("1.2.840.113549.1.1.11"), nothing);
  const dsaAlgorithm = sequence(oid("2.16.840.1.101.3.4.3.2"));
  const forged = (length: number) => () => Buffer.concat([Buffer.from([1]), randomBytes(length - 1)]);

  it.each<[string, (serial: number) => Buffer]>([
    [
      "P-521",
      (
        (key) => (serial: number) =>
          certificate({ serial, spki: key })
      )(curve("secp521r1")),
    ],
    [
      "a slow curve",
      (
        (key) => (serial: number) =>
          certificate({ serial, spki: key })
      )(curve("sect571r1")),
    ],
    ["RSA of 8192 bits", rsaCertificate(1024, Buffer.from([1, 0, 1]))],
    ["RSA of 16384 bits", rsaCertificate(2048, Buffer.alloc(8, 0xff))],
    ["RSA with an exponent as long as its modulus", rsaCertificate(384, large(380))],
    ["RSA with an exponent much longer than its modulus", rsaCertificate(384, large(19_000))],
    [
      "DSA of 10,000 bits",
      (
        (key) => (serial: number) =>
          certificate({ serial, spki: key, algorithm: dsaAlgorithm })
      )(dsaSpki(1249)),
    ],
  ])("are tried by their signatures only so often: keys of %s", async (_, make) => {
    const reading = await read(pkcs7(Buffer.concat(Array.from({ length: 50 }, (_, at) => make(at + 1)))));
    expect(reading.facts.chain).toHaveLength(50);
  });

  function rsaCertificate(length: number, exponent: Buffer): (serial: number) => Buffer {
    const key = rsaSpki(length, exponent);
    return (serial) => certificate({ serial, spki: key, algorithm: rsaAlgorithm, signed: forged(length) });
  }

  /** `wide` certificates of each of `steps` CAs, one above the other, and a server's below them. */
  function ways(
    steps: number,
    wide: number,
    ofIssuers: readonly Buffer[],
    ofLeaf: readonly Buffer[],
  ): Buffer {
    const isCa = extension("2.5.29.19", sequence(der(1, Buffer.from([0xff]))), true);
    const all = Array.from({ length: steps * wide }, (_, at) =>
      certificate({
        serial: at + 1,
        name: `n${Math.floor(at / wide)}`,
        issuer: nameOf(`n${Math.floor(at / wide) + 1}`),
        spki,
        signed,
        extensions: [isCa, ...ofIssuers],
      }),
    );
    const leaf = certificate({
      name: "leaf.example.test",
      issuer: nameOf("n0"),
      spki: curve("prime256v1"),
      signed,
      extensions: ofLeaf,
    });
    return pkcs7(Buffer.concat([leaf, ...all]));
  }
  const names = (count: number) =>
    extension(
      "2.5.29.17",
      sequence(...Array.from({ length: count }, (_, at) => der(0x82, Buffer.from(`x${at}`)))),
    );
  const allowed = (kind: number, count: number) =>
    extension(
      "2.5.29.30",
      sequence(
        der(
          kind === 0x86 ? 0xa1 : 0xa0,
          ...Array.from({ length: count }, (_, at) => sequence(der(kind, Buffer.from(`x${at}`)))),
        ),
      ),
      true,
    );
  const address = extension("2.5.29.17", sequence(der(0x86, Buffer.from(`http://${"a".repeat(90_000)}`))));
  const longName = sequence(filled(25_000, attribute), set(sequence(oid("2.5.4.3"), utf8("n0"))));

  it.each<[string, () => Buffer]>([
    ["thousands of names", () => ways(3, 16, [], [names(5000)])],
    ["names and name constraints", () => ways(8, 6, [allowed(0x82, 240), names(240)], [names(240)])],
    ["one endless address and constraints of addresses", () => ways(3, 16, [allowed(0x86, 900)], [address])],
    [
      "names of 2,000 attributes",
      () =>
        Buffer.concat(
          Array.from({ length: 18 }, (_, at) =>
            certificate({
              serial: at + 1,
              subject: longName,
              issuer: longName,
              spki: at % 2 ? spki : curve("prime256v1"),
              signed,
            }),
          ),
        ),
    ],
  ])("are climbed on in no time: with %s", async (_, make) => {
    expect((await read(make())).facts.chain.length).toBeGreaterThan(10);
  });
});

describe("names of which a handshake is told", () => {
  it.each([
    ["9,000 names", 9000, "a", "b"],
    ["6,000 wildcards", 6000, "*.a", "b"],
    ["6,000 names with underscores", 6000, "_a", "b"],
  ])("are judged in no time: %s", async (_, count, start, top) => {
    const list = Array.from({ length: count }, (_unused, at) =>
      der(0x82, Buffer.from(`${start}${at}.${top}`)),
    );
    const extensions = [
      extension("2.5.29.17", sequence(...list)),
      extension("2.5.29.37", sequence(oid("1.3.6.1.5.5.7.3.1"))),
    ];
    const key = privateKey.export({ type: "pkcs8", format: "der" });
    const { facts } = await read(certificate({ name: `${start}0.${top}`, spki, signed, extensions }), key);
    expect(facts.handshake?.protocol).toBe("TLSv1.3");
    expect(facts.handshake?.names.length).toBeGreaterThan(200);
  });
});

describe("a hostile key", () => {
  const pkcs8 = (algorithm: Buffer, key: Buffer) => sequence(integer(0), algorithm, octets(key));
  const pkcs1 = (modulus: number, ...others: readonly Buffer[]) =>
    sequence(
      integer(0),
      integer(large(modulus)),
      ...others,
      ...Array.from({ length: 7 - others.length }, () => integer(large(128))),
    );
  const dsa = (length: number) =>
    sequence(
      oid("1.2.840.10040.4.1"),
      sequence(integer(large(length)), integer(large(32)), integer(large(length))),
    );

  it.each<[string, Buffer, string]>([
    ["of DSA of 16 kbit, whose public half takes seconds", pkcs8(dsa(2000), integer(large(2000))), "DSA"],
    ["of DSA of 500 kbit, whose public half takes days", pkcs8(dsa(20_000), integer(large(20_000))), "DSA"],
    [
      "of Diffie-Hellman",
      pkcs8(
        sequence(oid("1.2.840.113549.1.3.1"), sequence(integer(large(1249)), integer(2))),
        integer(large(1249)),
      ),
      "1.2.840.113549.1.3.1",
    ],
    [
      "on a curve that is spelled out",
      pkcs8(sequence(oid("1.2.840.10045.2.1"), sequence(integer(1))), octets(randomBytes(40))),
      "EC",
    ],
    [
      "on a slow curve",
      pkcs8(sequence(oid("1.2.840.10045.2.1"), oid("1.3.132.0.39")), octets(randomBytes(40))),
      "EC 1.3.132.0.39",
    ],
  ])("%s is told by its kind, without opening it", async (_, key, keyType) => {
    const { reading, tookMs } = await timed(made, [key]);
    expect([ids(reading), paramsOf(reading, "unsupported-key")]).toEqual([["unsupported-key"], { keyType }]);
    expect(tookMs).toBeLessThan(100);
  });

  it.each<[string, Buffer]>([
    ["modulus", pkcs1(1026)],
    ["public exponent", pkcs1(256, integer(large(4000)))],
    ["private exponent", pkcs1(256, integer(3), integer(large(4000)))],
    ["prime", pkcs1(256, integer(3), integer(large(256)), integer(large(4000)))],
  ])("of RSA with a %s over 8192 bits is refused, bare and in PKCS#8", async (_, key) => {
    for (const given of [key, pkcs8(sequence(oid(rsa), nothing), key)])
      expect(paramsOf(await read(given), "resource-limit")).toEqual(told("rsaBits"));
  });

  it("of a megabyte is refused", async () => {
    expect(paramsOf(await read(pkcs1(megabyte)), "resource-limit")).toEqual(told("keyBytes"));
  });

  it("is opened ten times in one reading, also where it is none", async () => {
    const broken = pkcs8(sequence(oid("1.3.101.112")), octets(randomBytes(5)));
    const { facts } = await read(filled(40 * broken.length, broken));
    expect(facts.findings.map(({ params }) => params)).toContainEqual(told("keys"));
  });
});
