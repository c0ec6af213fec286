import { X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ids, makeVectors, paramsOf, pemOf, type Vectors, zip } from "../tests/vectors.ts";

let made: Vectors;
beforeAll(() => {
  made = makeVectors();
  made.leaf("long", { days: "5000" });
  made.leaf("client", { extensions: "extendedKeyUsage=clientAuth" });
  made.leaf("below", { issuer: "shop" });
  made.authority("sub", "intermediate");
  made.leaf("deep", { issuer: "sub" });
  made.authority("older", null);
}, 60_000);
afterAll(() => made[Symbol.dispose]());
const all = (...names: string[]) => names.map((name) => made.text(name)).join("");
const dayMs = 24 * 60 * 60 * 1000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs);

/** The root's own key and name, signed by an older root, as CAs send it for old clients. */
function crossSignedRoot(): string {
  writeFileSync(made.path("ca.ext"), "basicConstraints=critical,CA:TRUE\n");
  made.openssl(
    "x509",
    "-req",
    "-in",
    "root.csr",
    "-CA",
    "older.crt",
    "-CAkey",
    "older.key",
    "-CAcreateserial",
    "-extfile",
    "ca.ext",
    "-days",
    "900",
    "-out",
    "cross.crt",
  );
  return made.text("cross.crt");
}

