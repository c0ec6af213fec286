import { z } from "zod";
import { emailAddressPattern } from "./addresses.ts";

/** As `emailAddressPattern` has it, at most 254 characters (RFC 5321 section 4.5.3.1). */
export const emailAddressSchema = z
  .string()
  .trim()
  .max(254)
  .regex(emailAddressPattern)
  .brand<"EmailAddress">();

export type EmailAddress = z.infer<typeof emailAddressSchema>;

export function parseEmailAddress(text: string): EmailAddress | null {
  const parsed = emailAddressSchema.safeParse(text);
  return parsed.success ? parsed.data : null;
}
