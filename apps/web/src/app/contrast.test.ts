import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

// The colours as the style sheet has them, judged as WCAG 2.2 judges them (1.4.3 text, 1.4.11 what is no text).

const css = readFileSync(join(import.meta.dirname, "globals.css"), "utf8");
const themes = {
  light: tokensOf(":root"),
  dark: { ...tokensOf(":root"), ...tokensOf('[data-theme="dark"]') },
};

const text = 4.5;
const shape = 3;
const grounds = ["canvas", "surface", "sunken", "hover"];
const tones = ["ok", "warn", "bad", "info"];

/** Every pair that may meet on a screen, with what it has to reach. */
const pairs: readonly (readonly [ink: string, ground: string, least: number])[] = [
  ...["ink", "ink-2", "ink-3", "wax-ink", ...tones].flatMap((ink) =>
    grounds.map((ground) => [ink, ground, text] as const),
  ),
  ...tones.flatMap((tone) => ["ink", "ink-2", tone].map((ink) => [ink, `${tone}-soft`, text] as const)),
  ["ink", "wax-soft", text],
  ["wax-ink", "wax-soft", text],
  ["on-wax", "wax", text],
  ["on-wax", "wax-hover", text],
  ["on-bar", "bar", text],
  ...["control", "focus", "bar"].flatMap((edge) => grounds.map((ground) => [edge, ground, shape] as const)),
  ...["wax", "wax-hover"].flatMap((fill) =>
    ["canvas", "surface"].map((ground) => [fill, ground, shape] as const),
  ),
];
/** Rules and button edges: never the only sign of anything. */
const ornaments = ["line", "line-strong"];

for (const [theme, tokens] of Object.entries(themes))
  describe(`in ${theme}`, () => {
    test.each(
      pairs.map(([ink, ground, least]) => ({ ink, ground, least, is: contrast(tokens, ink, ground) })),
    )("$ink on $ground: $is, at least $least", ({ is, least }) => expect(is).toBeGreaterThanOrEqual(least));
  });

test("every colour is judged, and both themes have the same ones to judge", () => {
  const judged = new Set([...pairs.flatMap((pair) => pair.slice(0, 2)), ...ornaments]);
  expect(Object.keys(themes.light).filter((name) => !judged.has(name))).toEqual([]);
  expect([...judged].filter((name) => !(name in themes.light))).toEqual([]);
  expect(Object.keys(themes.dark)).toEqual(Object.keys(themes.light));
});

test("a class names a colour by its token, and no file has colours of its own", () => {
  const beside = css.slice(css.indexOf("@theme inline")).match(/#[0-9a-f]{3,8}\b/gi) ?? [];
  expect(beside).toEqual([]);
});

function tokensOf(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split("}")[0] ?? "";
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = "", hex = ""]) => [name, hex]),
  );
}

/** One decimal, rounded down: what is shown is reached. */
function contrast(tokens: Readonly<Record<string, string>>, ink: string, ground: string): number {
  const [a, b] = [luminance(tokens[ink]), luminance(tokens[ground])];
  return Math.floor(((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)) * 10) / 10;
}

/** Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance. */
function luminance(hex = ""): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
