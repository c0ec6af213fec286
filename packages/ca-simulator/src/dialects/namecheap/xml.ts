/** An element; attributes without a value are left out. What is in it is XML already, see `text` and `cdata`. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | boolean | undefined>> = {},
  content: readonly string[] = [],
): string {
  const told = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const head = [name, ...told.map(([key, value]) => `${key}="${text(String(value))}"`)].join(" ");
  return content.length === 0 ? `<${head} />` : `<${head}>${content.join("")}</${name}>`;
}

export function text(plain: string): string {
  return plain
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** As the service wraps PEM. */
export function cdata(plain: string): string {
  return `<![CDATA[\n${plain.trim()}\n]]>`;
}
