import {
  type DerElement,
  derAt,
  derChildren,
  derTag,
  isTime,
  oidOf,
  sequenceOf,
  smallInteger,
} from "./der.ts";
import { type DistinguishedName, readName } from "./distinguished-name.ts";
import { type Extensions, readExtensions } from "./extensions.ts";

/** The fields of a certificate (RFC 5280 section 4.1) that are read from its bytes. */
export interface CertificateFields {
  /** 1 to 3. */
  readonly version: number;
  readonly serial: DerElement;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  readonly spki: DerElement;
  readonly signatureOid: string;
  /** Whether both ends of the validity are written as section 4.1.2.5 has it. */
  readonly areTimesConforming: boolean;
  /** Whether the algorithm inside what is signed is the one outside (section 4.1.1.2). */
  readonly isSignatureConsistent: boolean;
  readonly extensions: Extensions;
}

const versionTag = 0xa0;
const extensionsTag = 0xa3;

/** Null when the bytes do not have the shape of a certificate. */
export function certificateFields(der: Buffer): CertificateFields | null {
  const [tbs, algorithm] = sequenceOf(derAt(der));
  const all = sequenceOf(tbs);
  // Version 1 has no version field.
  const versionField = all[0]?.tag === versionTag ? all[0] : null;
  const [serial, inner, issuer, validity, subject, spki, ...rest] = versionField ? all.slice(1) : all;
  if (serial?.tag !== derTag.integer || !inner || !issuer || !subject || !spki) return null;
  const extensions = readExtensions(
    sequenceOf(derChildren(rest.find(({ tag }) => tag === extensionsTag))[0]),
  );
  if (!extensions) return null;
  const times = sequenceOf(validity);
  return {
    version: versionField ? smallInteger(derChildren(versionField)[0]) + 1 : 1,
    serial,
    issuer: readName(issuer),
    subject: readName(subject),
    spki,
    signatureOid: oidOf(sequenceOf(algorithm)[0]),
    areTimesConforming: times.length === 2 && times.every(isTime),
    isSignatureConsistent: algorithm !== undefined && inner.whole.equals(algorithm.whole),
    extensions,
  };
}
