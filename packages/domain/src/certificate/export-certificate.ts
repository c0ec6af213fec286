import { authorize, requireRecentSignIn } from "../actor.ts";
import { auditDone, type Ctx } from "../context.ts";
import { CertificateMaterial } from "../import/certificate-material.ts";
import { refuse } from "../refusal.ts";
import type { CertificateId } from "../values/ids.ts";
import { holdsKeyMaterial } from "./edit-notes.ts";
import { exportReasonLength } from "./export-reason.ts";
import { certificateSubject, getCertificate } from "./get-certificate.ts";
import type { ImportedCertificate } from "./imported-certificate.ts";

/** `certificate`: leaf and intermediates. `key`: the private key. `pem`: both in one file, so it needs the key right. */
export const exportParts = ["certificate", "key", "pem"] as const;
export type ExportPart = (typeof exportParts)[number];

export interface ExportedFile {
  readonly fileName: string;
  readonly material: CertificateMaterial;
}

/**
 * Opens the vault for one download and leaves a trace before the bytes are handed out; of a key, with the reason.
 * Throws `forbidden`, `step-up-required`, `invalid-input`, `not-found`, `key-not-stored` or `material-not-stored`.
 */
export async function exportCertificate(
  ctx: Ctx,
  certificateId: CertificateId,
  part: ExportPart,
  reason: string | null,
): Promise<ExportedFile> {
  authorize(ctx.actor, part === "certificate" ? "certificates:download" : "keys:export");
  if (part !== "certificate") requireRecentSignIn(ctx.actor, ctx.clock.now());
  const why = part === "certificate" ? {} : { exportReason: checkedReason(reason) };
  const certificate = await getCertificate(ctx, certificateId);
  const boundTo = certificate.fingerprintSha256;
  const { certificateRef, keyRef } = certificate;
  if (part !== "certificate" && keyRef === null) throw refuse({ code: "key-not-stored" });
  if (part !== "key" && certificateRef === null) throw refuse({ code: "material-not-stored" });
  const chain =
    part !== "key" && certificateRef
      ? await ctx.vault.open(certificateRef, { kind: "certificate", boundTo })
      : null;
  const key =
    part !== "certificate" && keyRef ? await ctx.vault.open(keyRef, { kind: "private-key", boundTo }) : null;
  const act = part === "certificate" ? ("certificate.download" as const) : ("key.export" as const);
  const trace = { act, subject: certificateSubject(certificate), details: { part, ...why } };
  await ctx.store.commit({ writes: [], audit: [auditDone(ctx, ctx.clock.now(), trace)] });
  const bytes = [chain, key].flatMap((material) => (material ? [...material.reveal()] : []));
  return { fileName: fileName(certificate, part), material: new CertificateMaterial(Uint8Array.from(bytes)) };
}

function checkedReason(reason: string | null): string {
  const invalid = (problem: string) => refuse({ code: "invalid-input", field: "reason", problem });
  const words = reason?.trim() ?? "";
  if (words.length < exportReasonLength.min) throw invalid("too-short");
  if (words.length > exportReasonLength.max) throw invalid("too-long");
  if (holdsKeyMaterial(words)) throw invalid("holds-key-material");
  return words;
}

const extensions = { certificate: "crt", key: "key", pem: "pem" } as const satisfies Record<
  ExportPart,
  string
>;

/** The common name with `*` spelled out, so that every file system takes it. */
function fileName(certificate: ImportedCertificate, part: ExportPart): string {
  const stem = certificate.commonName
    .replace(/^\*\./, "_wildcard_.")
    .replace(/[^A-Za-z0-9._-]/g, "_")
    .slice(0, 100);
  return `${stem}.${extensions[part]}`;
}
