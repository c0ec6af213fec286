import { z } from "zod";

/**
 * An address a CA mails to. Deliberately wider than HTML's rule and narrower than RFC 5321: no quoted local parts,
 * no comments. Compared without regard to case, because CAs change it on their side.
 */
export const emailAddressSchema = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^\s@"<>(),;:\\[\]]{1,64}@[^\s@"<>(),;:\\[\]]{1,253}$/)
  .brand<"EmailAddress">();

export type EmailAddress = z.infer<typeof emailAddressSchema>;

export function parseEmailAddress(text: string): EmailAddress | null {
  const parsed = emailAddressSchema.safeParse(text);
  return parsed.success ? parsed.data : null;
}
