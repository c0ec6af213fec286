import { type Actor, authorize } from "../actor.ts";
import type { AuditEntry } from "../audit/audit-entry.ts";
import { checkNotes, holdsKeyMaterial } from "../certificate/edit-notes.ts";
import { certificateSubject } from "../certificate/get-certificate.ts";
import type { ImportedCertificate } from "../certificate/imported-certificate.ts";
import { Conflict } from "../change.ts";
import { auditDone, type Ctx, traceRefusal } from "../context.ts";
import { latestIssuance, type Order } from "../order/order.ts";
import { type Refusal, refuse } from "../refusal.ts";
import { certificateIdSchema, type VaultRef } from "../values/ids.ts";
import { CertificateMaterial } from "./certificate-material.ts";
import { isComplete } from "./completion.ts";
import { isBlocked, overrideRight } from "./findings.ts";
import { displayName, isOlder } from "./judge.ts";
import type { CertificateFacts, MaterialFacts, SortedMaterial } from "./material-facts.ts";
import { type ImportInput, type ImportPlan, planImport } from "./preview-import.ts";

type SealedRefs = { readonly certificateRef: VaultRef | null; readonly keyRef: VaultRef | null };

/**
 * Imports what was dropped. Reads and judges again; any block is the refusal `import-blocked` with the findings.
 * Seals the material first, then commits the row: a crash in between leaves a sealed item nobody names, which the
 * sweep removes. The same certificate again gets what it lacks, chain or key; where it lacks nothing, that is the
 * refusal `already-imported`.
 */
export async function importCertificate(
  ctx: Ctx,
  input: ImportInput & { notes: string },
): Promise<ImportedCertificate> {
  authorize(ctx.actor, "certificates:import");
  checkNotes(input.notes);
  checkReason(input.overrideReason);
  const plan = await planImport(ctx, input);
  const { certificate } = plan.facts;
  const refusal = importRefusal(ctx.actor, plan, input.overrideReason);
  if (refusal || !certificate || !plan.material) {
    throw refuse(await traced(ctx, plan, refusal ?? { code: "import-blocked", findings: plan.findings }));
  }
  const { overrideReason } = input;
  const overridden = isBlocked(plan.findings) && overrideReason !== null ? { overrideReason } : {};
  if (plan.known)
    return await complete(ctx, plan, { certificate, material: plan.material, known: plan.known, overridden });
  const sealed = await seal(ctx, certificate, plan.material, input.mode);
  const row = await certificateRow(ctx, { plan, certificate, sealed, mode: input.mode, notes: input.notes });
  const details = {
    mode: row.mode,
    version: row.version,
    findings: plan.findings.map((f) => f.id).join(", "),
    ...overridden,
  };
  const audit = [
    auditDone(ctx, row.importedAt, { act: "certificate.import", subject: certificateSubject(row), details }),
  ];
  if (plan.order) audit.push(auditDone(ctx, row.importedAt, orderTrace(plan.order, row, overridden)));
  try {
    await ctx.store.commit({ writes: [{ write: "certificate-imported", certificate: row }], audit });
  } catch (error) {
    await discard(ctx, sealed);
    if (!(error instanceof Conflict)) throw error;
    // It may be there for another account, whose certificates are none of this person's.
    const known = await ctx.store.certificateByFingerprint(row.fingerprintSha256);
    throw refuse(known ? alreadyImported(known) : { code: "conflict" }, error);
  }
  await learnIntermediates(ctx, plan.facts.chainState, plan.material);
  return row;
}

interface Completed {
  readonly certificate: CertificateFacts;
  readonly material: SortedMaterial;
  readonly known: ImportedCertificate;
  readonly overridden: AuditEntry["details"];
}

