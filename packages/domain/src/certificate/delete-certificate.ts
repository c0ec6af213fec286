import { authorize } from "../actor.ts";
import { auditDone, type Ctx } from "../context.ts";
import type { CertificateId } from "../values/ids.ts";
import { certificateSubject, getCertificate } from "./get-certificate.ts";

/**
 * Deletes a certificate with its sealed material. The row goes first: a crash in between leaves sealed items that
 * nobody names, and the sweep removes them.
 */
export async function deleteCertificate(ctx: Ctx, certificateId: CertificateId): Promise<void> {
  authorize(ctx.actor, "certificates:import");
  const certificate = await getCertificate(ctx, certificateId);
  const details = { fingerprintSha256: certificate.fingerprintSha256, hadKey: certificate.keyRef !== null };
  const trace = { act: "certificate.delete" as const, subject: certificateSubject(certificate), details };
  const audit = [auditDone(ctx, ctx.clock.now(), trace)];
  await ctx.store.commit({ writes: [{ write: "certificate-deleted", certificateId }], audit });
  for (const ref of [certificate.certificateRef, certificate.keyRef]) if (ref) await ctx.vault.discard(ref);
}
