import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("./sealpost.mjs", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "sealpost-inspect-"));
const path = (name: string) => join(directory, name);
const openssl = (...args: string[]) =>
  execFileSync("openssl", args, { cwd: directory, stdio: ["ignore", "pipe", "ignore"] }).toString();

/** Runs the command as a person would, in a process of its own, in the folder of the files. */
function sealpost(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: directory });
  return { status, out: stdout.toString(), err: stderr.toString() };
}

function inspected(...args: string[]) {
  const { status, out } = sealpost("inspect", "--json", ...args);
  return { status, ...JSON.parse(out) };
}

beforeAll(() => {
  writeFileSync(path("ca.ext"), "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n");
  writeFileSync(
    path("leaf.ext"),
    "subjectAltName=DNS:shop.example.test,IP:192.0.2.7\nextendedKeyUsage=serverAuth\nkeyUsage=critical,digitalSignature\n",
  );
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const make = (name: string, extensions: string, signer: readonly string[]) => {
    const subject = ["-subj", `/CN=${name === "leaf" ? "shop.example.test" : name}`];
    openssl("req", "-new", ...key, "-keyout", `${name}.key`, ...subject, "-out", `${name}.csr`);
    const rest = ["-days", "90", "-extfile", extensions, "-out", `${name}.crt`];
    openssl("x509", "-req", "-in", `${name}.csr`, ...signer, ...rest);
  };
  make("root", "ca.ext", ["-signkey", "root.key"]);
  make("lower", "ca.ext", ["-CA", "root.crt", "-CAkey", "root.key", "-CAcreateserial"]);
  make("leaf", "leaf.ext", ["-CA", "lower.crt", "-CAkey", "lower.key", "-CAcreateserial"]);
  openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "other.key");
  openssl("pkcs8", "-topk8", "-in", "leaf.key", "-passout", "pass:sésame", "-out", "locked.key");
  writeFileSync(path("password"), "sésame\n");
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const whole = ["leaf.crt", "lower.crt", "leaf.key", "--trust", "root.crt"];

describe("sealpost inspect", () => {
  it("prints one object with the certificate, its chain, its key and no finding, and ends with 0", () => {
    const { status, ...inspection } = inspected(...whole, "leaf.csr");
    const fingerprint = (name: string) =>
      openssl("x509", "-in", name, "-noout", "-fingerprint", "-sha256").trim().split("=")[1];
    const serial = openssl("x509", "-in", "leaf.crt", "-noout", "-serial").trim().split("=")[1];
    expect(status).toBe(0);
    expect(inspection).toEqual({
      outcome: "ok",
      certificate: {
        subject: "CN=shop.example.test",
        issuer: "CN=lower",
        serialNumber: serial,
        fingerprint256: fingerprint("leaf.crt"),
        spkiSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        notBefore: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        notAfter: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        subjectAlternativeNames: ["DNS:shop.example.test", "IP:192.0.2.7"],
        source: "leaf.crt",
      },
      chain: [
        {
          subject: "CN=lower",
          fingerprint256: fingerprint("lower.crt"),
          origin: "given",
          source: "lower.crt",
        },
      ],
      privateKey: { type: "ec", encrypted: false, matches: true, source: "leaf.key" },
      certificateSigningRequest: {
        subject: "CN=shop.example.test",
        spkiSha256: inspection.certificate.spkiSha256,
        matches: true,
        source: "leaf.csr",
      },
      findings: [],
    });
  });

  it("says null for what is not there", () => {
    const { outcome, certificate, privateKey, certificateSigningRequest, chain } = inspected("leaf.key");
    expect({ outcome, certificate, certificateSigningRequest, chain }).toEqual({
      outcome: "blocked",
      certificate: null,
      certificateSigningRequest: null,
      chain: [],
    });
    expect(privateKey).toMatchObject({ type: "ec", matches: false });
  });

  it("ends with 1 when something blocks, with 0 when it only warns, and says why in both languages", () => {
    const blocked = inspected("leaf.crt", "lower.crt", "other.key", "--trust", "root.crt");
    expect(blocked).toMatchObject({ status: 1, outcome: "blocked", privateKey: { matches: false } });
    expect(blocked.findings[0]).toMatchObject({
      id: "key-mismatch",
      severity: "blocked",
      source: "other.key",
    });
    const warned = inspected("leaf.crt", "leaf.key", "--trust", "root.crt");
    expect(warned).toMatchObject({
      status: 0,
      outcome: "warning",
      findings: [{ id: "missing-intermediate" }],
    });
    const german = sealpost("inspect", "leaf.crt", "leaf.key", "--trust", "root.crt", "--lang", "de");
    expect(german.status).toBe(0);
    expect(german.out).toMatch(/^Warnung\. .*\[missing-intermediate\]/m);
    expect(german.out).not.toContain("Warning.");
  });

  it("completes the chain from a file of intermediates, and names them as such", () => {
    const { outcome, chain } = inspected(
      "leaf.crt",
      "leaf.key",
      "--trust",
      "root.crt",
      "--intermediates",
      "lower.crt",
    );
    expect(outcome).toBe("ok");
    expect(chain).toMatchObject([{ subject: "CN=lower", origin: "library" }]);
  });

  it("judges for a given moment, for the names of an order, and without a key where none is expected", () => {
    const ids = (...args: string[]) =>
      inspected("leaf.crt", "lower.crt", "--trust", "root.crt", ...args).findings.map(
        (found: { readonly id: string }) => found.id,
      );
    expect(ids()).toEqual(["missing-key"]);
    expect(ids("--certificate-only")).toEqual([]);
    expect(ids("--certificate-only", "--at", "2099-01-01T00:00:00Z")).toContain("expired");
    expect(ids("--certificate-only", "--order-host", "shop.example.test")).toEqual([]);
    const [shop, other] = ["--order-host", "--order-host"];
    expect(
      ids("--certificate-only", shop ?? "", "shop.example.test", other ?? "", "mail.example.test"),
    ).toEqual(["hostname-mismatch"]);
  });

  it("opens a key with a passphrase from a file's first line, and warns of one on the command line", () => {
    const given = ["leaf.crt", "lower.crt", "locked.key", "--trust", "root.crt"];
    expect(inspected(...given).findings[0].id).toBe("passphrase-required");
    expect(inspected(...given, "--password-file", "password")).toMatchObject({
      status: 0,
      privateKey: { encrypted: true, matches: true },
    });
    const typed = sealpost("inspect", ...given, "--password", "sésame");
    expect(typed.status).toBe(0);
    expect(typed.err).toContain("--password-file");
    expect(typed.out + typed.err).not.toContain("sésame");
  });

  it("reads standard input, and never prints a key", () => {
    const input = ["leaf.crt", "lower.crt", "leaf.key"]
      .map((name) => readFileSync(path(name), "utf8"))
      .join("");
    const piped = spawnSync(process.execPath, [main, "inspect", "-", "--json", "--trust", path("root.crt")], {
      input,
    });
    expect(piped.status).toBe(0);
    const secret = readFileSync(path("leaf.key"), "utf8").split("\n")[1] ?? "";
    expect(secret.length).toBeGreaterThan(20);
    expect(piped.stdout.toString()).not.toContain(secret);
  });

  it("says of what has no end that it is too large, without reading on", () => {
    expect(inspected("/dev/zero").findings).toMatchObject([{ id: "resource-limit" }]);
  });

  it.each([
    ["no file", [], "No file was named."],
    ["a file that is not there", ["nowhere.pem"], "nowhere.pem cannot be read."],
    ["a folder", ["."], ". cannot be read."],
    ["a root that is not there", ["leaf.crt", "--trust", "nowhere.pem"], "nowhere.pem"],
    ["a root that is none", ["leaf.crt", "--trust", "leaf.key"], "trusted certificate"],
    ["a time that is none", ["leaf.crt", "--at", "soon"], "--at soon"],
    ["an unknown language", ["leaf.crt", "--lang", "fr"], "--lang"],
    ["an unknown option", ["leaf.crt", "--certificate-onyl"], "--certificate-onyl"],
    ["a password file that is not there", ["leaf.crt", "--password-file", "nowhere"], "nowhere"],
  ])("ends with 2 and one sentence for %s", (_, args, sentence) => {
    const { status, err, out } = sealpost("inspect", ...args);
    expect(status).toBe(2);
    expect(err).toContain(sentence);
    expect(out).toBe("");
  });

  it("shows its options when asked, and names its commands when it knows none", () => {
    expect(sealpost("inspect", "--help")).toMatchObject({
      status: 0,
      out: expect.stringContaining("--order-host"),
    });
    expect(sealpost("--help").out).toContain("sealpost inspect");
    expect(sealpost("inspekt")).toMatchObject({
      status: 2,
      err: expect.stringContaining("sealpost inspect"),
    });
  });
});
