import { authorize, requireRecentSignIn } from "../actor.ts";
import { auditDone, type Ctx } from "../context.ts";
import { CertificateMaterial } from "../import/certificate-material.ts";
import { refuse } from "../refusal.ts";
import type { CertificateId } from "../values/ids.ts";
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
 * Opens the vault for one download and leaves a trace before the bytes are handed out.
 * Throws `forbidden`, `step-up-required`, `not-found`, `key-not-stored` or `material-not-stored`.
 */
export async function exportCertificate(
  ctx: Ctx,
  certificateId: CertificateId,
  part: ExportPart,
): Promise<ExportedFile> {
  authorize(ctx.actor, part === "certificate" ? "certificates:download" : "keys:export");
  if (part !== "certificate") requireRecentSignIn(ctx.actor, ctx.clock.now());
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
  const trace = { act, subject: certificateSubject(certificate), details: { part } };
  await ctx.store.commit({ writes: [], audit: [auditDone(ctx, ctx.clock.now(), trace)] });
  const bytes = [chain, key].flatMap((material) => (material ? [...material.reveal()] : []));
  return { fileName: fileName(certificate, part), material: new CertificateMaterial(Uint8Array.from(bytes)) };
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
