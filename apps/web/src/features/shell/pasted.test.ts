import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isMaterial } from "./is-material";
import { readPasted } from "./pasted";

const directory = mkdtempSync(join(tmpdir(), "sealpost-pasted-"));
const file = (name: string) => join(directory, name);
const pem = (name: string) => readFileSync(file(name), "utf8");
const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: directory, stdio: "pipe" });
let fingerprint: string;
let key: string;

beforeAll(() => {
  const names = ["-addext", "subjectAltName=DNS:Shop.example.test,DNS:*.example.test"];
  const about = ["-subj", "/O=Shop/CN=shop.example.test", ...names];
  const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem"];
  openssl("req", "-x509", ...made, ...about, "-out", "certificate.pem");
  openssl("req", "-new", "-key", "key.pem", ...about, "-out", "request.pem");
  const certificate = new X509Certificate(pem("certificate.pem"));
  fingerprint = certificate.fingerprint256.replaceAll(":", "").toLowerCase();
  key = createHash("sha256")
    .update(certificate.publicKey.export({ type: "spki", format: "der" }))
    .digest("hex");
});
afterAll(() => rmSync(directory, { recursive: true }));

describe("what is pasted into the search", () => {
  const names = ["shop.example.test", "*.example.test"].map((text) => ({ by: "name", text }));

  it.each([
    ["as it is", (text: string) => text],
    ["with its line breaks lost", (text: string) => text.replaceAll("\n", "")],
    ["with words around it", (text: string) => `Dear customer,\r\n\r\n${text}\r\nregards`],
    ["without its first and last line", (text: string) => text.replace(/-----[^-]+-----/g, "")],
  ])("finds a certificate by fingerprint, key and names: %s", async (_, change) => {
    const text = change(pem("certificate.pem"));
    expect(isMaterial(text)).toBe(true);
    expect(await readPasted(text)).toEqual({
      is: "readable",
      name: "shop.example.test",
      clues: [{ by: "fingerprint", text: fingerprint }, { by: "key", text: key }, ...names],
    });
  });

  it("finds a request by its key and names", async () => {
    const found = await readPasted(pem("request.pem"));
    expect(found).toEqual({
      is: "readable",
      name: "shop.example.test",
      clues: [{ by: "key", text: key }, ...names],
    });
  });

  it("is refused as soon as a private key is in it, whatever else is", async () => {
    for (const text of [
      pem("key.pem"),
      pem("certificate.pem") + pem("key.pem"),
      "PuTTY-User-Key-File-3: ssh",
    ]) {
      expect(isMaterial(text)).toBe(true);
      expect(await readPasted(text)).toEqual({ is: "secret" });
    }
  });

  it("is refused when it is a key without its first line, cut off, or too long to be a search", async () => {
    const bare = pem("key.pem").replace(/-----[^-]+-----/g, "");
    const cut = pem("certificate.pem").slice(0, 300);
    for (const text of [bare, cut, "a".repeat(201), "-----BEGIN CERTIFICATE-----"]) {
      expect(isMaterial(text)).toBe(true);
      expect(await readPasted(text)).toEqual({ is: "unreadable" });
    }
  });

  it("is a search like any other when somebody types a name, a number, an address or a fingerprint", () => {
    const pin = Buffer.from(key, "hex").toString("base64");
    const colons = fingerprint.replace(/../g, "$&:").slice(0, -1);
    for (const text of [
      "",
      "shop.example.test",
      "118204417",
      "admin@shop.example.test",
      colons,
      fingerprint,
      pin,
    ])
      expect(isMaterial(text), text).toBe(false);
  });
});
