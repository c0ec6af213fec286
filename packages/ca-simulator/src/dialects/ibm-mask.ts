type Tree = { readonly [name: string]: Tree | null };

const relational = ["status", "account", "order", "orderItem"];

/**
 * Applies an object mask such as `mask[id,status[name]]` (SLDN "object masks"): naming a local property leaves out all
 * other local ones of that level; relational properties come only when asked for. No mask: the local ones.
 */
export function masked(
  value: Readonly<Record<string, unknown>>,
  mask: string | null,
): Record<string, unknown> {
  const wanted = mask === null ? {} : parseMask(mask.replace(/^mask/, "").replace(/^\[(.*)\]$/s, "$1"));
  const namesLocal = Object.keys(wanted).some((name) => !relational.includes(name));
  const entries = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    if (!relational.includes(name)) return namesLocal && !(name in wanted) ? [] : [[name, inner]];
    if (!(name in wanted)) return [];
    return [[name, maskedInner(inner, wanted[name] ?? null)]];
  });
  return Object.fromEntries(entries);
}

function maskedInner(inner: unknown, wanted: Tree | null): unknown {
  if (wanted === null || typeof inner !== "object" || inner === null) return inner;
  return Object.fromEntries(Object.entries(inner).filter(([name]) => name in wanted));
}

function parseMask(text: string): Tree {
  const tree: Record<string, Tree | null> = {};
  let depth = 0;
  let part = "";
  for (const char of `${text},`) {
    if (char === "," && depth === 0) {
      const [, name = "", inner] = /^\s*([\w.]*)\s*(?:\[(.*)\])?\s*$/s.exec(part) ?? [];
      if (name !== "") tree[name] = inner === undefined ? null : parseMask(inner);
      part = "";
      continue;
    }
    if (char === "[") depth += 1;
    if (char === "]") depth -= 1;
    part += char;
  }
  return tree;
}
