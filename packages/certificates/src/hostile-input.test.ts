import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Input,
  ids,
  mail,
  mailWith,
  makeVectors,
  paramsOf,
  type Vectors,
  zip,
} from "../tests/vectors.ts";
import { limits } from "./index.ts";

let made: Vectors;
beforeAll(() => {
  made = makeVectors();
  const pass = ["-passout", "pass:x"];
  made.openssl("x509", "-in", "shop.crt", "-outform", "DER", "-out", "shop.der");
  made.openssl("pkcs8", "-topk8", "-in", "shop.key", "-iter", "10000", ...pass, "-out", "shop.enc.key");
  made.openssl(
    "pkcs8",
    "-topk8",
    "-in",
    "shop.key",
    "-outform",
    "DER",
    "-scrypt",
    ...pass,
    "-out",
    "scrypt.der",
  );
}, 60_000);
afterAll(() => made[Symbol.dispose]());
const text = (name: string) => made.text(name);

/** DER of a small value; only what these tests need. */
function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

/** An encrypted PKCS#8 key with PBKDF2 that asks for so many rounds. */
function keyWithRounds(rounds: number): Buffer {
  const oid = (hex: string) => der(6, Buffer.from(hex, "hex"));
  const count = Buffer.alloc(5);
  count.writeUIntBE(rounds, 0, 5);
  const pbkdf2 = der(0x30, oid("2a864886f70d01050c"), der(0x30, der(4, Buffer.alloc(8)), der(2, count)));
  const cipher = der(0x30, oid("60864801650304012a"), der(4, Buffer.alloc(16)));
  return der(0x30, der(0x30, oid("2a864886f70d01050d"), der(0x30, pbkdf2, cipher)), der(4, Buffer.alloc(64)));
}

/** What one reading takes at most here; it is far less than the 2 s a worker has. */
const mostMs = 500;
async function timed(inputs: readonly Input[], passphrase = "x") {
  const before = process.cpuUsage();
  const reading = await made.read(inputs, { passphrase });
  const { user, system } = process.cpuUsage(before);
  // Work done, not time passed: a busy machine must not look like an expensive input.
  return { reading, tookMs: (user + system) / 1000 };
}

