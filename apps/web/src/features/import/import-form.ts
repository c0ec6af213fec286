import type { ImportMode } from "@sealpost/domain";

/** What the person has dropped, pasted and chosen so far. Lives in the page's memory only; nothing saves it by itself. */
export interface ImportState {
  readonly files: readonly File[];
  readonly texts: readonly string[];
  /** In the box for text, and not read yet. */
  readonly draft: string;
  readonly parts: Readonly<Record<PartName, string>>;
  readonly passphrase: string;
  /** SHA-256 of the certificate meant, where several came and the person has chosen; null: the one that fits best. */
  readonly certificate: string | null;
  readonly mode: ImportMode;
  /** An order's id; `found`: the best match; `none`: for no order, on purpose. */
  readonly order: string;
  readonly notes: string;
  /** Why to import in spite of what blocks; null: not asked for. */
  readonly overrideReason: string | null;
}

export type Typed = Partial<Pick<ImportState, "draft" | "parts">>;

export const partNames = ["certificate", "key", "intermediate", "csr"] as const;
export type PartName = (typeof partNames)[number];

export const longestFileBytes = 5 * 1024 * 1024;

export function emptyImport(order: string | null): ImportState {
  return {
    files: [],
    texts: [],
    draft: "",
    parts: { certificate: "", key: "", intermediate: "", csr: "" },
    passphrase: "",
    certificate: null,
    mode: "certificate-and-key",
    order: order ?? "found",
    notes: "",
    overrideReason: null,
  };
}

export function isEmpty(state: ImportState): boolean {
  return (
    state.files.length === 0 &&
    state.texts.length === 0 &&
    state.draft.trim() === "" &&
    partNames.every((name) => state.parts[name].trim() === "")
  );
}

/** What was in the box for text when it was read belongs to the rest; the box is free for more, unless somebody typed on. */
export function afterReading(now: ImportState, read: ImportState): ImportState {
  const isTaken = read.draft.trim() !== "" && now.draft === read.draft;
  return isTaken ? { ...now, texts: [...now.texts, now.draft], draft: "" } : now;
}

export function toFormData(state: ImportState): FormData {
  const form = new FormData();
  for (const file of state.files) form.append("file", file);
  for (const text of state.texts) form.append("text", text);
  if (state.draft.trim() !== "") form.append("text", state.draft);
  for (const name of partNames) if (state.parts[name].trim() !== "") form.append(name, state.parts[name]);
  form.append("mode", state.mode);
  form.append("order", state.order);
  if (state.certificate !== null) form.append("take", state.certificate);
  if (state.passphrase !== "") form.append("passphrase", state.passphrase);
  if (state.notes !== "") form.append("notes", state.notes);
  if (state.overrideReason !== null) form.append("overrideReason", state.overrideReason);
  return form;
}
