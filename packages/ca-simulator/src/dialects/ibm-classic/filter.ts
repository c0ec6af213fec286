type Filter = Readonly<Record<string, unknown>>;

/**
 * The orders an object filter such as `{"securityCertificateRequest":{"commonName":{"operation":"*= shop"}}}` leaves,
 * in the order it asks for (SLDN "object filters"). One that cannot be read is silently ignored, as the service does.
 */
export function filtered<Item extends object>(orders: readonly Item[], filterText: string | null): Item[] {
  const root = readFilter(filterText);
  if (root === null) return [...orders];
  const sort = sortOf(root, []);
  const left = orders.filter((order) => passes(order, root));
  return sort ? left.sort((a, b) => sort.sign * inOrder(at(a, sort.path), at(b, sort.path))) : left;
}

function readFilter(text: string | null): Filter | null {
  try {
    const filter: unknown = JSON.parse(text ?? "null");
    const root = isObject(filter) ? filter.securityCertificateRequest : null;
    return isObject(root) ? root : null;
  } catch {
    return null;
  }
}

function passes(value: unknown, filter: Filter): boolean {
  if ("operation" in filter) return compare(value, String(filter.operation), optionOf(filter, "data"));
  return Object.entries(filter).every(
    ([name, inner]) => !isObject(inner) || passes(isObject(value) ? value[name] : undefined, inner),
  );
}

const operators: ReadonlyArray<readonly [prefix: string, test: (value: string, wanted: string) => boolean]> =
  [
    ["*=", (value, wanted) => value.includes(wanted)],
    ["^=", (value, wanted) => value.startsWith(wanted)],
    ["$=", (value, wanted) => value.endsWith(wanted)],
    ["!=", (value, wanted) => value !== wanted],
  ];

function compare(value: unknown, operation: string, data: readonly unknown[]): boolean {
  const text = String(value ?? "").toLowerCase();
  if (operation === "orderBy") return true;
  if (operation === "in") return data.some((one) => String(one).toLowerCase() === text);
  const found = operators.find(([prefix]) => operation.startsWith(prefix));
  return found ? found[1](text, operation.slice(2).trim().toLowerCase()) : text === operation.toLowerCase();
}

/** Options are a list of names with lists of values: `[{"name":"sort","value":["ASC"]}]`. */
function optionOf(filter: Filter, name: string): readonly unknown[] {
  const options: readonly unknown[] = Array.isArray(filter.options) ? filter.options : [];
  const value = options.filter(isObject).find((option) => option.name === name)?.value;
  return Array.isArray(value) ? value : [];
}

interface Sort {
  readonly path: readonly string[];
  readonly sign: 1 | -1;
}

function sortOf(filter: Filter, path: readonly string[]): Sort | null {
  if (filter.operation === "orderBy")
    return { path, sign: String(optionOf(filter, "sort")[0]).toUpperCase() === "DESC" ? -1 : 1 };
  const inner = Object.entries(filter).map(([name, one]) =>
    isObject(one) ? sortOf(one, [...path, name]) : null,
  );
  return inner.find((sort) => sort !== null) ?? null;
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}

/** Dates carry one offset throughout, so that as text they stand in the order of time. */
function inOrder(a: unknown, b: unknown): number {
  return typeof a === "number" && typeof b === "number"
    ? a - b
    : String(a ?? "").localeCompare(String(b ?? ""), "en");
}

function isObject(value: unknown): value is Filter {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
