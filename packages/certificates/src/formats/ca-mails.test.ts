import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entity, message, multipart, multipartMessage } from "../../tests/mails.ts";
import { ids, makeVectors, type Vectors, zip } from "../../tests/vectors.ts";

let made: Vectors;
beforeAll(() => {
  made = makeVectors();
  made.openssl("crl2pkcs7", "-nocrl", "-certfile", "intermediate.crt", "-out", "chain.p7b");
}, 60_000);
afterAll(() => made[Symbol.dispose]());
const text = (name: string) => made.text(name);
const crlf = (given: string) => given.replace(/\r?\n/g, "\r\n");
const archive = (name: string, body: Buffer, type = "application/x-zip-compressed") =>
  entity({ type, name, body, encoding: "base64" });

describe("the mails CAs send", () => {
  it.each([
    ["(AlternativeBoundary2)", "(AlternativeBoundary)"],
    ["(AlternativeBoundary)", "(AlternativeBoundary2)"],
  ])("Sectigo: archive and text, with the boundaries %s and %s", async (outer, inner) => {
    const words = `Your PositiveSSL Certificate for shop.example.test is attached!

Attached to this email you should find a .zip file containing:
  Your PositiveSSL Certificate - shop_example_test.crt
  Your Apache "bundle" file - shop_example_test.ca-bundle

You can also find your PositiveSSL Certificate for shop.example.test in text format at the bottom of this email.

${text("shop.crt")}`;
    const body = multipart(
      "alternative",
      [
        entity({ type: "text/plain; charset=UTF-8", body: crlf(words) }),
        entity({ type: "text/html; charset=ISO-8859-1", body: "<p>Your certificate is attached!</p>" }),
      ],
      inner,
    );
    const files = {
      "shop_example_test.ca-bundle": text("intermediate.crt"),
      "shop_example_test.crt": text("shop.crt"),
    };
    const given = multipartMessage("mixed", [body, archive("shop_example_test.zip", await zip(files))], {
      boundary: outer,
      fields: ["Subject: ORDER #12345678 - Your PositiveSSL Certificate for shop.example.test"],
    });
    const { facts } = await made.read([given, text("shop.key")]);
    expect(facts).toMatchObject({ keyFits: true, chainState: "complete", orderNumbers: ["12345678"] });
    expect(facts.findings.map(({ id }) => id)).toEqual(["duplicate-certificates"]);
  });

  it("a reseller: folders, both bundles and words how to choose", async () => {
    const files = {
      "CER - CRT Files/shop_example_test.crt": text("shop.crt"),
      "CER - CRT Files/My_CA_Bundle.crt": text("intermediate.crt"),
      "Plain Text Files/shop_example_test.txt": text("shop.crt"),
      "Plain Text Files/My_CA_Bundle.txt": text("intermediate.crt"),
      "Choosing the Right Files to Install.txt": "For Apache use the CRT files.",
    };
    const given = multipartMessage("mixed", [
      entity({ type: "text/plain", body: "Attached." }),
      archive("shop.zi_", await zip(files), "application/octet-stream"),
    ]);
    const { facts } = await made.read([given]);
    expect(facts.chainState).toBe("complete");
    expect(facts.findings.map(({ id }) => id)).toEqual(["duplicate-certificates"]);
  });

  it("DigiCert: an archive with a folder, the CA and the root", async () => {
    const files = {
      "shop_example_test_987654321/shop_example_test.crt": text("shop.crt"),
      "shop_example_test_987654321/DigiCertCA.crt": text("intermediate.crt"),
      "shop_example_test_987654321/TrustedRoot.crt": text("root.crt"),
      "shop_example_test_987654321/INSTALL_INSTRUCTIONS.en.txt":
        "-----BEGIN CERTIFICATE-----\n(Your Primary SSL certificate: your_domain_name.crt)\n-----END CERTIFICATE-----\n",
    };
    const given = multipartMessage(
      "mixed",
      [
        entity({
          type: "text/html; charset=utf-8",
          body: "<p>Your certificate is <b>attached</b>.</p>",
          encoding: "quoted-printable",
        }),
        archive("shop_example_test_987654321.zip", await zip(files), "application/zip"),
      ],
      { fields: ["Subject: Order 987654321: Certificate Issued"] },
    );
    const { facts } = await made.read([given]);
    expect(facts).toMatchObject({ chainState: "complete", orderNumbers: ["987654321"] });
    expect(facts.findings.map(({ id }) => id)).toEqual(["root-included"]);
  });

  it("DigiCert: leaf and CA in the body", async () => {
    const given = message({
      type: "text/plain",
      body: crlf(`Hello,\n\n${text("shop.crt")}\n${text("intermediate.crt")}`),
    });
    expect((await made.read([given])).facts).toMatchObject({ chainState: "complete", findings: [] });
  });

  it("GeoTrust: leaf and CA in the body, under headings with dashes", async () => {
    const words = `Web Server CERTIFICATE
-----------------

${text("shop.crt")}

INTERMEDIATE CA:
---------------------------------------
${text("intermediate.crt")}
---------------------------------------
`;
    const fields = ["Subject: RapidSSL Order: 1234567 Complete"];
    const { facts } = await made.read([message({ type: "text/plain", body: crlf(words) }, fields)]);
    expect(facts).toMatchObject({ chainState: "complete", findings: [], orderNumbers: ["1234567"] });
  });

  it("AlphaSSL: the leaf in the body, the CA behind a link", async () => {
    const words = `Dear customer,

1. Using a text editor, copy the SSL Certificate text from the body of this email into a text file, from
-----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.

${text("shop.crt")}

2. Get the intermediate: https://support.example.test/alphassl-intermediate
`;
    const reading = await made.read([message({ type: "text/plain", body: crlf(words) })]);
    expect(reading.facts.certificate?.commonName).toBe("shop.example.test");
    expect(ids(reading)).toEqual(["missing-intermediate"]);
  });

  it("Sectigo's certificate manager: links only, and so nothing to import", async () => {
    const words = `Hello,

You have successfully enrolled for an SSL certificate.
Format(s) most suitable for your server software:
   as Certificate only, PEM encoded:
   https://cert-manager.com/customer/Example/ssl?action=download&sslId=1234567&format=x509CO
`;
    const fields = ["Subject: Enrollment Successful - Your SSL certificate for shop.example.test is ready"];
    expect(ids(await made.read([message({ type: "text/plain", body: crlf(words) }, fields)]))).toEqual([
      "not-a-certificate",
    ]);
  });

  it("any of them, forwarded by a person as text, as HTML or as an attachment", async () => {
    const original = message({
      type: "text/plain",
      body: crlf(`${text("shop.crt")}\n${text("intermediate.crt")}`),
    });
    const quoted = original.toString().replace(/^/gm, "> ");
    const page = `<blockquote type="cite"><pre>${quoted.replaceAll(">", "&gt;").replaceAll("\r\n", "<br>")}</pre></blockquote>`;
    for (const forwarded of [
      message({ type: "text/plain; format=flowed", body: `FYI\r\n\r\n${quoted}` }),
      message({ type: "text/html", body: page, encoding: "quoted-printable" }),
      multipartMessage("mixed", [
        entity({ type: "text/plain", body: "FYI" }),
        entity({
          type: "application/octet-stream",
          name: "Your certificate.eml",
          body: original,
          encoding: "base64",
        }),
      ]),
    ])
      expect((await made.read([forwarded])).facts.chainState).toBe("complete");
  });
});
