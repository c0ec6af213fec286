/**
 * Whether a certificate name covers a wanted name. `*` stands for exactly one label (RFC 6125 section 6.4.3) and never
 * for a whole top-level domain; a name outside the preferred syntax (RFC 5280 section 4.2.1.6) covers nothing.
 */
export function coversName(certificateName: string, wanted: string): boolean {
  const pattern = certificateName.toLowerCase().replace(/\.$/, "");
  const name = wanted.toLowerCase().replace(/\.$/, "");
  if (!/^(\*\.)?[a-z0-9.-]+$/.test(pattern) || isAddress(name)) return false;
  if (pattern === name) return true;
  if (!pattern.startsWith("*.") || name.startsWith("*.") || !pattern.slice(2).includes(".")) return false;
  const dot = name.indexOf(".");
  return dot > 0 && name.slice(dot + 1) === pattern.slice(2);
}

/** Addresses are certified as iPAddress and never as dNSName (RFC 5280 section 4.2.1.6). */
function isAddress(name: string): boolean {
  return name.includes(":") || /^\d+(\.\d+){3}$/.test(name);
}
