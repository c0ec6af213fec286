import { toUnicode } from "punycode/";

/** A host name as people read it, with the form of the certificate on hover where they differ. */
export function HostName({ name }: { readonly name: string }) {
  // What was bought and not yet activated has none, and stays a link one can see.
  if (name === "") return "–";
  const shown = readableName(name);
  return shown === name ? name : <span data-tip={name}>{shown}</span>;
}

export function readableName(name: string): string {
  return name.includes("xn--") ? toUnicode(name) : name;
}
