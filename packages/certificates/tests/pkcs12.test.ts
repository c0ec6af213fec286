import { createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limits } from "../src/index.ts";
import { bits, der, integer, nothing, octets, oid, sequence } from "./asn1.ts";
import { ids, makeVectors, paramsOf, type Vectors } from "./vectors.ts";

const legacy = ["-provider", "legacy", "-provider", "default"];
const long = "correct horse battery staple ".repeat(30);

let made: Vectors;
beforeAll(() => {
  made = makeVectors();
  made.openssl("x509", "-in", "shop.crt", "-outform", "DER", "-out", "shop.der");
  made.leaf("other");
  for (const name of ["shop", "other"])
    made.openssl(
      ...["pkcs8", "-topk8", "-in", `${name}.key`, "-outform", "DER", "-out", `${name}.enc`],
      ...["-iter", "1000", "-passout", "pass:smeg"],
    );
}, 60_000);
afterAll(() => made[Symbol.dispose]());

/** What OpenSSL exports of key, certificate and chain. */
function exported(password: string, ...options: readonly string[]): Buffer {
  made.openssl(
    ...["pkcs12", "-export", "-inkey", "shop.key", "-in", "shop.crt", "-certfile", "intermediate.crt"],
    ...["-name", "Shop \u2603", "-passout", `pass:${password}`, "-out", "made.p12", ...options],
  );
  return made.bytes("made.p12");
}

const data = "1.2.840.113549.1.7.1";
const bag = (kind: string, value: Buffer) =>
  sequence(oid(`1.2.840.113549.1.12.10.1.${kind}`), der(0xa0, value));
const shrouded = (encryptedKey: Buffer) => bag("2", encryptedKey);
const certificateBag = (bytes: Buffer) =>
  bag("3", sequence(oid("1.2.840.113549.1.9.22.1"), der(0xa0, octets(bytes))));
const plainly = (...bags: readonly Buffer[]) => sequence(oid(data), der(0xa0, octets(sequence(...bags))));
const safe = (...infos: readonly Buffer[]) => sequence(...infos);
/** A PFX (RFC 7292 section 4) around an AuthenticatedSafe. */
const pfx = (authenticated: Buffer, ...mac: readonly Buffer[]) =>
  sequence(integer(3), sequence(oid(data), der(0xa0, octets(authenticated))), ...mac);

const oldMac = (rounds: number, digest = Buffer.alloc(20)) =>
  sequence(
    sequence(sequence(oid("1.3.14.3.2.26"), nothing), octets(digest)),
    octets(Buffer.alloc(8)),
    integer(rounds),
  );

interface Pbmac1 {
  readonly rounds?: number;
  readonly length?: number;
  readonly salt?: Buffer;
  readonly digest?: Buffer;
  readonly prf?: string;
}

/** RFC 9579, HMAC and its key both with SHA-256 unless said otherwise. */
function newMac({
  rounds = 1000,
  length = 32,
  salt = Buffer.alloc(8),
  prf = "9",
  digest = Buffer.alloc(32),
}: Pbmac1) {
  const hmac = (id: string) => sequence(oid(`1.2.840.113549.2.${id}`), nothing);
  const parameters = sequence(octets(salt), integer(rounds), integer(length), hmac(prf));
  const kdf = sequence(oid("1.2.840.113549.1.5.12"), parameters);
  const algorithm = sequence(oid("1.2.840.113549.1.5.14"), sequence(kdf, hmac("9")));
  return sequence(sequence(algorithm, octets(digest)), octets(Buffer.alloc(8)), integer(1));
}

/** A key that asks for so many rounds of PBKDF2 with SHA-256, and cannot be opened. */
function keyOf(rounds: number): Buffer {
  const prf = sequence(oid("1.2.840.113549.2.9"), nothing);
  const kdf = sequence(oid("1.2.840.113549.1.5.12"), sequence(octets(Buffer.alloc(8)), integer(rounds), prf));
  const cipher = sequence(oid("2.16.840.1.101.3.4.1.42"), octets(Buffer.alloc(16)));
  return sequence(sequence(oid("1.2.840.113549.1.5.13"), sequence(kdf, cipher)), octets(Buffer.alloc(64)));
}

