import { z } from "zod";

const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;

/**
 * A host name as it stands in a certificate: lower-case A-labels, at most 253 octets, no final dot
 * (RFC 1035 section 2.3.4, RFC 5890), with `*` allowed as the whole left-most label (RFC 6125 section 6.4.3).
 * Unicode names are converted where they enter, by whoever has a converter; here only A-labels pass.
 */
export const dnsNameSchema = z
  .string()
  .transform((text) => text.trim().toLowerCase().replace(/\.$/, ""))
  .refine(isDnsName, { error: "is not a host name" })
  .brand<"DnsName">();

export type DnsName = z.infer<typeof dnsNameSchema>;

function isDnsName(text: string): boolean {
  if (text.length === 0 || text.length > 253) return false;
  const labels = text.startsWith("*.") ? text.slice(2).split(".") : text.split(".");
  return labels.every((part) => label.test(part));
}

/** The name, or null when the text is none: CAs put organisation names and addresses where names belong. */
export function parseDnsName(text: string): DnsName | null {
  const parsed = dnsNameSchema.safeParse(text);
  return parsed.success ? parsed.data : null;
}
