import { execFileSync } from "node:child_process";
import { createCipheriv, pbkdf2Sync, randomBytes, scryptSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { derAt } from "../src/der.ts";
import { passwordScheme } from "../src/formats/pbe.ts";
import { bmpPasswords, derivePbkdf1, derivePkcs12, passwordBytes, roundsOf } from "../src/formats/pbe-kdf.ts";
import { decryptRc2Cbc } from "../src/formats/rc2.ts";
import { decryptRc4 } from "../src/formats/rc4.ts";
import { integer, nothing, octets, oid, sequence } from "./asn1.ts";
import { ids, makeVectors, type Vectors } from "./vectors.ts";

let made: Vectors;
beforeAll(() => {
  made = makeVectors();
}, 60_000);
afterAll(() => made[Symbol.dispose]());

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const openssl = (...args: readonly string[]) =>
  execFileSync("openssl", args, { encoding: "utf8", stdio: "pipe" });

describe("RC2", () => {
  it.each([
    [63, "0000000000000000", "0000000000000000", "ebb773f993278eff"],
    [64, "ffffffffffffffff", "ffffffffffffffff", "278b27e42e2f0d49"],
    [64, "3000000000000000", "1000000000000001", "30649edf9be7d2c2"],
    [64, "88", "0000000000000000", "61a8a244adacccf0"],
    [64, "88bca90e90875a", "0000000000000000", "6ccf4308974c267f"],
    [64, "88bca90e90875a7f0f79c384627bafb2", "0000000000000000", "1a807d272bbe5db1"],
    [128, "88bca90e90875a7f0f79c384627bafb2", "0000000000000000", "2269552ab0f85ca6"],
    [
      129,
      "88bca90e90875a7f0f79c384627bafb216f80a6f85920584c42fceb0be255daf1e",
      "0000000000000000",
      "5b78d3a43dfff1f1",
    ],
  ])("with %i effective bits and key %s gives %s back (RFC 2268 section 5)", (bits, key, plain, text) => {
    expect(decryptRc2Cbc(hex(key), bits, Buffer.alloc(8), hex(text)).toString("hex")).toBe(plain);
  });

  it("chains its blocks as OpenSSL does", () => {
    const [key, iv, plain] = [randomBytes(16), randomBytes(8), randomBytes(64)];
    const text = execFileSync(
      "openssl",
      [
        "enc",
        "-rc2-cbc",
        "-nopad",
        "-K",
        key.toString("hex"),
        "-iv",
        iv.toString("hex"),
        "-provider",
        "legacy",
        "-provider",
        "default",
      ],
      { input: plain },
    );
    expect(decryptRc2Cbc(key, 128, iv, text).equals(plain)).toBe(true);
  });

  it("takes whole blocks only", () => {
    expect(() => decryptRc2Cbc(Buffer.alloc(16), 128, Buffer.alloc(8), Buffer.alloc(9))).toThrow(RangeError);
    expect(() => decryptRc2Cbc(Buffer.alloc(16), 128, Buffer.alloc(4), Buffer.alloc(8))).toThrow(RangeError);
  });
});

describe("RC4", () => {
  it.each([
    ["0102030405", 0, "b2396305f03dc027ccc3524a0a1118a8"],
    ["0102030405", 4096, "ff25b58995996707e51fbdf08b34d875"],
    ["833222772a", 0, "80ad97bdc973df8a2e879e92a497efda"],
    ["0102030405060708090a0b0c0d0e0f10", 0, "9ac7cc9a609d1ef7b2932899cde41b97"],
    ["0102030405060708090a0b0c0d0e0f10", 4096, "a36a4c301ae8ac13610ccbc12256cacc"],
  ])("with key %s makes from byte %i on the stream of RFC 6229", (key, offset, stream) => {
    const found = decryptRc4(hex(key), Buffer.alloc(offset + 16));
    expect(found.subarray(offset).toString("hex")).toBe(stream);
  });
});

describe("the key derivation of PKCS#12 (RFC 7292 appendix B)", () => {
  it.each(["sha1", "sha224", "sha256", "sha384", "sha512"])(
    "with %s is OpenSSL's, for keys, vectors and MACs of any length",
    (hash) => {
      for (const purpose of [1, 2, 3]) {
        for (const [length, saltLength, password] of [
          [8, 8, ""],
          [24, 8, "smeg"],
          [130, 20, "queeg"],
          [64, 130, "a long passphrase of more than one block, ".repeat(3)],
        ] as const) {
          const salt = randomBytes(saltLength);
          const [bytes = Buffer.alloc(0)] = bmpPasswords(password);
          const rounds = 1 + salt.length;
          const expected = openssl(
            ...["kdf", "-keylen", String(length), "-kdfopt", `digest:${hash.toUpperCase()}`],
            ...["-kdfopt", `hexpass:${bytes.toString("hex")}`, "-kdfopt", `hexsalt:${salt.toString("hex")}`],
            ...["-kdfopt", `iter:${rounds}`, "-kdfopt", `id:${purpose}`, "PKCS12KDF"],
          );
          const found = derivePkcs12(hash, bytes, { salt, rounds, purpose, length });
          expect(found.toString("hex")).toBe(expected.trim().replaceAll(":", "").toLowerCase());
        }
      }
    },
  );

  it("spells a password as BMPString with its end mark, and none also as nothing at all (appendix B.1)", () => {
    expect(bmpPasswords("Beavis").map((bytes) => bytes.toString("hex"))).toEqual([
      "004200650061007600690073" + "0000",
    ]);
    expect(bmpPasswords("").map((bytes) => bytes.toString("hex"))).toEqual(["0000", ""]);
    expect(bmpPasswords("\u00e4").map((bytes) => bytes.toString("hex"))).toEqual([
      "00e40000",
      "006103080000",
    ]);
  });
});

describe("PBKDF1", () => {
  it("is OpenSSL's", () => {
    const salt = randomBytes(8);
    for (const hash of ["md5", "sha1"]) {
      const expected = openssl(
        ...["kdf", "-keylen", "16", "-kdfopt", `digest:${hash.toUpperCase()}`, "-kdfopt", "pass:smeg"],
        ...["-kdfopt", `hexsalt:${salt.toString("hex")}`, "-kdfopt", "iter:2000"],
        ...["-provider", "legacy", "-provider", "default", "PBKDF1"],
      );
      const found = derivePbkdf1(hash, Buffer.from("smeg"), salt, 2000).subarray(0, 16);
      expect(found.toString("hex")).toBe(expected.trim().replaceAll(":", "").toLowerCase());
    }
  });
});

describe("an encrypted key", () => {
  const legacy = ["-provider", "legacy", "-provider", "default"];
  const v2 = (cipher: string) => [`-v2 ${cipher}`, ["-v2", cipher]] as const;
  const v1 = (scheme: string) => [`-v1 ${scheme}`, ["-v1", scheme, ...legacy]] as const;
  it.each([
    ...["aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "des-ede3-cbc"].map(v2),
    ...["camellia-128-cbc", "camellia-256-cbc", "aria-128-cbc", "aria-256-cbc", "sm4-cbc"].map(v2),
    ...["md5", "sha1", "sha224", "sha256", "sha384", "sha512"].map(
      (hash) =>
        [`-v2prf ${hash}`, ["-v2", "aes-256-cbc", "-v2prf", `hmacWith${hash.toUpperCase()}`]] as const,
    ),
    ["-v2 rc2-cbc", ["-v2", "rc2-cbc", ...legacy]] as const,
    ["-v2 des-cbc", ["-v2", "des-cbc", ...legacy]] as const,
    ["-scrypt", ["-scrypt"]] as const,
    ...["PBE-MD5-DES", "PBE-SHA1-DES", "PBE-MD5-RC2-64", "PBE-SHA1-RC2-64"].map(v1),
    ...[
      "PBE-SHA1-3DES",
      "PBE-SHA1-2DES",
      "PBE-SHA1-RC2-128",
      "PBE-SHA1-RC2-40",
      "PBE-SHA1-RC4-128",
      "PBE-SHA1-RC4-40",
    ].map(v1),
  ])("made by openssl pkcs8 %s opens with its passphrase and with no other", async (_, options) => {
    made.openssl(
      ...[
        "pkcs8",
        "-topk8",
        "-in",
        "shop.key",
        "-out",
        "enc.key",
        "-iter",
        "1000",
        "-passout",
        "pass:smeg",
        ...options,
      ].filter(
        (word, index, all) => !(all.includes("-scrypt") && (word === "-iter" || all[index - 1] === "-iter")),
      ),
    );
    const given = [made.bytes("shop.crt"), made.bytes("enc.key")];
    const right = await made.read(given, { passphrase: "smeg" });
    expect([right.facts.keyFits, right.facts.key?.encrypted]).toEqual([true, true]);
    const wrong = await made.read(given, { passphrase: "queeg" });
    expect(wrong.facts.key).toBeNull();
    expect(ids(wrong)).toContain("wrong-passphrase");
  });
});

describe("the work that a scheme asks for", () => {
  const kdf = (id: string, ...parameters: readonly Buffer[]) => sequence(oid(id), sequence(...parameters));
  const aes256 = sequence(oid("2.16.840.1.101.3.4.1.42"), octets(Buffer.alloc(16)));
  const rc2 = kdf("1.2.840.113549.3.2", integer(58), octets(Buffer.alloc(8)));
  const rounds = (algorithm: Buffer, { password = "x", text = 0 } = {}) =>
    passwordScheme(derAt(algorithm) ?? undefined)?.rounds(password, Buffer.alloc(text));
  const pbes2 = (derivation: Buffer, cipher = aes256) => kdf("1.2.840.113549.1.5.13", derivation, cipher);
  const pbkdf2 = (hash: string, salt: number, ...length: readonly Buffer[]) => {
    const prf = sequence(oid(`1.2.840.113549.2.${hash}`), nothing);
    return kdf("1.2.840.113549.1.5.12", octets(Buffer.alloc(salt)), integer(1000), ...length, prf);
  };
  const scrypt = (N: number, r: number, p: number, salt = 8) =>
    kdf("1.3.6.1.4.1.11591.4.11", octets(Buffer.alloc(salt)), integer(N), integer(r), integer(p));
  const pkcs12 = (scheme: number) =>
    kdf(`1.2.840.113549.1.12.1.${scheme}`, octets(Buffer.alloc(8)), integer(1000));

  it("is read for every block that is derived, since each takes all rounds", () => {
    expect(rounds(pbes2(pbkdf2("9", 8)))).toBe(1000);
    expect(rounds(pbes2(pbkdf2("7", 8)))).toBe(2000);
    expect(rounds(pbes2(pbkdf2("7", 8, integer(128)), rc2))).toBe(7000);
    // 3DES: a key of two blocks of SHA-1, and a vector of one.
    expect(rounds(pkcs12(3))).toBe(3000);
    expect(rounds(pkcs12(6))).toBe(2000);
    expect(rounds(pkcs12(1))).toBe(1000);
  });

  it("counts what it decrypts, the salt, and every spelling of the passphrase", () => {
    expect(rounds(pbes2(pbkdf2("9", 8)), { text: 8000 })).toBe(2000);
    expect(rounds(pbes2(pbkdf2("9", 64 * 500)))).toBe(1500);
    expect(rounds(pbes2(pbkdf2("9", 8)), { password: "p\u00e4ss" })).toBe(
      1000 * passwordBytes("p\u00e4ss").length,
    );
    expect(passwordBytes("p\u00e4ss").length).toBeGreaterThan(1);
    expect(roundsOf("sha1", { rounds: 10, length: 41, salt: Buffer.alloc(128) })).toBe(36);
  });

  it("of scrypt is N times r times p, and what PBKDF2 does around it where N is small", () => {
    expect(rounds(pbes2(scrypt(16384, 8, 1)))).toBe(16384 * 8 + 32);
    expect(rounds(pbes2(scrypt(2, 1, 499_000)))).toBeGreaterThan(2_000_000);
    expect(rounds(pbes2(scrypt(2, 1, 10_000, 6400)))).toBeGreaterThan(4_000_000);
    expect(rounds(pbes2(kdf("1.3.6.1.4.1.11591.4.11", octets(Buffer.alloc(8)))))).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  it("is nothing known for a pseudo-random function, a cipher or a derivation of another name", () => {
    const other = sequence(oid("1.2.3.9"), nothing);
    const unknown = kdf("1.2.840.113549.1.5.12", octets(Buffer.alloc(8)), integer(1), other);
    expect(rounds(pbes2(unknown))).toBeUndefined();
    expect(rounds(pbes2(kdf("1.2.3", octets(Buffer.alloc(8)), integer(1))))).toBeUndefined();
    expect(rounds(pbes2(pbkdf2("9", 8), sequence(oid("1.2.3"), octets(Buffer.alloc(16)))))).toBeUndefined();
    expect(rounds(kdf("1.2.3", octets(Buffer.alloc(8)), integer(1)))).toBeUndefined();
  });

  it("decrypts what Node encrypts in the same way", () => {
    const [salt, iv, plain] = [randomBytes(16), randomBytes(16), Buffer.from("what is secret")];
    const keys = [
      [
        pbkdf2Sync("smeg", salt, 1000, 32, "sha256"),
        kdf(
          "1.2.840.113549.1.5.12",
          octets(salt),
          integer(1000),
          sequence(oid("1.2.840.113549.2.9"), nothing),
        ),
      ],
      [
        scryptSync("smeg", salt, 32, { N: 1024, r: 8, p: 2 }),
        kdf("1.3.6.1.4.1.11591.4.11", octets(salt), integer(1024), integer(8), integer(2), integer(32)),
      ],
    ] as const;
    for (const [key, derivation] of keys) {
      const cipher = createCipheriv("aes-256-cbc", key, iv);
      const text = Buffer.concat([cipher.update(plain), cipher.final()]);
      const algorithm = pbes2(derivation, sequence(oid("2.16.840.1.101.3.4.1.42"), octets(iv)));
      const [found] = passwordScheme(derAt(algorithm) ?? undefined)?.decrypt("smeg", text) ?? [];
      expect(found?.equals(plain)).toBe(true);
    }
  });
});
