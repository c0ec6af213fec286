import { type DerElement, derChildren, derTag, oidOf, sequenceOf } from "./der.ts";

/** The parts of a name (RFC 5280 section 4.1.2.4) that people read. Control and direction marks are taken out. */
export interface DistinguishedName {
  /** Most general attribute first: `O=Example, CN=www.example.com`. */
  readonly text: string;
  readonly commonName: string | null;
  readonly organization: string | null;
  /** DER of the whole name. */
  readonly bytes: Buffer;
}

const commonNameOid = "2.5.4.3";
const organizationOid = "2.5.4.10";
const shortNames: Readonly<Record<string, string>> = {
  [commonNameOid]: "CN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  [organizationOid]: "O",
  "2.5.4.11": "OU",
  "1.2.840.113549.1.9.1": "emailAddress",
};

/** Reads a name from its bytes: the text that Node gives is escaped for another purpose and cannot be taken apart. */
export function readName(name: DerElement | undefined): DistinguishedName {
  const attributes = sequenceOf(name)
    .flatMap((set) => derChildren(set))
    .map((attribute) => {
      const [type, value] = sequenceOf(attribute);
      return { oid: oidOf(type), value: value ? stringOf(value) : "" };
    });
  const last = (oid: string) => attributes.findLast((attribute) => attribute.oid === oid)?.value || null;
  return {
    text: attributes.map(({ oid, value }) => `${shortNames[oid] ?? oid}=${value}`).join(", "),
    commonName: last(commonNameOid),
    organization: last(organizationOid),
    bytes: name?.whole ?? Buffer.alloc(0),
  };
}

function stringOf({ tag, content }: DerElement): string {
  const text =
    tag === derTag.bmpString
      ? Buffer.from(content.subarray(0, content.length & ~1))
          .swap16()
          .toString("utf16le")
      : content.toString(tag === derTag.utf8String ? "utf8" : "latin1");
  return text.replace(/[\p{Cc}\p{Cf}]/gu, "");
}
