import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { caCatalog } from "./catalog.ts";
import { caIds } from "./index.ts";

const folders = readdirSync(new URL("./adapters/", import.meta.url));

describe("the registry", () => {
  it("has a line, a catalogue entry, a manifest and a conformance call for every folder, and no others", () => {
    expect([...caIds].sort()).toEqual([...folders].sort());
    expect(caCatalog.map((manifest) => manifest.id).sort()).toEqual([...folders].sort());
    for (const folder of folders) {
      const test = readFileSync(new URL(`./adapters/${folder}/adapter.test.ts`, import.meta.url), "utf8");
      expect(test).toContain(`adapter: "${folder}"`);
    }
  });

  it("speaks of every CA and field in both languages", () => {
    for (const { about, fields, baseUrls, defaultBaseUrl } of caCatalog) {
      expect(baseUrls[0]?.url).toBe(defaultBaseUrl);
      const labels = baseUrls.map(({ label }) => label);
      for (const words of [about, ...labels, ...fields.flatMap((field) => [field.label, field.help])]) {
        expect(words.en).not.toBe("");
        expect(words.de).not.toBe("");
      }
    }
  });
});
