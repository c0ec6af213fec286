import { authorize } from "../actor.ts";
import { auditDone, type Ctx } from "../context.ts";
import type { CertificateId } from "../values/ids.ts";
import { certificateSubject, getCertificate } from "./get-certificate.ts";
import type { ImportedCertificate } from "./imported-certificate.ts";

/**
 * Makes a version of an order's certificate the current one, and the others earlier ones; nothing is deleted, so the
 * same act undoes it. Throws `not-found`. Of a certificate that is current already nothing changes.
 */
export async function makeCurrent(ctx: Ctx, certificateId: CertificateId): Promise<ImportedCertificate> {
  authorize(ctx.actor, "certificates:import");
  const certificate = await getCertificate(ctx, certificateId);
  if (certificate.isCurrent) return certificate;
  const trace = {
    act: "certificate.make-current" as const,
    subject: certificateSubject(certificate),
    details: { version: certificate.version },
  };
  const audit = [auditDone(ctx, ctx.clock.now(), trace)];
  await ctx.store.commit({ writes: [{ write: "certificate-made-current", certificateId }], audit });
  return { ...certificate, isCurrent: true };
}