/** Adds to the certificate that is there what it lacks; it stays the same version. What was sealed before is discarded after. */
async function complete(ctx: Ctx, plan: ImportPlan, parts: Completed): Promise<ImportedCertificate> {
  const { certificate, material, known, overridden } = parts;
  const adds = new Set(plan.completes);
  const keepsCertificate = known.certificateRef !== null || adds.has("certificate");
  const isSealedAnew = keepsCertificate && (adds.has("certificate") || adds.has("chain"));
  const added = {
    certificateRef: isSealedAnew ? await sealCertificate(ctx, certificate, material) : null,
    keyRef: adds.has("private-key") ? await sealKey(ctx, certificate, material) : null,
  };
  const certificateRef = added.certificateRef ?? known.certificateRef;
  const keyRef = added.keyRef ?? known.keyRef;
  const row = {
    ...known,
    ...(isSealedAnew || adds.has("chain") ? chainFacts(plan.facts) : {}),
    certificateRef,
    keyRef,
    mode: keyRef ? "certificate-and-key" : certificateRef ? "certificate-only" : "metadata-only",
  } satisfies ImportedCertificate;
  const details = {
    version: row.version,
    added: plan.completes.join(", "),
    findings: plan.findings.map((f) => f.id).join(", "),
    ...overridden,
  };
  const audit = [
    auditDone(ctx, ctx.clock.now(), { act: "certificate.import", subject: certificateSubject(row), details }),
  ];
  try {
    await ctx.store.commit({
      writes: [{ write: "certificate-completed", certificate: row, from: known }],
      audit,
    });
  } catch (error) {
    await discard(ctx, added);
    throw error;
  }
  await discard(ctx, {
    certificateRef: added.certificateRef && known.certificateRef,
    keyRef: added.keyRef && known.keyRef,
  });
  await learnIntermediates(ctx, plan.facts.chainState, material);
  return row;
}

/** A chain that ends in a trusted root teaches the library; one that could not be written is learned another time. */
async function learnIntermediates(
  { intermediates }: Ctx,
  chainState: MaterialFacts["chainState"],
  { chainPem }: SortedMaterial,
): Promise<void> {
  if (chainState !== "complete") return;
  await intermediates.add(chainPem.reveal()).catch(() => {});
}

function importRefusal(
  { rights, scope }: Actor,
  plan: ImportPlan,
  overrideReason: string | null,
): Refusal | null {
  const standing = plan.findings.filter((found) => {
    const right = overrideRight(found);
    const isOverridden = overrideReason !== null && right !== null && rights.has(right);
    return found.severity === "blocked" && !isOverridden;
  });
  if (standing.length > 0) return { code: "import-blocked", findings: plan.findings };
  if (plan.known && plan.completes.length === 0) return alreadyImported(plan.known);
  // Without an order a certificate belongs to no account, and whoever sees only some would have lost it.
  return plan.known === null && plan.order === null && scope !== "all" ? { code: "order-required" } : null;
}

/** Longest reason, in characters. */
const longestReason = 500;

/** Throws `invalid-input` on the field `overrideReason` for one that says nothing, is too long, or holds a key. */
function checkReason(reason: string | null): void {
  if (reason === null) return;
  const invalid = (problem: string) => refuse({ code: "invalid-input", field: "overrideReason", problem });
  if (reason.trim() === "") throw invalid("empty");
  if (reason.length > longestReason) throw invalid("too-long");
  if (holdsKeyMaterial(reason)) throw invalid("holds-key-material");
}

function alreadyImported(known: ImportedCertificate): Refusal {
  return { code: "already-imported", certificateId: known.certificateId, importedAt: known.importedAt };
}

async function traced(ctx: Ctx, plan: ImportPlan, refusal: Refusal): Promise<Refusal> {
  const { certificate } = plan.facts;
  const subject = plan.order
    ? ({ kind: "order", id: plan.order.orderId, label: plan.order.commonName } as const)
    : ({
        kind: "certificate",
        id: certificate?.fingerprintSha256 ?? "none",
        label: certificate ? displayName(certificate) : "",
      } as const);
  return await traceRefusal(ctx, ctx.clock.now(), { act: "certificate.import", subject }, refusal);
}

