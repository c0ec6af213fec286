import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseXml } from "./xml.ts";

const element = (text: string, about: object = {}) => ({ "#text": text, ...about });

describe("reading XML", () => {
  it("gives attributes, lists of what is inside, and text, whatever the namespace", () => {
    const plain = '<A b="1"><C>x</C><C d="2" /></A>';
    const read = { A: element("", { "@b": "1", C: [element("x"), element("", { "@d": "2" })] }) };
    expect(parseXml(plain)).toEqual(read);
    expect(parseXml(`\uFEFF<?xml version="1.0" encoding="utf-8"?>\r\n${plain}\r\n`)).toEqual(read);
    expect(parseXml(plain.replace("<A", '<A xmlns="http://api.test/"'))).toMatchObject(read);
    const prefixed = '<n:A xmlns:n="http://api.test/" n:b="1"><n:C>x</n:C><n:C d="2" /></n:A>';
    expect(parseXml(prefixed)).toMatchObject(read);
  });

  it("takes CDATA as it stands, and resolves the entities that every XML has", () => {
    expect(parseXml("<A>\n<![CDATA[<b> &amp; ]]>\n</A>")).toEqual({ A: element("<b> &amp;") });
    expect(parseXml('<A b="&lt;&quot;&#39;&#x41;">&amp;amp; &gt;</A>')).toEqual({
      A: element("&amp; >", { "@b": "<\"'A" }),
    });
  });

  it.each([
    "",
    "false",
    '{"id": 1}',
    "<A>",
    "<A><B></A>",
    '<A b="1',
    "<A><![CDATA[x</A>",
    "<A/>rest",
    "<A/><B/>",
    "key <A/>",
    '<A b="1" b="2"/>',
    "<A>&unknown;</A>",
    "<html><br></html>",
  ])("takes %j for no XML", (text) => {
    expect(parseXml(text)).toBeUndefined();
  });

  it.each([
    ["laughs", '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'],
    ["a file", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ["a type and no more", '<!DOCTYPE a SYSTEM "http://a.test/a.dtd"><a />'],
  ])("takes a document type for no answer: %s", (_, text) => {
    expect(parseXml(text)).toBeUndefined();
  });

  it("gives up what goes deeper, or has more in it, than any answer", () => {
    const deep = (levels: number) => "<a>".repeat(levels) + "</a>".repeat(levels);
    expect(parseXml(deep(16))).toBeDefined();
    expect(parseXml(deep(17))).toBeUndefined();
    expect(parseXml(deep(50_000))).toBeUndefined();
    const wide = (tags: number) => `<a>${"<b/>".repeat(tags)}</a>`;
    expect(parseXml(wide(3000))).toBeDefined();
    expect(parseXml(wide(50_000))).toBeUndefined();
  });

  it("takes names of JavaScript's own for names like any other", () => {
    const read = parseXml(
      '<__proto__ constructor="1"><__proto__ polluted="1" /><toString>x</toString></__proto__>',
    );
    expect(Object.keys(Object(read))).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(Object.getOwnPropertyDescriptor(read, "__proto__")?.value)).toBe(
      Object.prototype,
    );
    expect("polluted" in {}).toBe(false);
  });

  it("never throws", () => {
    const pieces = fc.constantFrom(
      "<",
      ">",
      "</",
      "a",
      " ",
      "=",
      '"',
      "&",
      ";",
      "<!",
      "[CDATA[",
      "]]>",
      "<?",
      "?>",
      "--",
      "\0",
      "é",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        expect(() => parseXml(parts.join(""))).not.toThrow();
        expect(() => parseXml(`<a>${parts.join("")}</a>`)).not.toThrow();
      }),
    );
  });
});
