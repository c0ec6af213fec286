import { createPrivateKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import { issueLeaf, makeAuthority, makeRequest } from "./issue.ts";
import { SecretSearch } from "./secrets.ts";

const about = { commonName: "shop.example.test", dnsNames: ["shop.example.test"], organization: null };
const derOf = (pem: string) => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
const wrapped = (text: string, width: number) => text.replace(new RegExp(`.{${width}}(?=.)`, "g"), "$&\r\n");
const among = (bytes: Uint8Array | string, before = "before ") =>
  Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(" after")]);

/** The ways in which somebody might write down something that is PEM. */
const writings: Readonly<Record<string, (pem: string) => Uint8Array>> = {
  "as PEM": (pem) => among(pem),
  "in JSON": (pem) => among(JSON.stringify({ pem })),
  "as DER": (pem) => among(derOf(pem)),
  "in hex": (pem) => among(derOf(pem).toString("hex")),
  "in capital hex": (pem) => among(derOf(pem).toString("hex").toUpperCase()),
  "as part of something in base64": (pem) => among(wrapped(among(derOf(pem), "x").toString("base64"), 76)),
  "as part of something in base64 for addresses": (pem) =>
    among(among(derOf(pem), "xy").toString("base64url")),
};

describe.each(["ec-p256", "ec-p384", "rsa-2048"] as const)("a private key of %s", async (keyType) => {
  const { privateKeyPem, csrPem } = await makeRequest({ keyType, ...about });
  const search = new SecretSearch();
  search.addKey("key", privateKeyPem);
  const keyIn = (bytes: Uint8Array) => [...search.find(bytes)];

  it.each(Object.entries(writings))("is found %s", (_, write) => {
    expect(keyIn(write(privateKeyPem))).toEqual(["key"]);
    const type = keyType === "rsa-2048" ? "pkcs1" : "sec1";
    const older = createPrivateKey(privateKeyPem).export({ type, format: "pem" });
    expect(keyIn(write(older.toString()))).toEqual(["key"]);
  });

  it("is not found in its own request, nor in another key", async () => {
    const { privateKeyPem: another } = await makeRequest({ keyType, ...about });
    for (const write of Object.values(writings))
      expect([...keyIn(write(csrPem)), ...keyIn(write(another))]).toEqual([]);
  });
});

describe("a certificate", async () => {
  const authority = await makeAuthority(new Date());
  const { csrPem } = await makeRequest({ keyType: "ec-p256", ...about });
  const period = { validFrom: new Date(), validTo: new Date(Date.now() + 86_400_000) };
  const { pem } = await issueLeaf(authority, csrPem, period);
  const search = new SecretSearch();
  search.addSigned("certificate", pem);

  it.each([
    ...Object.entries(writings),
    [
      "in an archive within a mail",
      (text: string) => among(wrapped(among(text).toString("base64"), 76)),
    ] as const,
  ])("is found %s", (_, write) => {
    expect([...search.find(write(pem))]).toEqual(["certificate"]);
    expect([...search.find(write(authority.intermediatePem))]).toEqual([]);
  });
});

describe("a password", () => {
  const password = 'correct "horse" & battery';
  const search = new SecretSearch();
  search.addText("password", password);

  it.each([
    ["as it is", among(password)],
    ["in JSON", among(JSON.stringify({ password }))],
    ["in an address", among(new URL(`http://x.test/?p=${encodeURIComponent(password)}`).href)],
    ["in a form", among(new URLSearchParams({ password }).toString())],
    ["in hex", among(Buffer.from(password).toString("hex"))],
    ...["", "x", "xy"].map(
      (before) =>
        [`${before.length} into base64`, Buffer.from(among(password, before).toString("base64"))] as const,
    ),
    ["in the last bytes", Buffer.from(`before ${password}`)],
    ["alone", Buffer.from(password)],
  ] as const)("is found %s", (_, bytes) => {
    expect([...search.find(bytes)]).toEqual(["password"]);
  });

  it("is not found in a part of it", () => {
    expect([...search.find(among(password.slice(1)))]).toEqual([]);
  });
});

describe("a mail", () => {
  it("is found by its subject, by a line of its text however it was encoded, and not by its sender or names", async () => {
    const text = "Your certificate for shop.example.test is attached, dear customer.";
    const raw = [
      "From: Sandbox <noreply@ca.sandbox.test>",
      "To: admin@shop.example.test",
      "Subject: ORDER #20417001 - Your certificate is here",
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from(`${text}\nshop.example.test\n`).toString("base64"),
    ].join("\r\n");
    const search = new SecretSearch();
    await search.addMail("mail", Buffer.from(raw), "");
    for (const shown of [raw, text, "ORDER #20417001 - Your certificate is here"])
      expect([...search.find(among(shown))]).toEqual(["mail"]);
    expect([
      ...search.find(among("noreply@ca.sandbox.test admin@shop.example.test shop.example.test")),
    ]).toEqual([]);
  });
});
