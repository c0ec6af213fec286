import { DOMParser, type Element, type Node, onWarningStopParsing } from "@xmldom/xmldom";

/** Deeper than any answer of the service goes; its deepest part is a certificate of a CA, at eight. */
const deepest = 16;
/** A page of a hundred orders opens some two hundred tags; a hostile one shall not cost seconds. */
const mostTags = 4000;
const textNode = 3;
const cdataNode = 4;
const elementNode = 1;

/**
 * Reads XML for Zod: an element becomes an object with its attributes under `@name`, the elements in it under their
 * names in lists, however many there are, and its own text under `#text`. Namespaces are left out: live answers have
 * one, the vendor's samples do not. Undefined for anything not well-formed, and for a document type, which only
 * somebody who is not the service would send: entities of one's own are never expanded.
 */
export function parseXml(text: string): unknown {
  try {
    // Some servers begin with a byte order mark.
    const source = text.replace(/^\uFEFF/, "");
    if (source.split("<", mostTags + 1).length > mostTags) return undefined;
    const document = new DOMParser({ onError: onWarningStopParsing }).parseFromString(source, "text/xml");
    const root = document.documentElement;
    if (document.doctype !== null || root === null) return undefined;
    return Object.fromEntries([[nameOf(root), objectOf(root, 1)]]);
  } catch {
    return undefined;
  }
}

/** Throws for what goes too deep. */
function objectOf(element: Element, depth: number): object {
  if (depth > deepest) throw new Error("too deep");
  const lists = new Map<string, object[]>();
  let text = "";
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (node.nodeType === textNode || node.nodeType === cdataNode) text += node.nodeValue ?? "";
    if (!isElement(node)) continue;
    lists.set(nameOf(node), [...(lists.get(nameOf(node)) ?? []), objectOf(node, depth + 1)]);
  }
  const attributes = Array.from(element.attributes, (one) => [`@${one.localName ?? one.name}`, one.value]);
  // Made of entries, a name such as __proto__ is a field like any other.
  return Object.fromEntries([...attributes, ...lists, ["#text", text.trim()]]);
}

function isElement(node: Node): node is Element {
  return node.nodeType === elementNode;
}

function nameOf(element: Element): string {
  return element.localName ?? element.tagName;
}
