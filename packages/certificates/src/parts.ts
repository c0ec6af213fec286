import type { KeyObject, X509Certificate } from "node:crypto";
import type { CertificateFacts, Finding, KeyFacts, MaterialSource } from "@sealpost/domain";

/** A certificate found, with what the chain builder needs of it. */
export interface CertificatePart {
  readonly x509: X509Certificate;
  readonly facts: CertificateFacts;
}

export interface KeyPart {
  readonly key: KeyObject;
  readonly facts: KeyFacts;
  /** What it was before: `PKCS#8`, `PKCS#1`, `SEC 1`, and whether it was encrypted. */
  readonly container: string;
  readonly wasEncrypted: boolean;
}

export interface RequestPart {
  readonly spkiSha256: string;
  readonly source: MaterialSource;
}

/** Everything found so far, in the order it was found. One per reading; the formats add to it. */
export interface Parts {
  readonly certificates: CertificatePart[];
  readonly keys: KeyPart[];
  readonly requests: RequestPart[];
  readonly orderNumbers: Set<string>;
  readonly findings: Finding[];
  readonly passphrase: string | null;
  /** Key-derivation rounds still allowed. */
  keyRounds: number;
  bytes: number;
}

export function emptyParts(passphrase: string | null, keyRounds: number): Parts {
  return {
    certificates: [],
    keys: [],
    requests: [],
    orderNumbers: new Set(),
    findings: [],
    passphrase,
    keyRounds,
    bytes: 0,
  };
}