describe("the chain", () => {
  it.each([
    ["beside its root", ["root.crt", "intermediate.crt"]],
    ["alone", ["intermediate.crt"]],
  ])("holds and is stored whole where the operator trusts the issuing CA too, %s", async (_, trusted) => {
    const trust = [all(...trusted)];
    for (const given of [
      ["shop.crt", "intermediate.crt", "shop.key"],
      ["shop.crt", "shop.key"],
    ]) {
      const reading = await made.read([all(...given)], { trust });
      expect(reading.facts.chainState).toBe("complete");
      expect(ids(reading)).toEqual([]);
      expect(reading.facts.chain[1]?.origin).toBe(given.includes("intermediate.crt") ? "given" : "library");
      expect(pemOf(reading.material?.chainPem)?.trim()).toBe(made.text("intermediate.crt").trim());
      expect(reading.facts.handshake).toMatchObject({ protocol: expect.stringContaining("TLS") });
    }
  });

  it("shows what was put in order and what was left out, by the place it came from", async () => {
    const reading = await made.read([all("root.crt", "intermediate.crt", "shop.crt", "intermediate.crt")]);
    const marks = reading.facts.chain.map(({ certificate, mark, receivedAt, reason }) => [
      certificate.commonName,
      mark,
      receivedAt,
      reason,
    ]);
    expect(marks).toEqual([
      ["shop.example.test", "moved", 3, null],
      ["Test intermediate", "moved", 2, null],
      ["Test root", "left-out", 1, "root"],
      ["Test intermediate", "left-out", 4, "duplicate"],
    ]);
    expect(ids(reading)).toEqual(["chain-reordered", "root-included", "duplicate-certificates"]);
  });

  it("calls nothing reordered that lay in files of its own", async () => {
    const bundleFirst = await zip({
      "a.ca-bundle": made.text("intermediate.crt"),
      "b.crt": made.text("shop.crt"),
    });
    expect((await made.read([bundleFirst])).facts.findings).toEqual([]);
    expect((await made.read([made.text("intermediate.crt"), made.text("shop.crt")])).facts.findings).toEqual(
      [],
    );
  });

  it("names the issuer whose certificate is missing, and still proves that the key fits", async () => {
    const reading = await made.read([all("shop.crt", "shop.key")]);
    expect(reading.facts).toMatchObject({ chainState: "incomplete", missingIssuer: "Test intermediate" });
    expect(reading.facts.findings).toMatchObject([
      { id: "missing-intermediate", severity: "warning", params: { issuer: "Test intermediate" } },
    ]);
    expect(reading.facts.handshake?.names).toEqual(["shop.example.test", "*.shop.example.test"]);
  });

  it("tells a chain to a root nobody trusts from one to a trusted root", async () => {
    const reading = await made.read([all("shop.crt", "intermediate.crt", "root.crt", "shop.key")], {
      trust: [],
    });
    expect(reading.facts.chainState).toBe("untrusted");
    expect(paramsOf(reading, "untrusted-root")).toEqual({ name: "shop.example.test", root: "Test root" });
    expect(reading.facts.handshake).not.toBeNull();
  });

  it("knows a root signed by an older one as the root, and goes up by it where only the older is trusted", async () => {
    const { text } = made;
    const cross = [text("shop.crt"), text("intermediate.crt"), crossSignedRoot(), text("shop.key")];
    const today = await made.read(cross);
    expect(ids(today)).toEqual([]);
    expect(today.facts.chain.at(-1)).toMatchObject({ mark: "left-out", reason: "alternative" });
    expect(pemOf(today.material?.chainPem)).toBe(text("intermediate.crt"));
    const longAgo = await made.read([...cross, text("root.crt")], { trust: [text("older.crt")] });
    expect(longAgo.facts).toMatchObject({ chainState: "complete", handshake: { protocol: "TLSv1.3" } });
    expect(pemOf(longAgo.material?.chainPem)).toBe(text("intermediate.crt") + text("cross.crt"));
  });

  it("takes the newer of two certificates for one key and names the other; a stranger's CA is named too", async () => {
    made.openssl(
      "x509",
      "-req",
      "-in",
      "shop.csr",
      "-CA",
      "intermediate.crt",
      "-CAkey",
      "intermediate.key",
      "-days",
      "10",
      "-out",
      "old.crt",
    );
    const reading = await made.read([all("old.crt", "shop.crt", "intermediate.crt", "shop.key", "sub.crt")]);
    expect(pemOf(reading.material?.certificatePem)).toBe(made.text("shop.crt"));
    expect(paramsOf(reading, "several-certificates")).toMatchObject({ others: "shop.example.test" });
    expect(paramsOf(reading, "unrelated-certificates")).toMatchObject({ names: "Test sub" });
  });

  it("takes the older one when somebody says so, and never what did not come", async () => {
    const given = [all("old.crt", "shop.crt", "intermediate.crt", "shop.key")];
    const { fingerprint256 } = new X509Certificate(made.text("old.crt"));
    const certificate = fingerprint256.replaceAll(":", "").toLowerCase();
    const chosen = await made.read(given, { certificate });
    expect(pemOf(chosen.material?.certificatePem)).toBe(made.text("old.crt"));
    expect(chosen.facts.keyFits).toBe(true);
    const other = await made.read(given, { certificate: "0".repeat(64) });
    expect(pemOf(other.material?.certificatePem)).toBe(made.text("shop.crt"));
  });

  it("chooses by the key, then by the request, then the one that issued none of the others", async () => {
    const leaves = all("shop.crt", "below.crt");
    const chosen = async (extra: string) => (await made.read([leaves, extra])).facts.certificate?.commonName;
    expect(await chosen(made.text("shop.key"))).toBe("shop.example.test");
    expect(await chosen(made.text("shop.csr"))).toBe("shop.example.test");
    expect(await chosen("")).toBe("below.example.test");
  });

  it("takes a certificate its owner signed himself, with or without the rights of a CA", async () => {
    for (const rights of ["basicConstraints=CA:TRUE", "keyUsage=critical,digitalSignature"]) {
      made.openssl(
        "req",
        "-x509",
        "-key",
        "shop.key",
        "-subj",
        "/CN=own.test",
        "-addext",
        "subjectAltName=DNS:own.test",
        "-addext",
        rights,
        "-out",
        "own.crt",
      );
      const reading = await made.read([all("own.crt", "shop.key")]);
      expect(reading.facts).toMatchObject({ chainState: "self-signed", handshake: { names: ["own.test"] } });
      expect(ids(reading)).toEqual(["no-server-auth-eku", "self-signed"]);
    }
  });
});

