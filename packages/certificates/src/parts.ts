import type { X509Certificate } from "node:crypto";
import type {
  CertificateFacts,
  ChainEntry,
  Finding,
  FindingId,
  KeyFacts,
  MaterialSource,
  RequestFacts,
} from "@sealpost/domain";
import { finding } from "@sealpost/domain/judging";
import { readCertificate } from "./certificate-facts.ts";
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

/** Limits of a whole reading. */
type Counted =
  | "keyRounds"
  | "sumBytes"
  | "textSumBytes"
  | "blocks"
  | "certificates"
  | "certificateSumBytes"
  | "keys";

/** Everything found so far, in the order it was found. One per reading; the formats add to it. */
export interface Parts {
  readonly certificates: CertificatePart[];
  readonly keys: KeyPart[];
  readonly requests: RequestPart[];
  readonly orderNumbers: Set<string>;
  readonly findings: Finding[];
  /** What stands in them, so that nothing is said twice. */
  readonly said: Set<string>;
  readonly passphrase: string | null;
  /** What this reading has cost so far, against the limits of the same name. */
  readonly spent: Record<Counted, number>;
}

export function emptyParts(passphrase: string | null): Parts {
  return {
    certificates: [],
    keys: [],
    requests: [],
    orderNumbers: new Set(),
    findings: [],
    said: new Set(),
    passphrase,
    spent: {
      keyRounds: 0,
      sumBytes: 0,
      textSumBytes: 0,
      blocks: 0,
      certificates: 0,
      certificateSumBytes: 0,
      keys: 0,
    },
  };
}

/** Says something once; of more than anybody reads the last word is that there was more. */
export function note({ findings, said }: Parts, ...what: Parameters<typeof finding>): void {
  const found = finding(...what);
  if (findings.length > limits.findings || said.has(textOf(found))) return;
  const isLast = findings.length === limits.findings;
  said.add(textOf(found));
  findings.push(isLast ? finding("resource-limit", limitParams("findings")) : found);
}

/** Takes back what was said of one kind since there were so many findings. */
export function takeBack({ findings, said }: Parts, from: number, taken: FindingId): void {
  const since = findings.splice(from);
  for (const found of since) {
    if (found.id === taken) said.delete(textOf(found));
    else findings.push(found);
  }
}

function textOf({ id, params, source }: Finding): string {
  return JSON.stringify([id, params, source?.path]);
}

/** Says once per source that a limit was reached. */
export function noteLimit(parts: Parts, limit: Limit, source: MaterialSource): void {
  note(parts, "resource-limit", limitParams(limit), source);
}

function limitParams(limit: Limit): Finding["params"] {
  return { limit, value: limits[limit] };
}

/** Counts what is about to be done; false, and said, when it would be too much. */
export function mayStill(parts: Parts, limit: Counted, amount: number, source: MaterialSource): boolean {
  parts.spent[limit] += amount;
  if (parts.spent[limit] <= limits[limit]) return true;
  noteLimit(parts, limit, source);
  return false;
}

/**
 * Reads a certificate and adds it, unless it is too long or there were too many already: that is looked at before
 * anything is parsed. False when it is none.
 */
export function takeCertificate(parts: Parts, der: Buffer, source: MaterialSource): boolean {
  const isAllowed =
    mayStill(parts, "certificates", 1, source) &&
    isShort(parts, "certificateBytes", der, source) &&
    mayStill(parts, "certificateSumBytes", der.length, source);
  if (!isAllowed) return true;
  const certificate = readCertificate(der, source);
  if (certificate) parts.certificates.push(certificate);
  return certificate !== null;
}

/** Whether something is no longer than its kind may be; said, when it is. */
export function isShort(
  parts: Parts,
  limit: "certificateBytes" | "keyBytes",
  { length }: Buffer,
  source: MaterialSource,
): boolean {
  if (length > limits[limit]) noteLimit(parts, limit, source);
  return length <= limits[limit];
}
