import { createHash, X509Certificate } from "node:crypto";
import type { CertificateFacts, MaterialSource } from "@sealpost/domain";
import { type DerElement, derAt, derChildren, derTag, oidText } from "./der.ts";
import { keyType } from "./key-type.ts";
import type { CertificatePart } from "./parts.ts";

const subjectAltName = "2.5.29.17";
const dnsNameTag = 0x82;

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
  const outer = derAt(der);
  if (outer?.tag !== derTag.sequence || outer.whole.length !== der.length) return null;
  const [tbs, algorithm] = derChildren(outer) ?? [];
  const fields = tbs && derChildren(tbs);
  if (!fields || !algorithm) return null;
  try {
    const x509 = new X509Certificate(der);
    return { x509, facts: factsOf(x509, fields, algorithm, source) };
  } catch {
    return null;
  }
}

function factsOf(
  x509: X509Certificate,
  fields: readonly DerElement[],
  algorithm: DerElement,
  source: MaterialSource,
): CertificateFacts {
  const spki = x509.publicKey.export({ type: "spki", format: "der" });
  const [oid] = derChildren(algorithm) ?? [];
  const signature = oid ? oidText(oid.content) : "";
  return {
    fingerprintSha256: sha256(x509.raw),
    spkiSha256: sha256(spki),
    serialNumber: x509.serialNumber.toLowerCase(),
    subject: oneLine(x509.subject),
    commonName: attribute(x509.subject, "CN"),
    organization: attribute(x509.subject, "O"),
    issuer: oneLine(x509.issuer),
    issuerCommonName: attribute(x509.issuer, "CN"),
    dnsNames: dnsNames(fields),
    validFrom: x509.validFromDate,
    validTo: x509.validToDate,
    keyType: keyType(x509.publicKey),
    signatureAlgorithm: signatureNames[signature] ?? signature,
    isCa: x509.ca,
    isSelfSigned: x509.checkIssued(x509) && x509.verify(x509.publicKey),
    source,
  };
}

/** SubjectAltName dNSNames, read from the bytes: the text form that Node gives cannot be taken apart safely. */
function dnsNames(fields: readonly DerElement[]): readonly string[] {
  const wrapper = fields.find((field) => field.tag === 0xa3);
  const list = wrapper && derChildren(wrapper)?.[0];
  for (const extension of (list && derChildren(list)) ?? []) {
    const [oid, ...rest] = derChildren(extension) ?? [];
    if (oid?.tag !== derTag.oid || oidText(oid.content) !== subjectAltName) continue;
    const names = derAt(rest.at(-1)?.content ?? Buffer.alloc(0));
    const found = ((names && derChildren(names)) ?? []).filter((name) => name.tag === dnsNameTag);
    return [...new Set(found.map((name) => name.content.toString("latin1").toLowerCase()))];
  }
  return [];
}

/** Node writes one attribute per line, most general first. */
function attribute(name: string, key: string): string | null {
  const lines = (name ?? "").split("\n").filter((line) => line.startsWith(`${key}=`));
  return lines.at(-1)?.slice(key.length + 1) ?? null;
}

function oneLine(name: string): string {
  return (name ?? "").split("\n").join(", ");
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
