import { expect, test } from "vitest";
import { strayTexts } from "./stray-texts.mjs";

test("words between tags, in labels and behind conditions are found", () => {
  const code = `
    const page = (isOpen, name) => (
      <section aria-label="Orders of today">
        <h1>
          All orders
        </h1>
        <input placeholder={isOpen ? "Search here" : \`Look for \${name}\`} />
        {isOpen && "Nothing yet"}
      </section>
    );`;
  expect(strayTexts(code).sort()).toEqual([
    "All orders",
    "Look for",
    "Nothing yet",
    "Orders of today",
    "Search here",
  ]);
});

test("signs, names, classes and what is looked up are no words", () => {
  const code = `
    const page = ({ t, rows }: Props) => (
      <p className="text ink" id="first-steps" data-kind={rows.length > 0 ? "some" : "none"} title={t("help")}>
        Sealpost · {t("title")} – {rows.map((row) => row["name"])} +{rows.length}
      </p>
    );`;
  expect(strayTexts(code)).toEqual([]);
});
