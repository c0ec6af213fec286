import { existsSync, readFileSync } from "node:fs";
import { root } from "./processes.mjs";

const directory = `${root}apps/web/src/messages/`;

/** Every text by its path. */
function flat(node, path = "") {
  return Object.entries(node).flatMap(([key, value]) =>
    typeof value === "string" ? [[`${path}${key}`, value]] : flat(value, `${path}${key}.`),
  );
}

/** The names a text takes, and the tags it holds. */
const names = (text) =>
  [...new Set([...text.matchAll(/\{\s*(\w+)|<(\w+)>/g)].map((match) => match[1] ?? match[2]))].sort().join();

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
    ? problems(...files.map((file) => JSON.parse(readFileSync(file, "utf8"))))
    : ["a message file is missing"];
  for (const problem of found) console.error(problem);
  process.exitCode = found.length > 0 ? 1 : 0;
}
