import { domainToASCII } from "node:url";
import { type DnsName, parseDnsName } from "@sealpost/domain";

/** The name as it stands in a certificate, in a list of its own; empty for what is no host name. */
export function asciiName(name: string): readonly DnsName[] {
  const [star, rest] = name.startsWith("*.") ? ["*.", name.slice(2)] : ["", name];
  const parsed = parseDnsName(`${star}${domainToASCII(rest)}`);
  return parsed === null ? [] : [parsed];
}
