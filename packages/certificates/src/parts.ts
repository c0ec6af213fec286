import type { X509Certificate } from "node:crypto";
import {
  type CertificateFacts,
  type ChainEntry,
  type Finding,
  finding,
  type KeyFacts,
  type MaterialSource,
  type RequestFacts,
} from "@sealpost/domain";
import type { CertificateFields } from "./certificate-fields.ts";
import { type Limit, limits } from "./limits.ts";
import type { PublicKeyFacts } from "./public-key.ts";

/** A certificate found, with what the chain builder needs of it. */
export interface CertificatePart {
  readonly x509: X509Certificate;
  readonly fields: CertificateFields;
  readonly publicKey: PublicKeyFacts;
  readonly facts: CertificateFacts;
  /** Absent: it was given. */
  readonly origin?: ChainEntry["origin"];
}

export interface KeyPart {
  /** Unencrypted, as it will be stored. */
  readonly pkcs8Pem: string;
  readonly facts: KeyFacts;
}

export type RequestPart = RequestFacts;

/** Everything found so far, in the order it was found. One per reading; the formats add to it. */
export interface Parts {
  readonly certificates: CertificatePart[];
  readonly keys: KeyPart[];
  readonly requests: RequestPart[];
  readonly orderNumbers: Set<string>;
  readonly findings: Finding[];
  readonly passphrase: string | null;
  /** What this reading has cost so far, against the limits of the same name. */
  readonly spent: { keyRounds: number; sumBytes: number; blocks: number };
}

export function emptyParts(passphrase: string | null): Parts {
  return {
    certificates: [],
    keys: [],
    requests: [],
    orderNumbers: new Set(),
    findings: [],
    passphrase,
    spent: { keyRounds: 0, sumBytes: 0, blocks: 0 },
  };
}

export function note(parts: Parts, ...what: Parameters<typeof finding>): void {
  parts.findings.push(finding(...what));
}

/** Says once per source that a limit was reached. */
export function noteLimit(parts: Parts, limit: Limit, source: MaterialSource): void {
  note(parts, "resource-limit", { limit, value: limits[limit] }, source);
}

/** Adds a certificate, unless there are too many already. */
export function addCertificate(parts: Parts, certificate: CertificatePart): void {
  if (parts.certificates.length < limits.certificates) parts.certificates.push(certificate);
  else noteLimit(parts, "certificates", certificate.facts.source);
}
