import { X509Certificate } from "node:crypto";
import type { CertificateFacts, MaterialSource } from "@sealpost/domain";
import { certificateFields } from "./certificate-fields.ts";
import { addressText, type GeneralName } from "./general-names.ts";
import { limits } from "./limits.ts";
import type { CertificatePart } from "./parts.ts";
import { readPublicKey, sha256 } from "./public-key.ts";
import { isSignedBy } from "./signature.ts";

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

/** The certificates of CAs come again and again, and are public: the last of them are kept as they were read. */
const recent = new Map<string, CertificatePart>();
const mostRecent = 200;
const longestKept = 4096;

/** Reads one certificate in DER (RFC 5280 section 4.1). Null when it is none, too long, or one that OpenSSL cannot read. */
export function readCertificate(der: Buffer, source: MaterialSource): CertificatePart | null {
  const fingerprint = sha256(der);
  if (der.length > longestKept) return readAnew(der, fingerprint, source);
  const known = recent.get(fingerprint);
  recent.delete(fingerprint);
  // A copy of its own: what is kept must not keep the upload around it.
  const part = known
    ? { ...known, facts: { ...known.facts, source } }
    : readAnew(Buffer.from(der), fingerprint, source);
  if (part?.facts.isCa) recent.set(fingerprint, known ?? part);
  const [oldest] = recent.keys();
  if (recent.size > mostRecent && oldest !== undefined) recent.delete(oldest);
  return part;
}

function readAnew(der: Buffer, fingerprintSha256: string, source: MaterialSource): CertificatePart | null {
  const fields = der.length <= limits.certificateBytes ? certificateFields(der) : null;
  const x509 = fields && parsed(der);
  if (!x509) return null;
  const publicKey = readPublicKey(fields.spki);
  const { extensions, subject, issuer } = fields;
  const names = extensions.names ?? [];
  const facts: CertificateFacts = {
    fingerprintSha256,
    spkiSha256: publicKey.spkiSha256,
    serialNumber: fields.serial.content.toString("hex").replace(/^(00)+(?=.)/, ""),
    subject: subject.text,
    commonName: subject.commonName,
    organization: subject.organization,
    issuer: issuer.text,
    issuerCommonName: issuer.commonName,
    dnsNames: dnsNames(names),
    ipAddresses: names.flatMap((name) => (name.kind === "ip" ? (addressText(name.bytes) ?? []) : [])),
    validFrom: x509.validFromDate,
    validTo: x509.validToDate,
    keyType: publicKey.keyType,
    signatureAlgorithm: signatureNames[fields.signatureOid] ?? fields.signatureOid,
    isCa: extensions.basicConstraints?.isCa ?? false,
    // By signature alone: who signs only himself need not have the right to sign others.
    isSelfSigned: subject.bytes.equals(issuer.bytes) && isSignedBy(x509, { x509, publicKey }),
    source,
  };
  return { x509, fields, publicKey, facts };
}

/**
 * Null for what OpenSSL refuses, for dates that are none, and where it reads something else than these bytes: Node looks
 * for PEM first, anywhere in them, and would take a certificate written into an extension of another for the whole.
 */
function parsed(der: Buffer): X509Certificate | null {
  try {
    const x509 = new X509Certificate(der);
    const isWhole = x509.raw.equals(der);
    return isWhole && x509.validFromDate.getTime() <= x509.validToDate.getTime() ? x509 : null;
  } catch {
    return null;
  }
}

/** Anything but visible ASCII is no host name, and must not reach a screen. */
function dnsNames(names: readonly GeneralName[]): readonly string[] {
  const found = names.filter(({ kind, text }) => kind === "dns" && /^[\x21-\x7e]+$/.test(text));
  return [...new Set(found.map(({ text }) => text))];
}

/** How a certificate is called in sentences: by host name, never by number. */
export function nameOf({ commonName, dnsNames, subject }: CertificateFacts): string {
  return commonName ?? dnsNames[0] ?? subject;
}
