import { createHash, X509Certificate } from "node:crypto";
import type { CertificateFacts, MaterialSource } from "@sealpost/domain";
import { isIssuedBy } from "./anchors.ts";
import { type DerElement, derAt, derChildren, oidOf, sequenceOf } from "./der.ts";
import { readName } from "./distinguished-name.ts";
import { keyType } from "./key-type.ts";
import type { CertificatePart } from "./parts.ts";

const subjectAltName = "2.5.29.17";
const dnsNameTag = 0x82;
const versionTag = 0xa0;
const extensionsTag = 0xa3;

const signatureNames: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.4": "MD5 with RSA",
  "1.2.840.113549.1.1.5": "SHA-1 with RSA",
  "1.2.840.113549.1.1.10": "RSA-PSS",
  "1.2.840.113549.1.1.11": "SHA-256 with RSA",
  "1.2.840.113549.1.1.12": "SHA-384 with RSA",
  "1.2.840.113549.1.1.13": "SHA-512 with RSA",
  "1.2.840.10045.4.1": "SHA-1 with ECDSA",
  "1.2.840.10045.4.3.2": "SHA-256 with ECDSA",
  "1.2.840.10045.4.3.3": "SHA-384 with ECDSA",
  "1.2.840.10045.4.3.4": "SHA-512 with ECDSA",
  "1.3.101.112": "Ed25519",
  "1.3.101.113": "Ed448",
};

/** Reads one certificate in DER (RFC 5280 section 4.1). Null when it is none, or one that OpenSSL cannot read. */
export function readCertificate(der: Buffer, source: MaterialSource): CertificatePart | null {
  const [tbs, algorithm] = sequenceOf(derAt(der));
  const all = sequenceOf(tbs);
  // Version 1 has no version field.
  const fields = all[0]?.tag === versionTag ? all.slice(1) : all;
  if (fields.length < 6 || !algorithm) return null;
  try {
    const x509 = new X509Certificate(der);
    return { x509, facts: factsOf(x509, fields, algorithm, source) };
  } catch {
    return null;
  }
}

/** `fields`: serial, signature, issuer, validity, subject, subjectPublicKeyInfo, and what may follow. */
function factsOf(
  x509: X509Certificate,
  fields: readonly DerElement[],
  algorithm: DerElement,
  source: MaterialSource,
): CertificateFacts {
  const [, , issuerField, , subjectField, spki] = fields;
  const issuer = readName(issuerField);
  const subject = readName(subjectField);
  const signature = oidOf(sequenceOf(algorithm)[0]);
  return {
    fingerprintSha256: sha256(x509.raw),
    spkiSha256: sha256(spki?.whole ?? Buffer.alloc(0)),
    serialNumber: x509.serialNumber.toLowerCase(),
    subject: subject.text,
    commonName: subject.commonName,
    organization: subject.organization,
    issuer: issuer.text,
    issuerCommonName: issuer.commonName,
    dnsNames: dnsNames(fields),
    validFrom: x509.validFromDate,
    validTo: x509.validToDate,
    keyType: keyType(x509.publicKey),
    signatureAlgorithm: signatureNames[signature] ?? signature,
    isCa: x509.ca,
    isSelfSigned: isIssuedBy(x509, x509),
    source,
  };
}

/** SubjectAltName dNSNames, read from the bytes: the text form that Node gives cannot be taken apart safely. */
function dnsNames(fields: readonly DerElement[]): readonly string[] {
  const extensions = derChildren(fields.find((field) => field.tag === extensionsTag))[0];
  const extension = sequenceOf(extensions)
    .map((one) => derChildren(one))
    .find(([type]) => oidOf(type) === subjectAltName);
  const value = extension?.at(-1);
  const names = sequenceOf(value && derAt(value.content))
    .filter((name) => name.tag === dnsNameTag)
    .map((name) => name.content.toString("latin1").toLowerCase());
  // Anything but visible ASCII is no host name, and must not reach a screen.
  return [...new Set(names.filter((name) => /^[\x21-\x7e]+$/.test(name)))];
}

/** How a certificate is called in sentences: by host name, never by number. */
export function nameOf({ commonName, dnsNames, subject }: CertificateFacts): string {
  return commonName ?? dnsNames[0] ?? subject;
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
