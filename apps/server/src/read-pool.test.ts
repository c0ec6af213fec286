import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createLogger } from "./logger.ts";
import { createReadPool } from "./read-pool.ts";

const bytes = readFileSync(
  new URL("../../../packages/certificates/vectors/files/pem/shop.crt", import.meta.url),
);

it("turns away what finds no place in a full queue, says when to come again, and goes on reading", async () => {
  await using pool = createReadPool({ anchorsPem: [], library: null, fetchIssuer: null });
  const read = () =>
    pool.read([{ name: "shop.crt", bytes }], { passphrase: null, now: new Date(0), certificate: null });
  const outcomes = await Promise.allSettled(Array.from({ length: 60 }, read));
  const readings = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const refusals = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  expect(readings.length).toBeGreaterThanOrEqual(32);
  expect(refusals.length).toBeGreaterThan(0);
  for (const { facts } of readings) expect(facts.certificate?.commonName).toBe("shop.example.test");
  for (const refusal of refusals)
    expect(refusal).toMatchObject({ refusal: { code: "too-many-requests", retryAt: expect.any(Date) } });
  expect((await read()).facts.certificate?.commonName).toBe("shop.example.test");
});

it("takes from a mail that cannot be read in time what its header tells, and says so in the log", async () => {
  const lines: string[] = [];
  const log = createLogger("info", { write: (line) => void lines.push(line) });
  await using pool = createReadPool({
    ...{ anchorsPem: [], library: null, fetchIssuer: null, log, deadlineMs: 300 },
  });
  const facts = await pool.readMail(slowMail());
  expect(facts).toMatchObject({
    messageId: "slow@ca.test",
    sender: "noreply@ca.test",
    topic: "issued",
    orderNumbers: ["123456"],
    names: ["shop.example.test"],
    certificates: [],
  });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ msg: "mail beyond the limits of reading" }]);
  expect(lines.join("")).not.toMatch(/shop\.example|123456|ca\.test/);
});

/** Locked with nearly as many rounds as are ever tried, beside texts that look like files all over. */
function slowMail(): Buffer {
  const directory = mkdtempSync(join(tmpdir(), "sealpost-slow-"));
  const openssl = (...args: string[]) =>
    void execFileSync("openssl", args, { cwd: directory, stdio: "pipe" });
  openssl(
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=shop.example.test"],
    ...["-addext", "subjectAltName=DNS:shop.example.test", "-keyout", "shop.key", "-out", "shop.crt"],
  );
  openssl(
    ...["pkcs12", "-export", "-inkey", "shop.key", "-in", "shop.crt", "-passout", "pass:"],
    ...["-iter", "300000", "-out", "shop.pfx"],
  );
  const pfx = readFileSync(join(directory, "shop.pfx")).toString("base64");
  rmSync(directory, { recursive: true });
  const text = `Content-Type: text/plain\r\n\r\n${"begin 644 a\n".repeat(80_000)}\r\n`;
  return Buffer.from(
    [
      "From: CA <noreply@ca.test>",
      "Message-ID: <slow@ca.test>",
      "Subject: ORDER #123456 - Your PositiveSSL Certificate for shop.example.test",
      'Content-Type: multipart/mixed; boundary="b"',
      "",
      `--b\r\n${text}--b\r\n${text}--b`,
      "Content-Type: application/x-pkcs12; name=shop.pfx",
      "Content-Transfer-Encoding: base64",
      "",
      pfx.replace(/(.{76})/g, "$1\r\n"),
      "--b--",
      "",
    ].join("\r\n"),
  );
}
