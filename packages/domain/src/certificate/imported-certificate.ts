import type { CertificateId, OrderId, VaultRef } from "../values/ids.ts";

/** How much of what was dropped is kept. */
export const importModes = ["certificate-and-key", "certificate-only", "metadata-only"] as const;
export type ImportMode = (typeof importModes)[number];

/** The metadata row of an imported certificate. The material itself lies sealed in the vault; here are only references. */
export interface ImportedCertificate {
  readonly certificateId: CertificateId;
  /** SHA-256 over the DER, lower-case hex. Unique: the same certificate is imported once. */
  readonly fingerprintSha256: string;
  readonly spkiSha256: string;
  readonly serialNumber: string;
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly organization: string | null;
  readonly issuer: string;
  readonly keyType: string;
  readonly signatureAlgorithm: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  readonly isChainComplete: boolean;
  /** Common names of the stored intermediates, in stored order. */
  readonly chainNames: readonly string[];
  readonly mode: ImportMode;
  readonly certificateRef: VaultRef | null;
  readonly keyRef: VaultRef | null;
  readonly orderId: OrderId | null;
  /** The issuance of that order this certificate is; null without an order. */
  readonly caCertificateId: string | null;
  /** Counts up from 1 among the certificates of one order. */
  readonly version: number;
  /** Of the versions of one order the one in use: the newest, or the one that a person went back to. */
  readonly isCurrent: boolean;
  readonly notes: string;
  readonly importedAt: Date;
  readonly importedBy: string;
}