async function timed(bytes: Buffer, passphrase = "smeg") {
  const before = process.cpuUsage();
  const reading = await made.read([bytes], { passphrase });
  const { user, system } = process.cpuUsage(before);
  return { reading, tookMs: (user + system) / 1000 };
}

const encryptions: readonly (readonly [string, readonly string[]])[] = [
  ["AES-256", []],
  ["AES-128", ["-keypbe", "AES-128-CBC", "-certpbe", "AES-128-CBC"]],
  ["3DES", ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES"]],
  ["RC2-40 and 3DES", ["-legacy"]],
  ["RC4-128", ["-keypbe", "PBE-SHA1-RC4-128", "-certpbe", "PBE-SHA1-RC4-128", ...legacy]],
  ["none", ["-keypbe", "NONE", "-certpbe", "NONE"]],
];
const macs: readonly (readonly [string, readonly string[]])[] = [
  ["SHA-1", ["-macalg", "sha1"]],
  ["SHA-256", ["-macalg", "sha256"]],
  ["SHA-512", ["-macalg", "sha512"]],
  ["no", ["-nomac"]],
];
const passwords = ["", "smeg", "p\u00e4ssw\u00f6rd\u20ac", long];

describe("a PKCS#12 of OpenSSL", () => {
  describe.each(encryptions)("with encryption %s", (encryption, cipher) => {
    it.each(macs)("and %s MAC opens with its password, whatever letters it has", async (_, mac) => {
      for (const password of passwords) {
        const { facts } = await made.read([exported(password, ...cipher, ...mac)], { passphrase: password });
        expect([password, facts.keyFits, facts.chainState]).toEqual([password, true, "complete"]);
      }
    });

    it.each(macs)(
      "and %s MAC does not open with another, and says that it is the password",
      async (mac, options) => {
        // Without encryption and MAC there is nothing that a password could be wrong for.
        if (encryption === "none" && mac === "no") return;
        const reading = await made.read([exported("smeg", ...cipher, ...options)], { passphrase: "queeg" });
        expect([ids(reading), reading.facts.key]).toEqual([["wrong-passphrase"], null]);
      },
    );
  });

  it("asks for its password when none is given, but opens at once where that is empty", async () => {
    expect(ids(await made.read([exported("smeg")]))).toEqual(["passphrase-required"]);
    expect((await made.read([exported("")])).facts.keyFits).toBe(true);
  });

  it("names the old cipher once the password is right, and not before", async () => {
    const old = exported("smeg", "-legacy");
    expect(paramsOf(await made.read([old], { passphrase: "smeg" }), "pkcs12-converted")).toEqual({
      cipher: "RC2-40",
    });
    expect(paramsOf(await made.read([old], { passphrase: "queeg" }), "wrong-passphrase")).toEqual({
      what: "pkcs12",
      scheme: "PKCS#12",
    });
  });

  it("with a changed MAC, or changed contents, is not opened", async () => {
    const whole = exported("smeg");
    for (const at of [whole.length - 30, Math.floor(whole.length / 2)]) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const reading = await made.read([changed], { passphrase: "smeg" });
      expect([ids(reading), reading.facts.key]).toEqual([["wrong-passphrase"], null]);
    }
  });

  it("gives nothing and throws nothing wherever it is cut off", async () => {
    for (const whole of [exported("smeg", "-legacy"), exported("smeg", "-iter", "1", "-nomac")]) {
      for (let length = 1; length < whole.length; length += 1) {
        const { facts } = await made.read([whole.subarray(0, length)], { passphrase: "smeg" });
        expect([length, facts.certificate, facts.key, facts.findings.length > 0]).toEqual([
          length,
          null,
          null,
          true,
        ]);
      }
    }
  }, 60_000);
});