async function seal(
  ctx: Ctx,
  certificate: CertificateFacts,
  material: SortedMaterial,
  mode: ImportInput["mode"],
): Promise<SealedRefs> {
  if (mode === "metadata-only") return { certificateRef: null, keyRef: null };
  const certificateRef = await sealCertificate(ctx, certificate, material);
  return {
    certificateRef,
    keyRef: mode === "certificate-and-key" ? await sealKey(ctx, certificate, material) : null,
  };
}

/** The certificate and its chain, as one PEM text. */
async function sealCertificate(
  { vault }: Ctx,
  { fingerprintSha256: boundTo }: CertificateFacts,
  { certificatePem, chainPem }: SortedMaterial,
): Promise<VaultRef> {
  const chain = new CertificateMaterial(joined(certificatePem.reveal(), chainPem.reveal()));
  return await vault.put({ kind: "certificate", boundTo }, chain);
}

async function sealKey(
  { vault }: Ctx,
  { fingerprintSha256: boundTo }: CertificateFacts,
  { privateKeyPem }: SortedMaterial,
): Promise<VaultRef | null> {
  return privateKeyPem && (await vault.put({ kind: "private-key", boundTo }, privateKeyPem));
}

async function discard(ctx: Ctx, { certificateRef, keyRef }: SealedRefs): Promise<void> {
  for (const ref of [certificateRef, keyRef]) if (ref) await ctx.vault.discard(ref);
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

interface RowParts {
  readonly plan: ImportPlan;
  readonly certificate: CertificateFacts;
  readonly sealed: SealedRefs;
  readonly mode: ImportInput["mode"];
  readonly notes: string;
}

async function certificateRow(ctx: Ctx, parts: RowParts): Promise<ImportedCertificate> {
  const { plan, certificate, sealed, mode, notes } = parts;
  const orderId = plan.order?.orderId ?? null;
  return {
    certificateId: certificateIdSchema.parse(ctx.newId()),
    fingerprintSha256: certificate.fingerprintSha256,
    spkiSha256: certificate.spkiSha256,
    serialNumber: certificate.serialNumber,
    commonName: displayName(certificate),
    dnsNames: certificate.dnsNames,
    organization: certificate.organization,
    issuer: certificate.issuerCommonName ?? certificate.issuer,
    keyType: certificate.keyType,
    signatureAlgorithm: certificate.signatureAlgorithm,
    validFrom: certificate.validFrom,
    validTo: certificate.validTo,
    ...chainFacts(plan.facts),
    mode,
    ...sealed,
    orderId,
    caCertificateId: plan.order ? issuanceOf(plan.order, certificate) : null,
    version: plan.nextVersion,
    isCurrent: plan.previous === null || !isOlder(certificate, plan.previous),
    notes,
    importedAt: ctx.clock.now(),
    importedBy: ctx.actor.name,
  };
}

function chainFacts({ chain, chainState }: MaterialFacts) {
  const stored = chain.filter((entry) => entry.mark !== "left-out").slice(1);
  return {
    isChainComplete: isComplete(chainState),
    chainNames: stored.map((entry) => displayName(entry.certificate)),
  };
}

/**
 * Which issuance of the order this certificate is: of those that end the same day, the one that begins nearest to it;
 * else the one in force, unless this one ends before that: then it is one that the CA names no more.
 */
function issuanceOf(order: Order, { validFrom, validTo }: CertificateFacts): string | null {
  const dayMs = 24 * 60 * 60 * 1000;
  const apart = (one: Date, other: Date) => Math.abs(one.getTime() - other.getTime());
  const [nearest] = order.issuances
    .filter((issuance) => apart(issuance.validTo, validTo) < dayMs)
    .sort((one, other) => apart(one.validFrom, validFrom) - apart(other.validFrom, validFrom));
  if (nearest) return nearest.caCertificateId;
  const inForce = latestIssuance(order);
  return inForce && inForce.validTo <= validTo ? inForce.caCertificateId : null;
}

function orderTrace(order: Order, row: ImportedCertificate, overridden: AuditEntry["details"]) {
  return {
    act: "certificate.import" as const,
    subject: { kind: "order" as const, id: order.orderId, label: order.commonName },
    details: { certificateId: row.certificateId, mode: row.mode, version: row.version, ...overridden },
  };
}
