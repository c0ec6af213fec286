import { globSync, readFileSync } from "node:fs";
import { parseAst } from "rolldown/parseAst";
import { root } from "./processes.mjs";

/** Attributes that people see or hear. */
const spoken = new Set([
  "aria-label",
  "aria-description",
  "aria-roledescription",
  "title",
  "placeholder",
  "alt",
  "label",
  "summary",
  "text",
]);
/** Names, which no language changes. */
const names = /\bSealpost\b/g;
const word = /\p{L}{2}/u;

/**
 * Words for people that stand in the code of a page and not in the message files.
 * @param {string} code TSX
 * @returns {string[]}
 */
export function strayTexts(code) {
  const found = [];
  const note = (/** @type {string} */ text) => {
    const words = text.trim().replaceAll(/\s+/g, " ");
    if (word.test(words.replaceAll(names, ""))) found.push(words);
  };
  /** What an expression may come to, where that is written down right here. */
  const read = (node) => {
    if (node?.type === "Literal" && typeof node.value === "string") note(node.value);
    if (node?.type === "TemplateLiteral") for (const { value } of node.quasis) note(value.cooked ?? "");
    if (node?.type === "ConditionalExpression")
      for (const part of [node.consequent, node.alternate]) read(part);
    if (node?.type === "LogicalExpression") for (const part of [node.left, node.right]) read(part);
    if (node?.type === "JSXExpressionContainer") read(node.expression);
  };
  const walk = (node) => {
    if (node.type === "JSXText") note(node.value);
    if (node.type === "JSXElement" || node.type === "JSXFragment")
      for (const child of node.children) if (child.type === "JSXExpressionContainer") read(child);
    if (node.type === "JSXAttribute" && spoken.has(node.name.name)) read(node.value);
    for (const part of Object.values(node))
      for (const one of Array.isArray(part) ? part : [part])
        if (one !== null && typeof one === "object" && typeof one.type === "string") walk(one);
  };
  walk(parseAst(code, { lang: "tsx" }));
  return found;
}

/** Every such text below the pages' source, with its file. */
export function strayTextsOfPages() {
  return globSync("apps/web/src/**/*.tsx", { cwd: root }).flatMap((file) =>
    strayTexts(readFileSync(`${root}${file}`, "utf8")).map((text) => `${file} says “${text}” by itself`),
  );
}