describe("a PFX made by hand", () => {
  it("with several keys and certificates gives the pair that fits", async () => {
    const given = pfx(
      safe(
        plainly(shrouded(made.bytes("other.enc")), shrouded(made.bytes("shop.enc"))),
        plainly(certificateBag(made.bytes("shop.der"))),
      ),
    );
    const reading = await made.read([given], { passphrase: "smeg" });
    expect(reading.facts.certificate?.commonName).toBe("shop.example.test");
    expect(reading.facts.keyFits).toBe(true);
    expect(paramsOf(reading, "several-keys")).toMatchObject({ count: 2 });
  });

  it("with bags of unknown kinds, of secrets and of revocation lists gives the rest", async () => {
    const strange = [
      bag("4", sequence(oid("1.2.3"), der(0xa0, octets(Buffer.from("crl"))))),
      bag("5", sequence(oid("1.2.3"), der(0xa0, octets(Buffer.from("secret"))))),
      sequence(oid("1.2.3.4"), der(0xa0, bits(randomBytes(9)))),
      bag("3", sequence(oid("1.2.840.113549.1.9.22.2"), der(0xa0, octets(Buffer.from("sdsi"))))),
    ];
    const given = pfx(safe(plainly(...strange, certificateBag(made.bytes("shop.der")))));
    expect((await made.read([given])).facts.certificate?.commonName).toBe("shop.example.test");
  });

  it("with bags in bags gives what is in them, until they lie too deep", async () => {
    const nested = (depth: number) =>
      Array.from({ length: depth }).reduce<Buffer>(
        (inner) => bag("6", sequence(inner)),
        certificateBag(made.bytes("shop.der")),
      );
    expect((await made.read([pfx(safe(plainly(nested(4))))])).facts.certificate).not.toBeNull();
    expect(ids(await made.read([pfx(safe(plainly(nested(9))))]))).toEqual(["malformed-pkcs12"]);
    const reading = await made.read([pfx(safe(plainly(nested(500))))]);
    expect(paramsOf(reading, "resource-limit")).toMatchObject({ limit: "asn1Depth" });
  });

  it("opens when its MAC is a PBMAC1 (RFC 9579)", async () => {
    const authenticated = safe(
      plainly(shrouded(made.bytes("shop.enc")), certificateBag(made.bytes("shop.der"))),
    );
    const salt = randomBytes(16);
    const macOf = (password: string) =>
      createHmac("sha256", pbkdf2Sync(password, salt, 1000, 32, "sha256"))
        .update(authenticated)
        .digest();
    const right = pfx(authenticated, newMac({ salt, digest: macOf("smeg") }));
    expect((await made.read([right], { passphrase: "smeg" })).facts.keyFits).toBe(true);
    const wrong = pfx(authenticated, newMac({ salt, digest: macOf("queeg") }));
    expect(ids(await made.read([wrong], { passphrase: "smeg" }))).toEqual(["wrong-passphrase"]);
  });

  it.each([
    ["no rounds", newMac({ rounds: 0 })],
    ["a key of no length", newMac({ length: 0 })],
    ["a key that is too short", newMac({ length: 19 })],
    ["an unknown pseudo-random function", newMac({ prf: "99" })],
    ["nothing in it", sequence()],
    [
      "an unknown hash",
      sequence(sequence(sequence(oid("1.2.3"), nothing), octets(Buffer.alloc(9))), octets()),
    ],
  ])("is malformed when its MAC has %s", async (_, mac) => {
    expect(ids(await made.read([pfx(safe(plainly()), mac)], { passphrase: "x" }))).toEqual([
      "malformed-pkcs12",
    ]);
  });

  it("says that it is for a receiver's key, or signed, or of an unknown cipher", async () => {
    const enveloped = sequence(oid("1.2.840.113549.1.7.3"), der(0xa0, sequence()));
    expect(paramsOf(await made.read([pfx(safe(enveloped))]), "unsupported-format")).toEqual({
      format: "PKCS#12 (for a receiver's key)",
    });
    const signed = sequence(integer(3), sequence(oid("1.2.840.113549.1.7.2"), der(0xa0, sequence())));
    expect(paramsOf(await made.read([signed]), "unsupported-format")).toEqual({ format: "PKCS#12 (signed)" });
    const unknown = shrouded(sequence(sequence(oid("1.2.3"), sequence()), octets(Buffer.alloc(8))));
    expect(paramsOf(await made.read([pfx(safe(plainly(unknown)))]), "unsupported-format")).toEqual({
      format: "PKCS#12 (unknown cipher)",
    });
  });
});

