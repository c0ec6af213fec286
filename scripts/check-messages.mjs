import { existsSync, readFileSync } from "node:fs";
import { parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { root } from "./processes.mjs";
import { strayTextsOfPages } from "./stray-texts.mjs";

const directory = `${root}apps/web/src/messages/`;

/** Every text by its path. */
function flat(node, path = "") {
  return Object.entries(node).flatMap(([key, value]) =>
    typeof value === "string" ? [[`${path}${key}`, value]] : flat(value, `${path}${key}.`),
  );
}

/** The values a text takes and the tags it holds, read as the product reads it (ICU MessageFormat). */
function names(text) {
  const found = new Set();
  const walk = (parts) => {
    for (const part of parts) {
      if (part.type !== TYPE.literal && part.type !== TYPE.pound) found.add(part.value);
      for (const option of Object.values(part.options ?? {})) walk(option.value);
      if (part.children) walk(part.children);
    }
  };
  walk(parse(text));
  return [...found].sort().join();
}

/** What is wrong between the two languages; empty: nothing. */
export function problems(english, german) {
  const [en, de] = [new Map(flat(english)), new Map(flat(german))];
  const missing = [...en.keys()].filter((key) => !de.has(key)).map((key) => `German lacks ${key}`);
  const extra = [...de.keys()].filter((key) => !en.has(key)).map((key) => `English lacks ${key}`);
  const empty = [...en, ...de].filter(([, text]) => text.trim() === "").map(([key]) => `${key} is empty`);
  const other = [...en]
    .filter(([key, text]) => de.has(key) && names(text) !== names(de.get(key)))
    .map(([key]) => `${key} takes other values in German`);
  return [...missing, ...extra, ...empty, ...other];
}

if (process.argv[1]?.endsWith("check-messages.mjs")) {
  const files = ["en", "de"].map((language) => `${directory}${language}.json`);
  const found = files.every(existsSync)
    ? [...problems(...files.map((file) => JSON.parse(readFileSync(file, "utf8")))), ...strayTextsOfPages()]
    : ["a message file is missing"];
  for (const problem of found) console.error(problem);
  process.exitCode = found.length > 0 ? 1 : 0;
}
