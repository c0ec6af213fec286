import type { CertificateMaterial } from "./certificate-material.ts";
import type { Finding } from "./findings.ts";

/** Where a part was found: the file dropped, and the way inside it (`mail.eml › example_com.zip › example_com.crt`). */
export interface MaterialSource {
  readonly path: readonly string[];
}

/** Public facts of one certificate (RFC 5280). Times as in the certificate, hashes as lower-case hex. */
export interface CertificateFacts {
  readonly fingerprintSha256: string;
  readonly spkiSha256: string;
  readonly serialNumber: string;
  readonly subject: string;
  readonly commonName: string | null;
  readonly organization: string | null;
  readonly issuer: string;
  readonly issuerCommonName: string | null;
  /** SubjectAltName dNSNames, lower case. */
  readonly dnsNames: readonly string[];
  /** SubjectAltName iPAddresses, as text. */
  readonly ipAddresses: readonly string[];
  readonly validFrom: Date;
  readonly validTo: Date;
  /** As people write it: `RSA 2048`, `EC P-256`, `Ed25519`. */
  readonly keyType: string;
  readonly signatureAlgorithm: string;
  readonly isCa: boolean;
  readonly isSelfSigned: boolean;
  readonly source: MaterialSource;
}

export interface KeyFacts {
  readonly spkiSha256: string;
  readonly keyType: string;
  readonly algorithm: "rsa" | "ec" | "ed25519" | "ed448";
  /** Whether it came behind a passphrase. */
  readonly encrypted: boolean;
  readonly source: MaterialSource;
}

/** A certificate signing request (RFC 2986), as far as it tells which order a certificate belongs to. */
export interface RequestFacts {
  readonly subject: string;
  readonly spkiSha256: string;
  readonly source: MaterialSource;
}

/** What happened to a certificate on its way into the stored order: one line of the chain diff. */
export interface ChainEntry {
  readonly certificate: CertificateFacts;
  /** `left-out` entries come last and are not stored (roots, duplicates, strangers). */
  readonly mark: "kept" | "moved" | "added" | "left-out";
  /** What was given, the library of intermediates, or the CA's own address (RFC 5280 section 4.2.2.1). */
  readonly origin: "given" | "library" | "aia";
  /** Position among what was received, from 1; null when it was added. */
  readonly receivedAt: number | null;
  readonly reason: "root" | "alternative" | "duplicate" | "unrelated" | "other-leaf" | null;
}

/** `complete`: up to a trust anchor; `untrusted`: up to a root nobody trusts; `incomplete`: an issuer is missing. */
export type ChainState = "complete" | "untrusted" | "incomplete" | "self-signed";

/** One TLS handshake over an in-memory pair, with exactly the bytes that would be stored. */
export interface HandshakeProof {
  readonly protocol: string;
  readonly durationMs: number;
  /** The names a client would accept the certificate for, judged beside the handshake (RFC 9525). */
  readonly names: readonly string[];
}

/** Everything read from what a person dropped, as far as it may be shown. */
export interface MaterialFacts {
  readonly certificate: CertificateFacts | null;
  /** The certificate itself is entry 0. */
  readonly chain: readonly ChainEntry[];
  readonly chainState: ChainState | null;
  /** The issuer whose certificate is missing, when the chain is incomplete. */
  readonly missingIssuer: string | null;
  /** Where, by the topmost certificate's own word, its issuer's certificate can be fetched; empty for a full chain. */
  readonly missingIssuerUrls: readonly string[];
  readonly key: KeyFacts | null;
  /** Whether the key is the certificate's; null when one of them is missing. */
  readonly keyFits: boolean | null;
  readonly request: RequestFacts | null;
  /** Numbers named in mail subjects that could be order numbers. */
  readonly orderNumbers: readonly string[];
  /** Null when there was nothing to prove or the proof failed (a finding then says why). */
  readonly handshake: HandshakeProof | null;
  /** What the reading itself found; the judge adds to it. */
  readonly findings: readonly Finding[];
}

/** The bytes that would be stored: PEM, LF line ends, leaf first, root left out, key as PKCS#8. */
export interface SortedMaterial {
  readonly certificatePem: CertificateMaterial;
  readonly chainPem: CertificateMaterial;
  readonly privateKeyPem: CertificateMaterial | null;
}

export interface MaterialReading {
  readonly facts: MaterialFacts;
  /** Null when no certificate was found. */
  readonly material: SortedMaterial | null;
}
