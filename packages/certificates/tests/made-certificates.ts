import { generateKeyPairSync, randomBytes } from "node:crypto";
import { bits, der, integer, octets, oid, sequence, set, utcTime, utf8 } from "./asn1.ts";

export interface MadeCertificate {
  readonly name?: string;
  readonly subject?: Buffer;
  readonly issuer?: Buffer;
  readonly serial?: number;
  readonly notBefore?: Buffer;
  readonly spki?: Buffer;
  /** AlgorithmIdentifier of the signature. */
  readonly algorithm?: Buffer;
  /** Makes the signature; random bytes stand for one where it is missing. */
  readonly signed?: (tbs: Buffer) => Buffer;
  readonly extensions?: readonly Buffer[];
}

export const ecdsaWithSha256 = sequence(oid("1.2.840.10045.4.3.2"));
const someKey = generateKeyPairSync("ec", { namedCurve: "prime256v1" }).publicKey;
const someSpki = someKey.export({ type: "spki", format: "der" });

/** A certificate made by hand (RFC 5280 section 4.1), for what no tool writes. Issued by itself unless said otherwise. */
export function certificate({
  name = "shop.example.test",
  subject = nameOf(name),
  issuer = subject,
  serial = 4711,
  notBefore = utcTime("250101000000Z"),
  spki = someSpki,
  algorithm = ecdsaWithSha256,
  signed = () => sequence(integer(randomBytes(30)), integer(randomBytes(30))),
  extensions = [],
}: MadeCertificate): Buffer {
  const validity = sequence(notBefore, utcTime("450101000000Z"));
  const list = extensions.length > 0 ? [der(0xa3, sequence(Buffer.concat(extensions)))] : [];
  const tbs = sequence(
    der(0xa0, integer(2)),
    integer(serial),
    algorithm,
    issuer,
    validity,
    subject,
    spki,
    ...list,
  );
  return sequence(tbs, algorithm, bits(signed(tbs)));
}

export function nameOf(commonName: string): Buffer {
  return sequence(set(sequence(oid("2.5.4.3"), utf8(commonName))));
}

export function extension(id: string, value: Buffer, isCritical = false): Buffer {
  return sequence(oid(id), ...(isCritical ? [der(1, Buffer.from([0xff]))] : []), octets(value));
}

export function pemOf(bytes: Buffer, label = "CERTIFICATE"): string {
  const lines = bytes.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

/** A PKCS#7 that only carries certificates (RFC 5652 section 5), as CAs send chains. */
export function pkcs7(certificates: Buffer, revocations: Buffer = Buffer.alloc(0)): Buffer {
  const content = sequence(oid("1.2.840.113549.1.7.1"));
  const fields = [integer(1), set(), content, der(0xa0, certificates), revocations, set()];
  return sequence(oid("1.2.840.113549.1.7.2"), der(0xa0, sequence(...fields)));
}
