import { authorize } from "../actor.ts";
import type { Ctx } from "../context.ts";
import type { CertificateListQuery, CertificatePage } from "../ports/store.ts";

/** A page of the imported certificates one may see. Throws `forbidden`, or `invalid-input` for a cursor that is none. */
export async function listCertificates(
  ctx: Ctx,
  query: Omit<CertificateListQuery, "scope">,
): Promise<CertificatePage> {
  authorize(ctx.actor, "orders:see");
  return await ctx.store.listCertificates(query);
}
