import type { $brand } from "zod";

/** The same value as it arrives on the other side: moments are ISO 8601 text in UTC, brands do not travel. */
export type Json<T> = T extends Date | $brand
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Json<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Json<T[Key]> }
      : T;

/** Moments become text; everything else stays. For plain facts only: nothing with material in it is ever passed here. */
export function toJson<T>(value: T): Json<T> {
  return asJson(convert(value));
}

function convert(value: unknown): unknown {
  if (!isRecord(value)) return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(convert);
  // Not by way of entries: every row of a list goes through here.
  const converted: Record<string, unknown> = {};
  for (const key in value) converted[key] = convert(value[key]);
  return converted;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** `convert` keeps the shape and turns each Date into text, which is what `Json` says. */
function asJson<T>(value: unknown): Json<T> {
  return value as Json<T>;
}