describe("hostile input", () => {
  it("never throws, whatever the bytes, alone or behind what makes them look like something", async () => {
    const starts = [
      "",
      "PK\u0003\u0004",
      "-----BEGIN CERTIFICATE-----\n",
      "From: a\nSubject: b\n\n",
      "0\u0082\u0001\u00000",
    ];
    const property = fc.asyncProperty(
      fc.constantFrom(...starts),
      fc.uint8Array({ maxLength: 2000 }),
      async (start, bytes) => {
        const { facts } = await made.read([Buffer.concat([Buffer.from(start, "latin1"), bytes])]);
        expect(facts.findings.length + bytes.length).toBeGreaterThan(0);
        expect(facts.certificate).toBeNull();
      },
    );
    await fc.assert(property, { numRuns: 300 });
  });

  it("meets every truncation and every flipped byte of every kind of file with a reading, not with an exception", async () => {
    const archive = await zip({ "shop.crt": text("shop.crt") });
    const files: Input[] = ["shop.crt", "shop.der", "shop.key", "shop.enc.key", "scrypt.der", "shop.csr"].map(
      (name) => made.bytes(name),
    );
    for (const file of [...files, archive, mailWith("hello", archive)]) {
      const whole = Buffer.from(file);
      const step = Math.ceil(whole.length / 60);
      for (let at = 1; at < whole.length; at += step) {
        expect((await made.read([whole.subarray(0, at)])).facts.findings.length).toBeGreaterThan(0);
        const flipped = Buffer.from(whole);
        flipped[at] = (flipped[at] ?? 0) ^ 0x41;
        expect((await made.read([flipped])).facts.findings.length).toBeGreaterThan(0);
      }
    }
  }, 20_000);

  it("stops a ZIP that grows beyond its ratio, has too many entries, lies too deep, or is locked", async () => {
    const bomb = await zip({ "bomb.crt": Buffer.alloc(8 * 1024 * 1024) });
    expect(paramsOf(await made.read([bomb]), "resource-limit")).toEqual({
      limit: "zipRatio",
      value: limits.zipRatio,
    });
    const many = Object.fromEntries(
      Array.from({ length: limits.zipEntries + 1 }, (_, i) => [`${i}.txt`, "x"]),
    );
    expect(paramsOf(await made.read([await zip(many)]), "resource-limit")).toMatchObject({
      limit: "zipEntries",
    });
    const matryoshka = await zip({ b: await zip({ c: await zip({ "shop.crt": text("shop.crt") }) }) });
    expect(paramsOf(await made.read([matryoshka]), "resource-limit")).toMatchObject({ limit: "zipDepth" });
    const locked = await zip({ "shop.crt": text("shop.crt") });
    // The flag of an encrypted entry, in the directory (APPNOTE 4.4.4).
    const directory = locked.indexOf("PK\u0001\u0002", 0, "latin1");
    locked[directory + 8] = (locked[directory + 8] ?? 0) | 1;
    expect(ids(await made.read([locked]))).toContain("encrypted-zip");
  });

  it("refuses keys that ask for too much work together, without beginning it", async () => {
    expect(paramsOf((await timed([keyWithRounds(900_000_000)])).reading, "resource-limit")).toMatchObject({
      limit: "keyRounds",
    });
    const { reading, tookMs } = await timed([
      keyWithRounds(900_000_000),
      ...Array.from({ length: 3 }, () => keyWithRounds(400_000)),
    ]);
    expect(ids(reading).filter((id) => id === "resource-limit").length).toBe(4);
    expect(tookMs).toBeLessThan(mostMs);
  });

  it("counts all three numbers of scrypt, since its work is their product", async () => {
    const cheap = made.bytes("scrypt.der");
    // OpenSSL writes N = 16384, r = 8, p = 1 at the end of the parameters: p becomes 127 in its place.
    const parameters = cheap.indexOf(Buffer.from("020240000201080201", "hex"));
    const costly = Buffer.from(cheap);
    costly[parameters + 9] = 127;
    expect(parameters).toBeGreaterThan(0);
    expect((await timed([cheap])).reading.facts.key).not.toBeNull();
    expect(paramsOf((await timed([costly])).reading, "resource-limit")).toMatchObject({ limit: "keyRounds" });
  });

  it("walks endless beginnings, tags and header lines once", async () => {
    const page = (html: string) => mail(`-----BEGIN X-----${html}`, { type: "text/html" });
    const much = 900_000;
    for (const flood of [
      "-----BEGIN A-----".repeat(much / 17),
      "-----BEGIN ".repeat(much / 11),
      `-----BEGIN A-----${" ".repeat(much)}x`,
      "\\r".repeat(much / 2),
      page("<".repeat(much)),
      page("<script ".repeat(much / 8)),
      page("&#0000".repeat(much / 6)),
      `From: a\nSubject: ${"order ".repeat(much / 6)}\n\nx`,
      `From: a\nSubject: b\n${"X: y\n".repeat(much / 5)}\nx`,
    ]) {
      const { reading, tookMs } = await timed([flood]);
      expect(reading.facts.findings.length).toBeLessThan(limits.blocks + 3);
      expect(tookMs).toBeLessThan(mostMs);
    }
  });

  it("survives UTF-16 of an odd number of bytes at an odd place in memory, on which Node 24 corrupts its heap", async () => {
    const bytes = Buffer.from(`x${text("shop.crt")}`, "utf16le").subarray(1);
    for (let left = 300; left > 0; left -= 1)
      expect(ids(await made.read([bytes.subarray(0, bytes.length - 2 * left)]))).not.toEqual([]);
  });

  it("refuses an RSA key so long that one signature takes seconds", async () => {
    const number = (length: number) => der(2, Buffer.alloc(length, 0x41));
    const [version, exponent] = [der(2, Buffer.from([0])), der(2, Buffer.from([1, 0, 1]))];
    const halves = Array.from({ length: 5 }, () => number(1000));
    const { reading, tookMs } = await timed([
      der(0x30, version, number(2000), exponent, number(2000), ...halves),
    ]);
    expect(paramsOf(reading, "resource-limit")).toMatchObject({ limit: "rsaBits" });
    expect(tookMs).toBeLessThan(mostMs);
  });

  it("refuses texts, files, sums and numbers of things beyond their limits", async () => {
    const limitsOf = async (...inputs: Input[]) =>
      (await made.read(inputs)).facts.findings.map(({ params }) => params.limit);
    expect(await limitsOf("x".repeat(limits.textBytes + 1))).toContain("textBytes");
    expect(await limitsOf(Buffer.alloc(limits.fileBytes + 1, 1))).toContain("fileBytes");
    expect(await limitsOf(...Array.from({ length: 3 }, () => Buffer.alloc(4 * 1024 * 1024, 1)))).toContain(
      "sumBytes",
    );
    expect(await limitsOf(text("shop.crt").repeat(limits.certificates + 1))).toContain("certificates");
    expect(await limitsOf(text("shop.key").repeat(limits.keys + 1))).toContain("keys");
  });

  it("reads a dozen CA certificates that each might have issued the others in no time", async () => {
    made.authority("loop", "root");
    made.openssl(
      "req",
      "-new",
      "-key",
      "loop.key",
      "-subj",
      "/O=Test, Inc/CN=Test root",
      "-out",
      "other.csr",
    );
    const sign = (request: string, issuer: string, out: string) =>
      made.openssl(
        "x509",
        "-req",
        "-in",
        `${request}.csr`,
        "-CA",
        `${issuer}.crt`,
        "-CAkey",
        `${issuer}.key`,
        "-CAcreateserial",
        "-extfile",
        "extensions",
        "-out",
        `${out}.crt`,
      );
    const copies: string[] = [];
    for (let index = 0; index < 6; index += 1) {
      sign("root", "loop", "up");
      sign("loop", "root", "down");
      copies.push(text("up.crt"), text("down.crt"));
    }
    made.leaf("lost", { issuer: "loop" });
    const { reading, tookMs } = await timed([[text("lost.crt"), ...copies].join("")]);
    expect(reading.facts.certificate?.commonName).toBe("lost.example.test");
    expect(tookMs).toBeLessThan(mostMs);
  });
});
