import { deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawZip } from "../../tests/raw-zip.ts";
import { type Input, ids, makeVectors, paramsOf, type Vectors, zip } from "../../tests/vectors.ts";
import { limits } from "../limits.ts";

let made: Vectors;
beforeAll(() => {
  made = makeVectors();
}, 60_000);
afterAll(() => made[Symbol.dispose]());
const text = (name: string) => made.text(name);

describe("an archive", () => {
  it("is read without what a Mac and Windows leave in it", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [`shop/${at}.txt`, "Install it."]).flatMap(([name, body]) => [
        [name, body],
        [`__MACOSX/shop/._${name}`, Buffer.from("00051607", "hex")],
      ]),
    );
    const given = await zip({
      ...files,
      "shop/.DS_Store": Buffer.from("0000000142756431", "hex"),
      "shop/shop.crt": text("shop.crt"),
      "shop/chain.crt": text("intermediate.crt"),
      "Thumbs.db": Buffer.from("d0cf11e0a1b11ae1", "hex"),
    });
    expect((await made.read([given])).facts).toMatchObject({ chainState: "complete", findings: [] });
  });

  it("may hold guides, pictures and pages beside the certificate", async () => {
    const given = await zip({
      "shop.crt": text("shop.crt"),
      "chain.crt": text("intermediate.crt"),
      "INSTALL_INSTRUCTIONS.html": "<!doctype html><p>-----BEGIN CERTIFICATE----- and so on</p>",
      "guide.pdf": "%PDF-1.4",
      "README.txt": "Paste all from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.",
    });
    expect((await made.read([given])).facts).toMatchObject({ chainState: "complete", findings: [] });
  });

  it("gives what is not locked in it, and says that the rest is", async () => {
    const given = rawZip([
      // Twelve bytes of an encrypted entry are its header (APPNOTE 6.1.3).
      { name: "a.key", bytes: Buffer.from("twelve bytes and locked"), flags: 1, grown: 11 },
      { name: "shop.crt", bytes: Buffer.from(text("shop.crt")) },
    ]);
    const reading = await made.read([given]);
    expect(ids(reading)).toContain("encrypted-zip");
    expect(reading.facts.certificate?.commonName).toBe("shop.example.test");
  });

  it("says which way of packing it does not know", async () => {
    const given = rawZip([{ name: "shop.crt", bytes: Buffer.from("packed"), method: 9 }]);
    expect(paramsOf(await made.read([given]), "unsupported-format")).toEqual({ format: "ZIP (method 9)" });
  });

  it("is refused when its entries share bytes", async () => {
    const whole = { name: "a", bytes: Buffer.from(text("shop.crt")) };
    for (const at of [0, 10]) {
      const given = rawZip([whole, { name: "b", bytes: Buffer.alloc(0), at, size: 20 }]);
      expect(ids(await made.read([given]))).toEqual(["malformed-zip"]);
    }
  });

  it("is refused before it inflates, when it says that it grows too much, and while it does, when it does not", async () => {
    const zeros = deflateRawSync(Buffer.alloc(4 * 1024 * 1024));
    for (const grown of [4 * 1024 * 1024, 0xfffffff0]) {
      const reading = await made.read([rawZip([{ name: "a", bytes: zeros, method: 8, grown }])]);
      expect(paramsOf(reading, "resource-limit")).toEqual({ limit: "zipRatio", value: limits.zipRatio });
    }
    const lying = rawZip([{ name: "a", bytes: zeros, method: 8, grown: 100 }]);
    expect(ids(await made.read([lying]))).toEqual(["malformed-zip"]);
  });

  it("is refused when it holds 60,000 entries, in no time", async () => {
    const entries = Array.from({ length: 60_000 }, () => "PK\x01\x02".padEnd(46, "\0")).join("");
    const end = Buffer.alloc(18);
    end.writeUInt16LE(60_000, 4);
    end.writeUInt16LE(60_000, 6);
    end.writeUInt32LE(entries.length, 8);
    end.writeUInt32LE(4, 12);
    const given = Buffer.concat([Buffer.from(`PK\x03\x04${entries}PK\x05\x06`, "latin1"), end]);
    expect(paramsOf(await made.read([given]), "resource-limit")).toMatchObject({ limit: "zipEntries" });
  });

  it("is malformed wherever it is cut off", async () => {
    const whole = await zip({ "shop.crt": text("shop.crt") });
    const cuts: Input[] = [5, 30, 100, whole.length - 30, whole.length - 1].map((at) =>
      whole.subarray(0, at),
    );
    for (const cut of cuts) expect(ids(await made.read([cut]))).toEqual(["malformed-zip"]);
  });
});
