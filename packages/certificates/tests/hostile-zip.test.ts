import { deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limits } from "../src/index.ts";
import { type RawEnd, rawZip, zip64End } from "./raw-zip.ts";
import { timed } from "./timed.ts";
import { type Input, ids, makeVectors, paramsOf, type Vectors, zip } from "./vectors.ts";

let made: Vectors;
beforeAll(() => {
  made = makeVectors();
}, 60_000);
afterAll(() => made[Symbol.dispose]());

/** What one reading takes at most here. */
const mostMs = 600;
async function read(...inputs: readonly Input[]) {
  const { reading, tookMs } = await timed(made, inputs);
  expect(tookMs).toBeLessThan(mostMs);
  return reading;
}
const certificate = () => made.bytes("shop.crt");
const plain = (name: string | Buffer) => ({ name, bytes: certificate() });

describe("an archive that lies", () => {
  it("of its lengths in the local header is read as its directory says, as everybody does", async () => {
    for (const local of [
      { size: 0, grown: 0 },
      { size: 0xffffffff, grown: 0xffffffff },
    ]) {
      const { facts } = await read(rawZip([{ ...plain("shop.crt"), local }]));
      expect(facts.certificate?.commonName).toBe("shop.example.test");
    }
  });

  it("of its lengths in the directory is refused, too short as well as too long", async () => {
    const packed = deflateRawSync(certificate());
    for (const entry of [
      { ...plain("a"), size: certificate().length + 5000 },
      { ...plain("a"), size: certificate().length, grown: 7 },
      { name: "a", bytes: packed, method: 8, grown: certificate().length - 1 },
      { name: "a", bytes: packed, method: 8, grown: certificate().length + 1 },
      { name: "a", bytes: packed, method: 8, size: packed.length - 5, grown: certificate().length },
      { name: "a", bytes: certificate(), method: 8 },
    ]) {
      const reading = await read(rawZip([entry]));
      expect([ids(reading), reading.facts.certificate]).toEqual([["malformed-zip"], null]);
    }
  });

  it.each<[string, RawEnd, string]>([
    ["of 65,535 entries", { count: 65_535 }, "resource-limit"],
    ["of more entries than it has", { count: 3 }, "malformed-zip"],
    ["of a directory behind its end", { at: 0x7fffffff }, "malformed-zip"],
    ["of a directory at its very beginning", { at: 0 }, "malformed-zip"],
  ])("%s is refused", async (_, end, finding) => {
    const reading = await read(rawZip([plain("shop.crt")], end));
    expect([ids(reading), reading.facts.certificate]).toEqual([[finding], null]);
  });

  it.each([
    ["of more entries than numbers have bits", 2n ** 60n, 46n, 0n, 0n],
    ["of a directory behind its end", 1n, 46n, 2n ** 50n, 0n],
    ["of a record that is nowhere", 1n, 46n, 0n, 2n ** 62n],
  ])("in ZIP64 %s is refused", async (_, count, size, at, recordAt) => {
    const before = zip64End(count, size, at, recordAt);
    const whole = rawZip([plain("shop.crt")], { count: 0xffff, size: 0xffffffff, at: 0xffffffff, before });
    const reading = await read(whole);
    expect(reading.facts.certificate).toBeNull();
    expect(ids(reading)).toHaveLength(1);
    expect(["malformed-zip", "resource-limit"]).toContain(ids(reading)[0]);
  });

  it("with one entry a thousand times in its directory is refused", async () => {
    const one = rawZip([plain("a"), ...Array.from({ length: 19 }, () => ({ ...plain("a"), at: 0 }))]);
    expect(ids(await read(one))).toEqual(["malformed-zip"]);
    const many = rawZip([plain("a"), ...Array.from({ length: 999 }, () => ({ ...plain("a"), at: 0 }))]);
    expect(paramsOf(await read(many), "resource-limit")).toMatchObject({ limit: "zipEntries" });
  });
});

