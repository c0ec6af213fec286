import type { Finding } from "@sealpost/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limits } from "../src/index.ts";
import { timed } from "./timed.ts";
import { type Input, ids, mail, makeVectors, type Vectors } from "./vectors.ts";

let made: Vectors;
beforeAll(() => {
  made = makeVectors();
}, 60_000);
afterAll(() => made[Symbol.dispose]());

/** As long as a text may be, but for what is put around it. */
const much = limits.textBytes - 2000;
/** What one megabyte takes at most here; alone on a machine it is half of it or less. */
const mostMs = 1500;

async function read(...inputs: readonly Input[]) {
  const { reading, tookMs } = await timed(made, inputs);
  expect(tookMs).toBeLessThan(mostMs);
  expect(reading.facts.certificate).toBeNull();
  expect(reading.facts.findings.length).toBeLessThan(limits.blocks + 3);
  return reading;
}
const fill = (piece: string, length = much) => piece.repeat(Math.floor(length / Buffer.byteLength(piece)));
const begin = (label = "CERTIFICATE") => `-----BEGIN ${label}-----\n`;
const end = (label = "CERTIFICATE") => `-----END ${label}-----\n`;
const blocks = { limit: "blocks", value: limits.blocks };

describe("a megabyte of armour", () => {
  it.each<[string, string, Finding["id"]]>([
    ["dashes", "-".repeat(much), "not-a-certificate"],
    ["dashes of other alphabets", fill("\u2014"), "not-a-certificate"],
    ["dashes and blanks", fill("- "), "not-a-certificate"],
    ["beginnings", fill(begin()), "not-a-certificate"],
    ["beginnings of keys", fill(begin("PRIVATE KEY")), "not-a-certificate"],
    ["ends", fill(end()), "not-a-certificate"],
    ["words that might be armour", fill("\nEND A ."), "not-a-certificate"],
    ["armour of one endless label", `-----BEGIN ${"A".repeat(much)}-----`, "not-a-certificate"],
    ["armour of one endless label with blanks", `-----BEGIN ${fill("A ")}-----`, "not-a-certificate"],
    ["beginnings, each with a letter behind it", fill(`${begin()}MIIBkjCCATmgAwIBAgIU\n`), "resource-limit"],
    ["letters, each with an end behind it", fill(`MIIBkjCCATmgAwIBAgIU\n${end()}`), "resource-limit"],
    ["blocks with nothing in them", fill(begin() + end()), "not-a-certificate"],
    ["blocks with a little in them", fill(`${begin()}MIIBkjCCATmgAwIBAgIU\n${end()}`), "resource-limit"],
    ["one block of quote marks", begin() + fill(">>>>a ") + end(), "not-a-certificate"],
    ["one block of marks of programs", begin() + fill('"MIIB+') + end(), "resource-limit"],
    ["one block of lines without anything", begin() + fill("\n") + end(), "not-a-certificate"],
  ])("is walked once: %s", async (_, text, finding) => {
    const reading = await read(text);
    expect(ids(reading)).toContain(finding);
    const { findings } = reading.facts;
    if (finding === "resource-limit") expect(findings.map(({ params }) => params)).toContainEqual(blocks);
  });

  it.each([
    fill("Proc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,0000000000000000\n"),
    fill("Proc-Type:   4  , "),
    `Proc-Type: 4,ENCRYPTED\nDEK-Info: ${fill("A-")}`,
    `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,${"0".repeat(much)}`,
    fill("X-Header: y\n"),
  ])("with header lines without an end is one broken key, and no more (%#)", async (lines) => {
    const label = "RSA PRIVATE KEY";
    const reading = await read(begin(label) + lines + end(label));
    expect(ids(reading)).toHaveLength(1);
    expect(["malformed-pem", "not-a-certificate", "wrong-passphrase"]).toContain(ids(reading)[0]);
  });
});

describe("a megabyte of letters that lost their armour", () => {
  it.each([
    [
      "beginnings of DER that want more than there is",
      fill("MIP///8A ", 20_000) + fill("AAAA ", much - 20_000),
    ],
    [
      "beginnings of DER whose length has zeros before it",
      fill("MIMA4A8A ", 20_000) + fill("AAAA ", much - 20_000),
    ],
    ["beginnings of DER of all lengths", fill("MIL//w ")],
    ["words of two letters", fill("MA ")],
    ["padding", fill("=")],
    ["padding, and a letter behind it", `${fill("=")}A`],
    ["words with padding", fill("MII= ")],
    ["Kubernetes' beginnings", fill("LS0tLS1CRUdJTi ")],
    ["hexadecimal digits", `3082${fill("00")}`],
    ["hexadecimal digits with colons", `30:82${fill(":00")}`],
    ["prefixes of hexadecimal digits", `3082${fill("0x")}`],
  ])("is walked once: %s", async (_, text) => {
    await read(text);
  });
});

