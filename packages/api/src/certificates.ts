import {
  authorize,
  certificateIdSchema,
  deleteCertificate,
  editNotes,
  getCertificate,
  importCertificate,
  listCertificates,
  longestNotes,
  makeCurrent,
  orderIdSchema,
  previewImport,
} from "@sealpost/domain";
import { z } from "zod";
import { readImportForm } from "./import-form.ts";
import { procedure, router } from "./trpc.ts";
import { certificateView, importPlanView } from "./views.ts";

const certificateInput = z.object({ certificateId: certificateIdSchema });

const listInput = z.object({
  search: z.string().max(200).default(""),
  orderId: orderIdSchema.nullable().default(null),
  cursor: z.string().max(1000).nullable().default(null),
  limit: z.int().min(1).max(200).default(50),
});

export const certificatesRouter = router({
  list: procedure.input(listInput).query(async ({ ctx, input }) => {
    const page = await listCertificates(ctx.verb, input);
    return { certificates: page.certificates.map(certificateView), nextCursor: page.nextCursor };
  }),

  get: procedure.input(certificateInput).query(async ({ ctx, input }) => {
    return certificateView(await getCertificate(ctx.verb, input.certificateId));
  }),

  /** Reads and judges; nothing is kept. Bad material is an answer with findings, not an error. */
  preview: procedure.input(z.instanceof(FormData)).mutation(async ({ ctx, input }) => {
    authorize(ctx.actor, "certificates:import");
    const { notes: _, ...form } = await readImportForm(input);
    return importPlanView(await previewImport(ctx.verb, form));
  }),

  import: procedure.input(z.instanceof(FormData)).mutation(async ({ ctx, input }) => {
    authorize(ctx.actor, "certificates:import");
    return certificateView(await importCertificate(ctx.verb, await readImportForm(input)));
  }),

  editNotes: procedure
    .input(certificateInput.extend({ notes: z.string().max(longestNotes) }))
    .mutation(async ({ ctx, input }) =>
      certificateView(await editNotes(ctx.verb, input.certificateId, input.notes)),
    ),

  makeCurrent: procedure
    .input(certificateInput)
    .mutation(async ({ ctx, input }) => certificateView(await makeCurrent(ctx.verb, input.certificateId))),

  delete: procedure.input(certificateInput).mutation(async ({ ctx, input }) => {
    await deleteCertificate(ctx.verb, input.certificateId);
  }),
});
