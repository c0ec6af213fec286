import { type DerElement, derAt, derChildren, oidOf, sequenceOf } from "./der.ts";
import { type DistinguishedName, readName } from "./distinguished-name.ts";

/** The fields of a certificate (RFC 5280 section 4.1) that are read from its bytes. */
export interface CertificateFields {
  readonly serial: DerElement;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  readonly spki: DerElement;
  readonly signatureOid: string;
  readonly extensions: readonly DerElement[];
}

const versionTag = 0xa0;
const extensionsTag = 0xa3;

/** Null when the bytes do not have the shape of a certificate. */
export function certificateFields(der: Buffer): CertificateFields | null {
  const [tbs, algorithm] = sequenceOf(derAt(der));
  const all = sequenceOf(tbs);
  // Version 1 has no version field.
  const [serial, , issuer, , subject, spki, ...rest] = all[0]?.tag === versionTag ? all.slice(1) : all;
  if (!serial || !issuer || !subject || !spki) return null;
  const wrapper = rest.find(({ tag }) => tag === extensionsTag);
  return {
    serial,
    issuer: readName(issuer),
    subject: readName(subject),
    spki,
    signatureOid: oidOf(sequenceOf(algorithm)[0]),
    extensions: sequenceOf(derChildren(wrapper)[0]),
  };
}

/** The value of one extension, or null when it is not there. */
export function extensionValue({ extensions }: CertificateFields, oid: string): DerElement | null {
  const found = extensions.map((one) => sequenceOf(one)).find(([type]) => oidOf(type) === oid);
  const value = found?.at(-1);
  return value ? derAt(value.content) : null;
}