describe("a megabyte of what is to be repaired", () => {
  it.each([
    ["RTF of bytes in Windows-1252, one by one", `{\\rtf1 ${fill("\\'e9x")}`],
    ["RTF of control words", `{\\rtf${fill("\\par ")}`],
    ["RTF of one control word", `{\\rtf\\${"a".repeat(much)}`],
    ["RTF of groups", `{\\rtf${fill("{}")}`],
    ["quoted-printable of single bytes", `=3D${fill("=E9x")}`],
    ["quoted-printable of one long run", fill("=E9")],
    ["soft line breaks", `BEGIN =3D${fill("= \n")}`],
    ["soft line breaks without traces of anything else", `BEGIN${fill("A=\n")}`],
    ["equals signs and blanks", `=3D=${"\t".repeat(much)}`],
    ["percent signs of single bytes", `BEGIN%20X${fill("%E9x")}`],
    ["plus signs in armour", `BEGIN+A${fill("BEGIN+A+A+A+A")}`],
    ["backslashes", fill("\\")],
    ["spelled-out line ends", fill("\\\\r\\\\n")],
    ["spelled-out characters", fill("\\u0041")],
    ["characters nobody sees", fill("\u200b")],
    ["carriage returns", "\r".repeat(much)],
    ["line ends", "\n".repeat(much)],
    ["blanks", " ".repeat(much)],
    ["lines of blanks", fill(`${" ".repeat(19)}\n`)],
    ["quotation marks", fill('"kty"   :   ')],
  ])("is walked once: %s", async (_, text) => {
    await read(text);
  });
});

describe("a megabyte of HTML", () => {
  const page = (html: string) => mail(html, { type: "text/html" });
  it.each([
    ["300,000 paragraphs in each other", fill("<p>")],
    ["tags inside words", fill("<b>")],
    ["tags that never end", fill("<p ")],
    ["one tag that never ends", `<p ${"a".repeat(much)}`],
    ["comments that never end", fill("<!--")],
    ["entities", fill("&#43;")],
    ["entities of entities", fill("&amp;lt;p&amp;gt;")],
    ["entities that never end", fill("&#0000")],
    ["characters beyond Unicode", fill("&#x1fffff;&#9999999;")],
    ["pictures", fill("data:a/a;base64,A ")],
    ["one picture that never ends", `data:image/png;base64,${"A ".repeat(much / 2)}`],
    ["beginnings of pages", fill("<!-- --> <?xml >")],
  ])("is walked once, in a mail and by itself: %s", async (_, html) => {
    await read(page(html));
    await read(`<!doctype html>${html}`);
  });
});

describe("text in units of two bytes", () => {
  it("is read to its last whole unit, whichever way round", async () => {
    for (const mark of [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])]) {
      const little = Buffer.from(made.text("shop.crt"), "utf16le");
      const units = mark[0] === 0xff ? little : Buffer.from(little).swap16();
      for (const rest of [Buffer.alloc(0), Buffer.from([0x41])]) {
        const { reading } = await timed(made, [Buffer.concat([mark, units, rest])]);
        expect(reading.facts.certificate?.commonName).toBe("shop.example.test");
      }
    }
  });

  it.each([
    [
      "of half a character each",
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.alloc(much, Buffer.from([0, 0xd8]))]),
    ],
    ["of an odd number of bytes", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.alloc(much - 1, 0x41)])],
    ["of nothing but zeros", Buffer.alloc(much)],
  ])("is walked once %s", async (_, bytes) => {
    await read(bytes);
  });
});

describe("many texts in one reading", () => {
  it("are read up to two megabytes together, and that is said of the next", async () => {
    const text = fill("\nEND A .");
    const reading = await read(text, text, text, text);
    expect(reading.facts.findings.map(({ params }) => params)).toEqual([
      {},
      {},
      { limit: "textSumBytes", value: limits.textSumBytes },
      { limit: "textSumBytes", value: limits.textSumBytes },
    ]);
  });

  it("say no more than anybody reads, and that there was more", async () => {
    const broken = `${begin()}MIIBkjCCATmgAwIBAgIU!${end()}`;
    const readings = Array.from({ length: 300 }, () => broken);
    const { reading } = await timed(made, readings);
    expect(reading.facts.findings).toHaveLength(limits.findings + 1);
    expect(reading.facts.findings.at(-1)).toMatchObject({
      id: "resource-limit",
      params: { limit: "findings" },
    });
  });
});