describe("a PFX bomb", () => {
  /** Reading it is refused before any key is derived. */
  const mostMs = 150;
  it.each([
    ["its MAC asks for", pfx(safe(plainly()), oldMac(2_000_000_000))],
    ["its MAC asks for, beyond any number", pfx(safe(plainly()), oldMac(2 ** 47))],
    ["its PBMAC1 asks for", pfx(safe(plainly()), newMac({ rounds: 2_000_000_000 }))],
    ["its PBMAC1 asks for, by the length of the key", pfx(safe(plainly()), newMac({ length: 2_000_000 }))],
    [
      "its PBMAC1 asks for, by rounds and length together",
      pfx(safe(plainly()), newMac({ rounds: 900_000, length: 1024 })),
    ],
    [
      "its PBMAC1 asks for, by the length of the salt",
      pfx(safe(plainly()), newMac({ length: 1024, salt: Buffer.alloc(2_000_000) })),
    ],
    ["one of its keys asks for", pfx(safe(plainly(shrouded(keyOf(1_000_000_000)))))],
    [
      "its encrypted certificates ask for",
      pfx(
        safe(
          sequence(
            oid("1.2.840.113549.1.7.6"),
            der(0xa0, sequence(integer(0), sequence(oid(data), ...algorithmAndText(1_000_000_000)))),
          ),
        ),
      ),
    ],
  ])("is refused without deriving what %s", async (_, bomb) => {
    const { reading, tookMs } = await timed(bomb);
    expect(paramsOf(reading, "resource-limit")).toEqual({ limit: "keyRounds", value: limits.keyRounds });
    expect(ids(reading)).toEqual(["resource-limit"]);
    expect(tookMs).toBeLessThan(mostMs);
  });

  it("is stopped where all its parts together are too much: MAC, keys and certificates count as one", async () => {
    const keys = Array.from({ length: 200 }, () => shrouded(keyOf(300_000)));
    const { reading } = await timed(pfx(safe(plainly(...keys))));
    expect(paramsOf(reading, "resource-limit")).toEqual({ limit: "keyRounds", value: limits.keyRounds });
    // Three were tried, and told from those that were not.
    expect(ids(reading)).toContain("wrong-passphrase");
  });

  it("is counted over all files of one reading", async () => {
    const one = pfx(safe(plainly(shrouded(keyOf(400_000)))));
    const reading = await made.read([one, one, one], { passphrase: "smeg" });
    expect(ids(reading)).toEqual(["wrong-passphrase", "wrong-passphrase", "resource-limit"]);
  });

  it("of thousands of bags is cut off", async () => {
    const bags = Array.from({ length: 10_000 }, () => certificateBag(Buffer.from([0x30, 0])));
    const { reading, tookMs } = await timed(pfx(safe(plainly(...bags))));
    expect(paramsOf(reading, "resource-limit")).toMatchObject({ limit: "asn1Elements" });
    expect(tookMs).toBeLessThan(mostMs);
  });
});

/** What EncryptedContentInfo has behind its type. */
function algorithmAndText(rounds: number): readonly Buffer[] {
  const kdf = sequence(
    oid("1.2.840.113549.1.5.12"),
    sequence(octets(Buffer.alloc(8)), integer(rounds), sequence(oid("1.2.840.113549.2.9"), nothing)),
  );
  const cipher = sequence(oid("2.16.840.1.101.3.4.1.42"), octets(Buffer.alloc(16)));
  const algorithm = sequence(oid("1.2.840.113549.1.5.13"), sequence(kdf, cipher));
  return [algorithm, der(0x80, Buffer.alloc(64))];
}