describe("a chain no client would accept", () => {
  it("is blocked for an issuer that may not issue", async () => {
    const reading = await made.read([all("below.crt", "shop.crt", "intermediate.crt", "below.key")]);
    expect(paramsOf(reading, "invalid-chain")).toMatchObject({
      issuer: "shop.example.test",
      reason: "not-a-ca",
    });
    expect(reading.facts.handshake).toBeNull();
  });

  it("is blocked for a certificate that was altered after it was signed", async () => {
    made.openssl("x509", "-in", "shop.crt", "-outform", "DER", "-out", "altered.der");
    const altered = made.bytes("altered.der");
    altered.write("shOp", altered.lastIndexOf("shop.example.test"));
    const reading = await made.read([altered, all("intermediate.crt", "shop.key")]);
    expect(paramsOf(reading, "bad-signature")).toMatchObject({ issuer: "Test intermediate" });
    expect(ids(reading)).not.toContain("missing-intermediate");
  });

  it("is blocked for an issuer that has expired, at the moment asked for", async () => {
    const given = [all("long.crt", "intermediate.crt", "long.key")];
    expect(ids(await made.read(given))).toEqual([]);
    const later = await made.read(given, { now: inDays(3500) });
    expect(paramsOf(later, "expired-intermediate")).toMatchObject({ issuer: "Test intermediate" });
  });

  it("is blocked for a chain longer than its issuer allows", async () => {
    const reading = await made.read([all("deep.crt", "sub.crt", "intermediate.crt", "deep.key")]);
    expect(paramsOf(reading, "invalid-chain")).toMatchObject({ reason: "path-length" });
  });

  it("is blocked for a certificate that is not for servers", async () => {
    const reading = await made.read([all("client.crt", "intermediate.crt", "client.key")]);
    expect(paramsOf(reading, "wrong-usage")).toEqual({ name: "client.example.test", usage: "clientAuth" });
  });
});

describe("a key that only claims to be the certificate's", () => {
  it("is found out by the handshake, though its public half fits", async () => {
    made.openssl("pkey", "-in", "shop.key", "-outform", "DER", "-out", "false.der");
    const key = made.bytes("false.der");
    // The private number of SEC 1 follows its version; one bit of it is another number (RFC 5915 section 3).
    const secret = key.indexOf(Buffer.from("0201010420", "hex")) + 5;
    key[secret + 10] = (key[secret + 10] ?? 0) ^ 1;
    const reading = await made.read([all("shop.crt", "intermediate.crt"), key]);
    expect(reading.facts).toMatchObject({ keyFits: true, handshake: null });
    expect(ids(reading)).toContain("handshake-failed");
  });
});

describe("names", () => {
  it("that no client can ask for do not stand in the way of the proof", async () => {
    const warnings: Error[] = [];
    const collect = (warning: Error) => void warnings.push(warning);
    process.on("warning", collect);
    made.leaf("odd", { san: `DNS:10.0.0.1,DNS:${"a.".repeat(150)}test,DNS:two words,DNS:\u0007bell` });
    const { facts } = await made.read([all("odd.crt", "intermediate.crt", "odd.key")]);
    expect(facts.handshake?.protocol).toBe("TLSv1.3");
    expect(facts.certificate?.dnsNames).toEqual(["10.0.0.1", `${"a.".repeat(150)}test`]);
    process.off("warning", collect);
    expect(warnings).toEqual([]);
  });
});

describe("dates", () => {
  it("are not the reader's affair: it tries no handshake outside of them and complains of none", async () => {
    const given = [all("shop.crt", "intermediate.crt", "shop.key")];
    for (const now of [inDays(100), inDays(-2)]) {
      const { facts } = await made.read(given, { now });
      expect(facts).toMatchObject({ handshake: null, keyFits: true, chainState: "complete", findings: [] });
    }
  });

  it("count for the moment asked for, not for this machine's clock", async () => {
    writeFileSync(
      made.path("ca.cnf"),
      "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\npolicy=p\ndefault_md=sha256\n[p]\ncommonName=supplied\norganizationName=optional\n[leaf]\nsubjectAltName=DNS:shop.example.test\n[root]\nbasicConstraints=critical,CA:TRUE\n",
    );
    writeFileSync(made.path("index.txt"), "");
    const issue = (request: string, out: string, ...more: string[]) => {
      const dates = ["-startdate", "20190101000000Z", "-enddate", "20210101000000Z"];
      made.openssl(
        "ca",
        "-batch",
        "-config",
        "ca.cnf",
        "-notext",
        "-keyfile",
        "older.key",
        "-in",
        `${request}.csr`,
        ...dates,
        "-out",
        `${out}.crt`,
        ...more,
      );
    };
    issue("older", "past-root", "-selfsign", "-extensions", "root");
    issue("shop", "past", "-cert", "past-root.crt", "-extensions", "leaf");
    const given = [all("past.crt", "shop.key")];
    const trust = [made.text("past-root.crt")];
    const past = await made.read(given, { now: new Date("2020-06-01T00:00:00Z"), trust });
    expect(past.facts).toMatchObject({
      chainState: "complete",
      handshake: { protocol: "TLSv1.3" },
      findings: [{ id: "no-server-auth-eku" }],
    });
    expect((await made.read(given, { trust })).facts.handshake).toBeNull();
  });
});
