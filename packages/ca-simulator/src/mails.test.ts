import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import PostalMime from "postal-mime";
import { describe, expect, it, onTestFinished } from "vitest";
import { keyTypes } from "./issue.ts";
import { resend, startForTest } from "./test-ca.ts";

const run = promisify(execFile);
const pemBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates in a text, by fingerprint. */
function certificatesIn(text: string | undefined): string[] {
  return (text?.match(pemBlock) ?? []).map(fingerprint);
}

function fingerprint(pem: string): string {
  return new X509Certificate(pem).fingerprint256;
}

describe("a fulfillment mail", () => {
  it("holds exactly the leaf as text, and bundle and leaf in a stored ZIP", async () => {
    const simulator = await startForTest();
    const { control } = simulator;
    const order = await control.placeOrder({
      commonName: "*.shop.example.test",
      approverEmail: "admin@example.test",
    });
    await resend(simulator, order.id);
    const [mail] = await control.mails();
    expect(mail).toMatchObject({
      to: ["admin@example.test"],
      subject: `ORDER #${order.id} - Your PositiveSSL Certificate for *.shop.example.test`,
    });
    const raw = Buffer.from(await control.rawMail(mail?.mailId ?? ""));
    const parsed = await PostalMime.parse(raw);
    const leaf = fingerprint(order.certificatePem ?? "");
    const intermediate = fingerprint(simulator.intermediateCertificatePem);
    expect(certificatesIn(parsed.text)).toEqual([leaf]);
    expect(certificatesIn(parsed.html)).toEqual([]);
    expect(parsed.attachments.map((file) => [file.filename, file.mimeType])).toEqual([
      ["STAR_shop_example_test.zip", "application/x-zip-compressed"],
    ]);
    const content = parsed.attachments[0]?.content ?? "";
    const zip = Buffer.from(content instanceof ArrayBuffer ? new Uint8Array(content) : content).toString(
      "latin1",
    );
    expect(certificatesIn(zip)).toEqual([intermediate, leaf]);
    expect(zip.match(/STAR_shop_example_test\.(ca-bundle|crt)/g)?.slice(0, 2)).toEqual([
      "STAR_shop_example_test.ca-bundle",
      "STAR_shop_example_test.crt",
    ]);
    // One boundary begins like the other, with parentheses: what parsers trip over.
    expect(raw.toString()).toMatch(
      /boundary="\(AlternativeBoundary2\)"[\s\S]*boundary="\(AlternativeBoundary\)"/,
    );
  });

  it("holds leaf and intermediate in its text where the brand mails so", async () => {
    const simulator = await startForTest();
    const { control } = simulator;
    const order = await control.placeOrder({
      commonName: "a.test",
      product: "QuickSSL Premium",
      mailStyle: "body",
    });
    await resend(simulator, order.id);
    const [mail] = await control.mails();
    expect(mail?.subject).toBe(`QuickSSL Premium Order: ${order.id} Complete`);
    const parsed = await PostalMime.parse(await control.rawMail(mail?.mailId ?? ""));
    expect(certificatesIn(parsed.text)).toEqual([
      fingerprint(order.certificatePem ?? ""),
      fingerprint(simulator.intermediateCertificatePem),
    ]);
    expect(parsed.attachments).toEqual([]);
  });

  it("names an internationalised domain in its own script, within the lengths of RFC 2047", async () => {
    const simulator = await startForTest();
    const { id } = await simulator.control.placeOrder({ commonName: "*.xn--bcher-kva.example" });
    await resend(simulator, id);
    const [mail] = await simulator.control.mails();
    expect(mail?.subject).toBe(`ORDER #${id} - Your PositiveSSL Certificate for *.bücher.example`);
    const raw = Buffer.from(await simulator.control.rawMail(mail?.mailId ?? "")).toString();
    const encoded = raw.split("\r\n").filter((line) => line.includes("=?UTF-8?"));
    expect(encoded.length).toBeGreaterThan(1);
    for (const line of encoded) expect(line.length).toBeLessThanOrEqual(76);
  });

  it("holds another certificate for the same key after a reissue", async () => {
    const { control } = await startForTest();
    const before = await control.placeOrder({ commonName: "a.test" }).then((order) => ({ ...order }));
    await control.reissue(before.id);
    const after = await control.order(before.id);
    const [old, fresh] = [before, after].map((order) => new X509Certificate(order?.certificatePem ?? ""));
    expect(fresh?.serialNumber).not.toBe(old?.serialNumber);
    expect(fresh?.publicKey.equals(old?.publicKey ?? fresh.publicKey)).toBe(true);
  });
});

describe("an issued certificate", () => {
  it.each(keyTypes)(
    "with a key of type %s is one OpenSSL verifies for every ordered name",
    async (keyType) => {
      const simulator = await startForTest();
      const dnsNames = ["shop.example.test", "www.shop.example.test"];
      const order = await simulator.control.placeOrder({
        commonName: "shop.example.test",
        dnsNames,
        keyType,
      });
      const directory = await mkdtemp(join(tmpdir(), "sealpost-sim-"));
      onTestFinished(async () => await rm(directory, { recursive: true }));
      const file = async (name: string, content: string) => {
        await writeFile(join(directory, name), content);
        return join(directory, name);
      };
      const trust = ["-CAfile", await file("root.pem", simulator.rootCertificatePem)];
      const chain = ["-untrusted", await file("intermediate.pem", simulator.intermediateCertificatePem)];
      const leaf = await file("leaf.pem", order.certificatePem ?? "");
      for (const name of dnsNames) {
        const checks = ["-x509_strict", "-purpose", "sslserver", "-verify_hostname", name];
        const { stdout } = await run("openssl", ["verify", ...checks, ...trust, ...chain, leaf]);
        expect(stdout).toBe(`${leaf}: OK\n`);
      }
      const certificate = new X509Certificate(order.certificatePem ?? "");
      expect(certificate.ca).toBe(false);
      expect(certificate.infoAccess).toBeUndefined();
      expect(certificate.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
      expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
      expect(await simulator.control.keyOf(order.id)).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    },
  );

  it("is made for a request from elsewhere, whose key nobody here has", async () => {
    const { control } = await startForTest();
    const { csrPem } = await control.placeOrder({ commonName: "a.test" });
    const order = await control.placeOrder({ commonName: "a.test", csrPem });
    expect(await control.keyOf(order.id)).toBeNull();
    expect(order.certificatePem).toContain("BEGIN CERTIFICATE");
    await expect(control.placeOrder({ commonName: "a.test", csrPem: "no request" })).rejects.toThrow(
      "request",
    );
  });
});
