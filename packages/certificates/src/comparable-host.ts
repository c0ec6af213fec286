import { isIPv6 } from "node:net";
import { domainToASCII } from "node:url";

/** A host name or address as a person wrote it, as certificates write it: A-labels, no final dot, RFC 5952 for IPv6. */
export function comparableHost(text: string): string {
  const plain = text.trim().replace(/^\[|\]$|\.$/g, "");
  if (isIPv6(plain)) return new URL(`http://[${plain}]`).hostname.slice(1, -1);
  const [, wildcard = "", name = plain] = /^(\*\.)?(.*)$/s.exec(plain) ?? [];
  return `${wildcard}${domainToASCII(name) || name.toLowerCase()}`;
}