describe("an archive that grows", () => {
  const zeros = (length: number) => deflateRawSync(Buffer.alloc(length));
  const bomb = (length: number) => ({
    name: "a",
    bytes: zeros(length),
    method: 8,
    grown: length,
    size: zeros(length).length,
  });

  it("is inflated to ten times its size in all, and no further", async () => {
    const reading = await read(rawZip([bomb(200_000)]));
    expect(paramsOf(reading, "resource-limit")).toEqual({ limit: "zipRatio", value: limits.zipRatio });
    // Each of these is small enough alone.
    const many = await read(
      rawZip(Array.from({ length: 20 }, (_, at) => ({ ...bomb(50_000), name: `${at}` }))),
    );
    expect(paramsOf(many, "resource-limit")).toEqual({ limit: "zipRatio", value: limits.zipRatio });
  });

  it("in archives inside it is stopped by what all of them hold together", async () => {
    const noise = Buffer.alloc(450_000, "-----BEGIN CERT ");
    const inner = await zip({ a: noise });
    const padded = Buffer.concat([inner]);
    const outer = rawZip(Array.from({ length: 19 }, (_, at) => ({ name: `${at}.zip`, bytes: padded })));
    const reading = await read(outer);
    const told = reading.facts.findings.map(({ params }) => params.limit);
    expect(told.some((limit) => limit === "zipRatio" || limit === "textSumBytes")).toBe(true);
  });

  it("in a third archive is not opened", async () => {
    const third = await zip({ c: await zip({ d: await zip({ "shop.crt": certificate() }) }) });
    expect(paramsOf(await read(third), "resource-limit")).toMatchObject({ limit: "zipDepth" });
    expect(
      (await read(await zip({ d: await zip({ "shop.crt": certificate() }) }))).facts.certificate,
    ).not.toBeNull();
  });

  it("with 20 archives in it of 20 files each says so of each, and ends", async () => {
    const inner = await zip(
      Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`${at}.crt`, certificate()])),
    );
    const outer = rawZip(Array.from({ length: 20 }, (_, at) => ({ name: `${at}.zip`, bytes: inner })));
    const reading = await read(outer);
    expect(paramsOf(reading, "resource-limit")).toMatchObject({ limit: "certificates" });
    expect(reading.facts.findings.length).toBeLessThan(limits.findings + 20);
  });
});

describe("a name in an archive", () => {
  const shown = async (name: string | Buffer, flags = 0) => {
    const { facts } = await read(rawZip([{ ...plain(name), flags }]));
    return facts.certificate?.source.path.at(-1);
  };

  it.each([
    ["../../etc/shop.crt", "../../etc/shop.crt"],
    ["C:\\shop.crt", "C:/shop.crt"],
    ["/etc/shop.crt", "/etc/shop.crt"],
    ["shop.crt\0.txt", "shop.crt.txt"],
    ["shop\r\n\u001b[31m.crt", "shop[31m.crt"],
  ])("%j is only shown, as %j", async (name, expected) => {
    expect(await shown(name, 0x800)).toBe(expected);
  });

  it("cannot turn the direction of the text around it, or hide in it", async () => {
    expect(await shown("gpj\u202e.\u200btrc\u2066\ufeff", 0x800)).toBe("gpj.trc");
  });

  it("of 60 kB is cut short", async () => {
    expect(await shown("x".repeat(60_000))).toBe("x".repeat(200));
  });

  it("that is empty, or the same twice, is no obstacle", async () => {
    expect(await shown("")).toBe("?");
    const { facts } = await read(rawZip([plain("a.crt"), plain("a.crt")]));
    expect(facts.certificate?.commonName).toBe("shop.example.test");
  });

  it("in bytes that are no text is shown as far as it goes", async () => {
    expect(await shown(Buffer.from([0xff, 0xfe, 0x41, 0x42]))).toMatch(/AB$/);
  });
});
