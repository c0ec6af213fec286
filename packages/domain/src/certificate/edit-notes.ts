import { authorize } from "../actor.ts";
import { auditDone, type Ctx } from "../context.ts";
import { refuse } from "../refusal.ts";
import type { CertificateId } from "../values/ids.ts";
import { certificateSubject, getCertificate } from "./get-certificate.ts";
import type { ImportedCertificate } from "./imported-certificate.ts";

/** Longest note, in characters. */
export const longestNotes = 4000;

/** Replaces the notes. A private key pasted there by mistake is refused, since notes are plain metadata. */
export async function editNotes(
  ctx: Ctx,
  certificateId: CertificateId,
  notes: string,
): Promise<ImportedCertificate> {
  authorize(ctx.actor, "certificates:import");
  checkNotes(notes);
  const certificate = await getCertificate(ctx, certificateId);
  const trace = { act: "certificate.edit-notes" as const, subject: certificateSubject(certificate) };
  const audit = [auditDone(ctx, ctx.clock.now(), trace)];
  await ctx.store.commit({ writes: [{ write: "certificate-notes", certificateId, notes }], audit });
  return { ...certificate, notes };
}

/** Throws `invalid-input` on the field `notes` for text too long or with a key or certificate in it. */
export function checkNotes(notes: string): void {
  if (notes.length > longestNotes)
    throw refuse({ code: "invalid-input", field: "notes", problem: "too-long" });
  if (holdsKeyMaterial(notes))
    throw refuse({ code: "invalid-input", field: "notes", problem: "holds-key-material" });
}

/** What a person may have pasted into a text that everybody can read. */
export function holdsKeyMaterial(text: string): boolean {
  return /-----BEGIN |PRIVATE KEY/.test(text);
}
