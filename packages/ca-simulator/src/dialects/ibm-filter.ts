/**
 * Whether an order passes an object filter such as `{"securityCertificateRequest":{"commonName":{"operation":"*= shop"}}}`.
 * A filter that cannot be read is silently ignored, as the service does.
 */
export function matchesFilter(order: object, filterText: string | null): boolean {
  if (filterText === null) return true;
  try {
    const filter: unknown = JSON.parse(filterText);
    if (!isObject(filter)) return true;
    const root = filter.securityCertificateRequest;
    return isObject(root) ? passes(order, root) : true;
  } catch {
    return true;
  }
}

function passes(value: unknown, filter: Readonly<Record<string, unknown>>): boolean {
  if ("operation" in filter) return compare(value, String(filter.operation));
  return Object.entries(filter).every(([name, inner]) => {
    return !isObject(inner) || passes(isObject(value) ? value[name] : undefined, inner);
  });
}

const operators: ReadonlyArray<readonly [prefix: string, test: (value: string, wanted: string) => boolean]> =
  [
    ["*=", (value, wanted) => value.includes(wanted)],
    ["^=", (value, wanted) => value.startsWith(wanted)],
    ["$=", (value, wanted) => value.endsWith(wanted)],
    ["!=", (value, wanted) => value !== wanted],
  ];

function compare(value: unknown, operation: string): boolean {
  const text = String(value ?? "").toLowerCase();
  const found = operators.find(([prefix]) => operation.startsWith(prefix));
  if (operation === "orderBy") return true;
  return found ? found[1](text, operation.slice(2).trim().toLowerCase()) : text === operation.toLowerCase();
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
