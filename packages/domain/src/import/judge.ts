import type { ImportedCertificate, ImportMode } from "../certificate/imported-certificate.ts";
import type { Order } from "../order/order.ts";
import { type Finding, finding } from "./findings.ts";
import { missingNames } from "./match-order.ts";
import type { CertificateFacts, MaterialFacts } from "./material-facts.ts";

/** What the judge looks at beside the material. */
export interface JudgeSituation {
  readonly mode: ImportMode;
  /** The order it is imported for; null: for none. */
  readonly order: Order | null;
  /** Names wanted where no order says them. */
  readonly hosts?: readonly string[];
  /** Whose key a key is that does not fit: common name and number of the order made with it. */
  readonly keyOwner: Pick<Order, "commonName" | "caOrderId"> | null;
  /** The current version of the order's certificate, where this one is another; null or left out: none. */
  readonly previous?: Pick<ImportedCertificate, "version" | "validTo" | "spkiSha256" | "importedAt"> | null;
  readonly now: Date;
}

const dayMs = 24 * 60 * 60 * 1000;
/** From here on a certificate counts as ending soon: 30 days, or a third of a shorter life. */
const soonDays = 30;

const severityOrder = { blocked: 0, warning: 1, fixed: 2 } as const;

/**
 * Everything there is to say about the material, blocked first. Pure: the same facts at the same moment give the same
 * findings in the preview and at the import.
 */
export function judge(facts: MaterialFacts, situation: JudgeSituation): readonly Finding[] {
  const { certificate } = facts;
  const found = [
    ...facts.findings.map((read) => withKeyOwner(read, situation.keyOwner)),
    ...(certificate ? dateFindings(certificate, situation.now) : []),
    ...(certificate ? validityFindings(certificate) : []),
    ...(certificate ? orderFindings(certificate, situation.order, situation.hosts ?? []) : []),
    ...(certificate ? versionFindings(certificate, situation.previous ?? null) : []),
    ...keyFindings(facts, situation.mode),
  ];
  const first = new Map(found.map((f) => [`${f.id}|${JSON.stringify(f.params)}`, f]));
  return [...first.values()].sort((a, b) => severityOrder[a.severity] - severityOrder[b.severity]);
}

function dateFindings(certificate: CertificateFacts, now: Date): Finding[] {
  const { validFrom, validTo, source } = certificate;
  const name = displayName(certificate);
  // The last second belongs to the validity (RFC 5280 section 4.1.2.5).
  if (now.getTime() >= validTo.getTime() + 1000)
    return [finding("expired", { name, at: validTo.toISOString() }, source)];
  if (validFrom > now) return [finding("not-yet-valid", { name, at: validFrom.toISOString() }, source)];
  const lifeDays = (validTo.getTime() - validFrom.getTime()) / dayMs;
  const leftDays = (validTo.getTime() - now.getTime()) / dayMs;
  const isSoon = leftDays <= Math.min(soonDays, lifeDays / 3);
  return isSoon
    ? [finding("expires-soon", { name, days: Math.floor(leftDays), at: validTo.toISOString() }, source)]
    : [];
}

/** Longest validity in days of a certificate that begins on or after a day (Baseline Requirements section 6.3.2). */
const longestValidity = [
  { from: "2029-03-15", days: 47 },
  { from: "2027-03-15", days: 100 },
  { from: "2026-03-15", days: 200 },
  { from: "2020-09-01", days: 398 },
  { from: "2018-03-01", days: 825 },
] as const;

function validityFindings(certificate: CertificateFacts): Finding[] {
  const { validFrom, validTo, source } = certificate;
  const most = longestValidity.find(({ from }) => validFrom >= new Date(from))?.days ?? 1187;
  // Both ends count: a certificate from 00:00:00 to 23:59:59 is valid for one whole day.
  const days = Math.ceil((validTo.getTime() + 1000 - validFrom.getTime()) / dayMs);
  const isLonger = validTo.getTime() + 1000 - validFrom.getTime() > most * dayMs;
  return isLonger
    ? [finding("validity-too-long", { name: displayName(certificate), days, most }, source)]
    : [];
}

function orderFindings(
  certificate: CertificateFacts,
  order: Order | null,
  hosts: readonly string[],
): Finding[] {
  const name = displayName(certificate);
  if (order && order.csrSpkiSha256 !== null && order.csrSpkiSha256 !== certificate.spkiSha256) {
    const about = { name, order: order.caOrderId, ordered: order.commonName };
    return [finding("other-order", about, certificate.source)];
  }
  const missing = missingNames(order?.dnsNames ?? hosts, certificate);
  if (missing.length === 0) return [];
  const covered = [...certificate.dnsNames, ...certificate.ipAddresses].join(", ") || "-";
  return [finding("hostname-mismatch", { name, missing: missing.join(", "), covered }, certificate.source)];
}

function versionFindings(
  certificate: CertificateFacts,
  previous: NonNullable<JudgeSituation["previous"]> | null,
): Finding[] {
  if (previous === null) return [];
  const { version, validTo, importedAt, spkiSha256 } = previous;
  const name = displayName(certificate);
  const found: Finding[] = [];
  if (isOlder(certificate, previous)) {
    const ends = { at: certificate.validTo.toISOString(), laterAt: validTo.toISOString() };
    found.push(finding("older-certificate", { name, version, ...ends }, certificate.source));
  }
  if (certificate.spkiSha256 !== spkiSha256)
    found.push(finding("key-changed", { name, version, at: importedAt.toISOString() }, certificate.source));
  return found;
}

/** Whether it ends before the version in use: then it does not take its place. */
export function isOlder(
  certificate: Pick<CertificateFacts, "validTo">,
  previous: Pick<ImportedCertificate, "validTo">,
): boolean {
  return certificate.validTo < previous.validTo;
}

function keyFindings(facts: MaterialFacts, mode: ImportMode): Finding[] {
  const isMissing = facts.certificate !== null && facts.key === null && mode === "certificate-and-key";
  const isExplained = facts.findings.some(
    (f) => f.id === "passphrase-required" || f.id === "wrong-passphrase",
  );
  if (!isMissing || isExplained || facts.certificate === null) return [];
  return [finding("missing-key", { name: displayName(facts.certificate) })];
}

/** Says whose key it is, where we know: the reader cannot, since it knows no orders. */
function withKeyOwner(read: Finding, owner: JudgeSituation["keyOwner"]): Finding {
  if (read.id !== "key-mismatch" || owner === null) return read;
  return { ...read, params: { ...read.params, owner: owner.commonName, ownerOrder: owner.caOrderId } };
}

/** How a certificate is called in sentences: by host name, never by number. */
export function displayName(certificate: CertificateFacts): string {
  return certificate.commonName ?? certificate.dnsNames[0] ?? certificate.subject;
}
