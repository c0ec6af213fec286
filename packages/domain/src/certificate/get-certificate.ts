import { authorize } from "../actor.ts";
import type { AuditEntry } from "../audit/audit-entry.ts";
import type { Ctx } from "../context.ts";
import { refuse } from "../refusal.ts";
import type { CertificateId } from "../values/ids.ts";
import type { ImportedCertificate } from "./imported-certificate.ts";

/** The metadata of one imported certificate. Throws `not-found`. */
export async function getCertificate(ctx: Ctx, certificateId: CertificateId): Promise<ImportedCertificate> {
  authorize(ctx.actor, "orders:see");
  const certificate = await ctx.store.certificate(certificateId);
  if (!certificate) throw refuse({ code: "not-found", what: "certificate" });
  return certificate;
}

/** How the trace names a certificate. */
export function certificateSubject(certificate: ImportedCertificate): AuditEntry["subject"] {
  return { kind: "certificate", id: certificate.certificateId, label: certificate.commonName };
}
