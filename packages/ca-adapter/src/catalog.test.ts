import { describe, expect, it } from "vitest";
import { caCatalog } from "./registry.ts";

describe("the catalogue", () => {
  it("speaks of every CA, field and address in both languages", () => {
    for (const { about, fields, baseUrls } of caCatalog) {
      const labels = baseUrls.map(({ label }) => label);
      for (const words of [about, ...labels, ...fields.flatMap((field) => [field.label, field.help])]) {
        expect(words.en).not.toBe("");
        expect(words.de).not.toBe("");
      }
    }
  });

  it("proposes the first of a CA's addresses, all of them encrypted, and a form only where one may be chosen", () => {
    for (const { baseUrls, defaultBaseUrl, capabilities, mailFormats } of caCatalog) {
      expect(baseUrls[0]?.url).toBe(defaultBaseUrl);
      for (const { url } of baseUrls) expect(url).toMatch(/^https:\/\/.*\/$/);
      expect(mailFormats.length > 0).toBe(capabilities.includes("choose-format"));
    }
  });
});
