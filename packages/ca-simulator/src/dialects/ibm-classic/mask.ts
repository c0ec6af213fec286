type Tree = { readonly [name: string]: Tree };

const relational = ["status", "account", "order", "orderItem", "item"];

/**
 * Applies an object mask such as `mask[id,status[name]]` or `mask[status.name]` (SLDN "object masks"): naming a local
 * property leaves out all other local ones of that level; relational ones come only when asked for. No mask: the
 * local ones.
 */
export function masked(
  value: Readonly<Record<string, unknown>>,
  mask: string | null,
): Record<string, unknown> {
  return pick(value, mask === null ? {} : parseMask(mask.replace(/^mask/, "").replace(/^\[(.*)\]$/s, "$1")));
}

function pick(value: object, wanted: Tree): Record<string, unknown> {
  const namesLocal = Object.keys(wanted).some((name) => !relational.includes(name));
  const entries = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    const below = wanted[name];
    if (!relational.includes(name)) return namesLocal && !below ? [] : [[name, inner]];
    if (!below) return [];
    return [[name, typeof inner === "object" && inner !== null ? pick(inner, below) : inner]];
  });
  return Object.fromEntries(entries);
}

/** Names with what stands in their brackets or behind their dots; the same name twice is one. */
function parseMask(text: string): Tree {
  let tree: Tree = {};
  for (const part of topLevelParts(text)) {
    const [, name = "", dotted, bracketed = ""] = /^\s*(\w+)(?:\.(.*)|\s*\[(.*)\])?\s*$/s.exec(part) ?? [];
    if (name !== "") tree = { ...tree, [name]: { ...tree[name], ...parseMask(dotted ?? bracketed) } };
  }
  return tree;
}

/** Splits at the commas that stand in no brackets. */
function topLevelParts(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (const [index, char] of [...text].entries()) {
    if (char === "[") depth += 1;
    if (char === "]") depth -= 1;
    if (char !== "," || depth > 0) continue;
    parts.push(text.slice(from, index));
    from = index + 1;
  }
  return [...parts, text.slice(from)];
}
