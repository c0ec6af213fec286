import { expect, it } from "vitest";
import { findingMore } from "./finding-more.ts";
import { findingRules } from "./findings-table.ts";

const languages = ["en", "de"] as const;

it("every finding, and nothing else, says in both languages what it means and what to do", () => {
  expect(Object.keys(findingMore).sort()).toEqual(Object.keys(findingRules).sort());
  for (const [id, more] of Object.entries(findingMore))
    for (const language of languages)
      for (const text of more[language]) expect(text, `${id} ${language}`).toMatch(/^\P{Ll}.{15,}[.)]$/u);
});

it("what stands behind a finding goes beyond its sentences, and no two findings say the same", () => {
  for (const language of languages) {
    const means = Object.entries(findingMore).map(([id, more]) => {
      const said = Object.entries(findingRules).find(([rule]) => rule === id)?.[1][language] ?? [];
      expect(said, id).not.toContain(more[language][0]);
      return more[language][0];
    });
    expect(new Set(means).size).toBe(means.length);
  }
  for (const [id, { en, de }] of Object.entries(findingMore)) expect(en[0], id).not.toBe(de[0]);
});
