import { refusalOf } from "./refusal";

/** Null for what is not there; every other failure stays one. */
export async function orNull<T>(query: Promise<T>): Promise<T | null> {
  try {
    return await query;
  } catch (error) {
    const code = refusalOf(error)?.code;
    if (code === "not-found" || code === "invalid-input") return null;
    throw error;
  }
}
