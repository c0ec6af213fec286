import { type ImportInput, importModes, type MaterialInput, orderIdSchema, refuse } from "@sealpost/domain";
import { z } from "zod";

/** Longest single file, in bytes; a larger one is no certificate. */
export const longestFileBytes = 5 * 1024 * 1024;
const mostFiles = 20;

/** IBM's separate boxes, and the one big one. The names are what findings call their source. */
const textFields = ["text", "certificate", "intermediate", "key", "csr"] as const;

const choices = z.object({
  passphrase: z.string().max(1000).nullable(),
  take: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  mode: z.enum(importModes),
  order: z.union([z.enum(["found", "none"]), orderIdSchema]),
  notes: z.string(),
  overrideReason: z.string().nullable(),
});

/**
 * The import form: `file` (any number), pasted `text`, the separate boxes `certificate`, `intermediate`, `key`, `csr`,
 * then `passphrase`, `take` (which certificate of several, by its SHA-256), `mode`, `order`, `notes` and `overrideReason`. Throws `too-large` or `invalid-input`.
 */
export async function readImportForm(form: FormData): Promise<ImportInput & { readonly notes: string }> {
  const files = form.getAll("file").filter((entry) => typeof entry !== "string");
  if (files.length > mostFiles)
    throw refuse({ code: "invalid-input", field: "file", problem: "too-many-files" });
  const inputs: MaterialInput[] = [];
  for (const file of files) {
    if (file.size > longestFileBytes) throw refuse({ code: "too-large", limitBytes: longestFileBytes });
    inputs.push({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
  }
  for (const name of textFields) {
    for (const value of form.getAll(name)) {
      if (typeof value === "string" && value.trim() !== "")
        inputs.push({ name, bytes: new TextEncoder().encode(value) });
    }
  }
  const parsed = choices.safeParse({
    passphrase: text(form, "passphrase"),
    take: text(form, "take"),
    mode: text(form, "mode") ?? importModes[0],
    order: text(form, "order") ?? "found",
    notes: text(form, "notes") ?? "",
    overrideReason: text(form, "overrideReason"),
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw refuse({
      code: "invalid-input",
      field: String(issue?.path[0] ?? "form"),
      problem: issue?.code ?? "invalid",
    });
  }
  const { take, ...chosen } = parsed.data;
  return { inputs, certificate: take, ...chosen };
}

function text(form: FormData, name: string): string | null {
  const value = form.get(name);
  return typeof value === "string" && value !== "" ? value : null;
}
