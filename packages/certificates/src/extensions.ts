import {
  booleanOf,
  type DerElement,
  derAt,
  derChildren,
  derTag,
  oidOf,
  sequenceOf,
  smallInteger,
} from "./der.ts";
import { type GeneralName, generalName, readGeneralNames } from "./general-names.ts";
import { type NameConstraints, readNameConstraints } from "./name-constraints.ts";

/** What the extensions of one certificate say (RFC 5280 section 4.2). Null: the extension is not there. */
export interface Extensions {
  /** Identifiers of all, and of those marked critical. */
  readonly all: readonly string[];
  readonly critical: ReadonlySet<string>;
  readonly basicConstraints: { readonly isCa: boolean; readonly pathLength: number | null } | null;
  /** Bits as in section 4.2.1.3, digitalSignature highest. */
  readonly keyUsage: number | null;
  readonly extendedKeyUsage: readonly string[] | null;
  readonly names: readonly GeneralName[] | null;
  readonly nameConstraints: NameConstraints | null;
  readonly subjectKeyId: string | null;
  readonly authorityKeyId: { readonly keyId: string | null; readonly hasIssuer: boolean } | null;
  /** Where the issuer's certificate can be fetched (section 4.2.2.1, caIssuers). */
  readonly issuerUrls: readonly string[];
  /** Of the extensions read here, those whose value does not follow its definition. */
  readonly malformed: readonly string[];
}

export const extensionOid = {
  subjectKeyId: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  issuerAltName: "2.5.29.18",
  basicConstraints: "2.5.29.19",
  nameConstraints: "2.5.29.30",
  crlDistributionPoints: "2.5.29.31",
  certificatePolicies: "2.5.29.32",
  policyMappings: "2.5.29.33",
  authorityKeyId: "2.5.29.35",
  policyConstraints: "2.5.29.36",
  extendedKeyUsage: "2.5.29.37",
  inhibitAnyPolicy: "2.5.29.54",
  authorityInformation: "1.3.6.1.5.5.7.1.1",
  tlsFeature: "1.3.6.1.5.5.7.1.24",
  precertificatePoison: "1.3.6.1.4.1.11129.2.4.3",
} as const;

export const keyUsageBit = {
  digitalSignature: 0x80,
  keyEncipherment: 0x20,
  keyAgreement: 0x08,
  keyCertSign: 0x04,
} as const;

export const serverAuth = "1.3.6.1.5.5.7.3.1";
export const anyExtendedKeyUsage = "2.5.29.37.0";

/** Null when one of them does not have the shape of an extension, or one is there twice (section 4.2 forbids it). */
export function readExtensions(elements: readonly DerElement[]): Extensions | null {
  const values = new Map<string, DerElement | null>();
  const critical = new Set<string>();
  for (const element of elements) {
    const parts = sequenceOf(element);
    const oid = oidOf(parts[0]);
    const value = parts.at(-1);
    const isCritical = parts.length === 3 ? booleanOf(parts[1]) : parts.length === 2 ? false : null;
    if (oid === "" || value?.tag !== derTag.octetString || isCritical === null || values.has(oid))
      return null;
    if (isCritical) critical.add(oid);
    const inner = derAt(value.content);
    values.set(oid, inner !== null && inner.whole.length === value.content.length ? inner : null);
  }
  return valuesOf(values, critical);
}

function valuesOf(values: ReadonlyMap<string, DerElement | null>, critical: ReadonlySet<string>): Extensions {
  const malformed: string[] = [];
  const read = <T>(oid: string, reader: (value: DerElement) => T | null): T | null => {
    const value = values.get(oid);
    if (value === undefined) return null;
    const found = value === null ? null : reader(value);
    if (found === null) malformed.push(oid);
    return found;
  };
  return {
    all: [...values.keys()],
    critical,
    basicConstraints: read(extensionOid.basicConstraints, basicConstraintsOf),
    keyUsage: read(extensionOid.keyUsage, keyUsageOf),
    extendedKeyUsage: read(extensionOid.extendedKeyUsage, purposesOf),
    names: read(extensionOid.subjectAltName, readGeneralNames),
    nameConstraints: read(extensionOid.nameConstraints, readNameConstraints),
    subjectKeyId: read(extensionOid.subjectKeyId, keyIdOf),
    authorityKeyId: read(extensionOid.authorityKeyId, authorityKeyIdOf),
    issuerUrls: issuerUrlsOf(values.get(extensionOid.authorityInformation)),
    malformed: [...malformed, ...unreadInformation(values)],
  };
}

function basicConstraintsOf(value: DerElement): Extensions["basicConstraints"] {
  if (value.tag !== derTag.sequence) return null;
  const parts = sequenceOf(value);
  if (parts.length === 0 && value.content.length > 0) return null;
  const isCa = parts[0]?.tag === derTag.boolean ? booleanOf(parts[0]) : false;
  const length = parts.find(({ tag }) => tag === derTag.integer);
  const pathLength = length ? smallInteger(length) : null;
  // A length that cannot be read must not count as none.
  return isCa === null || pathLength === Number.POSITIVE_INFINITY ? null : { isCa, pathLength };
}

function keyUsageOf({ tag, content }: DerElement): number | null {
  return tag === derTag.bitString && (content[0] ?? 8) < 8 ? (content[1] ?? 0) : null;
}

/** Section 4.2.1.12: at least one. */
function purposesOf(value: DerElement): readonly string[] | null {
  const oids = sequenceOf(value).map(oidOf);
  return oids.length > 0 && oids.every((oid) => oid !== "") ? oids : null;
}

function keyIdOf({ tag, content }: DerElement): string | null {
  return tag === derTag.octetString ? content.toString("hex") : null;
}

function authorityKeyIdOf(value: DerElement): Extensions["authorityKeyId"] {
  if (value.tag !== derTag.sequence) return null;
  const parts = sequenceOf(value);
  const keyId = parts.find(({ tag }) => tag === 0x80);
  return {
    keyId: keyId ? keyId.content.toString("hex") : null,
    hasIssuer: parts.some(({ tag }) => tag !== 0x80),
  };
}

const caIssuers = "1.3.6.1.5.5.7.48.2";

/** Section 4.2.2.1: where the issuer's certificate can be fetched. */
function issuerUrlsOf(value: DerElement | null | undefined): readonly string[] {
  return sequenceOf(value)
    .map((pair) => sequenceOf(pair))
    .filter(([method]) => oidOf(method) === caIssuers)
    .flatMap(([, place]) => {
      const name = place && generalName(place);
      return name?.kind === "uri" ? [name.bytes.toString("latin1")] : [];
    });
}

/** Section 4.2.2.1: a list of pairs, each a method and where to find it. */
function unreadInformation(values: ReadonlyMap<string, DerElement | null>): readonly string[] {
  const value = values.get(extensionOid.authorityInformation);
  if (value === undefined) return [];
  const pairs = value?.tag === derTag.sequence ? derChildren(value) : [];
  const isRead = pairs.length > 0 && pairs.every((pair) => oidOf(sequenceOf(pair)[0]) !== "");
  return isRead ? [] : [extensionOid.authorityInformation];
}
